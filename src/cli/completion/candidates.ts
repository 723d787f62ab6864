// What could stand where the cursor is: commands, flags, their values; and of a site its playbooks, steps, hosts and tasks.
import type { Command, Option } from 'commander'

/** What a site has; each is asked for only where it could stand. */
export type Known = {
  playbooks(): readonly string[]
  /** Addresses of one playbook, such as `install/mount-point`. */
  stepsOf(playbook: string): Promise<readonly string[]>
  tagsOf(playbook: string): Promise<readonly string[]>
  hosts(): Promise<readonly string[]>
  groups(): Promise<readonly string[]>
  /** Names that the inventory sets for any host. */
  variables(): Promise<readonly string[]>
  tasks(): Promise<readonly string[]>
  runs(): readonly string[]
}

/**
 * @param words Those after the command's own name; the last one is not finished.
 * @returns Nothing where a file could stand: the shell knows these.
 */
export const candidates = async (
  program: Command,
  words: readonly string[],
  known: Known,
): Promise<readonly string[]> => {
  const [typed = ''] = words.slice(-1)
  const place = placeOf(program, words.slice(0, -1))
  // `--limit=no`: a flag and its value in one word.
  const [, long, value = ''] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? []
  const flag = place.command.options.find(each => long !== undefined && each.long === long)
  if (flag !== undefined) return finished(value, await valuesAt({ ...place, flag }, value, known), `${long}=`)
  return finished(typed, await valuesAt(place, typed, known))
}

/** The words that begin as it was typed, each as a whole. */
const finished = (typed: string, found: readonly string[], before = ''): readonly string[] =>
  [...new Set(found)].filter(each => each.startsWith(typed) && each !== '').map(each => `${before}${each}`)

type Place = {
  readonly command: Command
  /** What stands there that is no flag and no value of one. */
  readonly operands: readonly string[]
  /** The flag whose value comes next. */
  readonly flag: Option | undefined
}

const placeOf = (program: Command, words: readonly string[]): Place => {
  let [command, flag]: [Command, Option | undefined] = [program, undefined]
  const operands: string[] = []
  for (const word of words) {
    if (flag !== undefined) flag = undefined
    else if (word.startsWith('-'))
      flag = command.options.find(each => [each.long, each.short].includes(word) && (each.required || each.optional))
    else {
      const below = operands.length === 0 ? command.commands.find(each => each.name() === word) : undefined
      if (below === undefined) operands.push(word)
      else command = below
    }
  }
  return { command, operands, flag }
}

/** Of a list, or of a pattern such as `web:!node1`, only the last part is not finished. */
const asLastOf = (current: string, found: readonly string[]): readonly string[] => {
  const [done = ''] = /^.*[,:&!]/s.exec(current) ?? []
  return found.map(each => `${done}${each}`)
}

const valuesAt = (place: Place, current: string, known: Known): Promise<readonly string[]> | readonly string[] => {
  const { command, operands, flag } = place
  if (flag !== undefined) return valuesOf(flag, place, { current, known })
  if (current.startsWith('-')) return flagsOf(command)
  const argument = command.registeredArguments[Math.min(operands.length, command.registeredArguments.length - 1)]
  if (argument?.argChoices) return argument.argChoices
  if (operands.length === 0 && command.commands.length > 0) return namesOf(command)
  if (argument === undefined) return flagsOf(command)
  return operandsOf(argument.name(), { command, current, known })
}

const namesOf = (command: Command): readonly string[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map(each => each.name())

const flagsOf = (command: Command): readonly string[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short }) => long ?? short ?? [])

type Operand = { readonly command: Command; readonly current: string; readonly known: Known }

/** By what the command calls it. */
const operandsOf = (
  name: string,
  { command, current, known }: Operand,
): Promise<readonly string[]> | readonly string[] => {
  const within = command.parent?.name()
  if (within === 'explain' && name === 'name') return known.variables()
  if (name === 'name' && (within === 'new' || within === 'lab')) return []
  if (name === 'playbook/step') return stepsFor(current, known)
  if (name === 'name' || name === 'playbooks') return known.playbooks()
  if (name === 'task') return known.tasks()
  if (name === 'run') return known.runs()
  if (name === 'host' || name === 'node') return known.hosts()
  return name === 'pattern' ? patterns(current, known) : []
}

/** The playbooks first, each with a slash behind; then the steps of the one that is typed, and the nodes behind an `@`. */
const stepsFor = async (current: string, known: Known): Promise<readonly string[]> => {
  const [playbook, step] = current.split('/')
  if (playbook === undefined || step === undefined) return known.playbooks().map(each => `${each}/`)
  return step.includes('@') ? onHosts(current, known) : known.stepsOf(playbook)
}

const onHosts = async (current: string, known: Known): Promise<readonly string[]> =>
  (await known.hosts()).map(host => `${current.split('@')[0]}@${host}`)

/** A host or group by itself, or as a part of a pattern such as `web:!node1`. */
const patterns = async (current: string, known: Known): Promise<readonly string[]> => {
  const names = [...(await known.hosts()), ...(await known.groups())]
  return [...names, ...asLastOf(current, names)]
}

const steps: ReadonlySet<string> = new Set(['only', 'from', 'to'])
const tags: ReadonlySet<string> = new Set(['tags', 'skipTags'])
const handled: ReadonlySet<string> = new Set(['again', 'done'])

type Typed = { readonly current: string; readonly known: Known }

const valuesOf = async (flag: Option, { operands }: Place, { current, known }: Typed): Promise<readonly string[]> => {
  const name = flag.attributeName()
  if (flag.argChoices) return flag.argChoices
  if (name === 'assumeReleased') return known.hosts()
  if (name === 'limit' || name === 'host') return patterns(current, known)
  if (name === 'failedOf' || name === 'run') return known.runs()
  if (name === 'playbook') return known.playbooks()
  // A step may be named with its playbook, as an operand.
  const playbook = operands[0]?.split('/')[0]
  if (playbook === undefined) return []
  if (tags.has(name)) return asLastOf(current, await known.tagsOf(playbook))
  if (!steps.has(name) && !handled.has(name)) return []
  if (handled.has(name) && current.includes('@')) return onHosts(current, known)
  const ofPlaybook = (await known.stepsOf(playbook)).map(address => address.split('/').slice(1).join('/'))
  return name === 'only' ? asLastOf(current, ofPlaybook) : ofPlaybook
}
