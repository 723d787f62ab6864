// What could stand where the cursor is: commands, flags, their values; and of a site its playbooks, steps, hosts and tasks.
import type { Command, Option } from 'commander'

/** What a site has; each is asked for only where it could stand. */
export type Known = {
  playbooks(): readonly string[]
  /** Addresses of one playbook, such as `install/mount-point`. */
  stepsOf(playbook: string): Promise<readonly string[]>
  hosts(): Promise<readonly string[]>
  groups(): Promise<readonly string[]>
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
  const [current = ''] = words.slice(-1)
  const place = placeOf(program, words.slice(0, -1))
  const found = await valuesAt(place, current, known)
  return [...new Set(found)].filter(each => each.startsWith(current) && each !== '')
}

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

const valuesAt = (place: Place, current: string, known: Known): Promise<readonly string[]> | readonly string[] => {
  const { command, operands, flag } = place
  if (flag !== undefined) return valuesOf(flag, place, known)
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
  if (name === 'name' && command.parent?.name() === 'new') return []
  if (name === 'playbook/step') return stepsFor(current, known)
  if (name === 'name' || name === 'playbooks') return command.parent?.name() === 'var' ? [] : known.playbooks()
  if (name === 'task') return known.tasks()
  if (name === 'run') return known.runs()
  if (name === 'host' || name === 'node') return known.hosts()
  return name === 'pattern' ? patterns(known) : []
}

/** The playbooks first, each with a slash behind; then the steps of the one that is typed. */
const stepsFor = (current: string, known: Known): Promise<readonly string[]> | readonly string[] => {
  const [playbook, step] = current.split('/')
  if (playbook === undefined || step === undefined) return known.playbooks().map(each => `${each}/`)
  return known.stepsOf(playbook)
}

const patterns = async (known: Known): Promise<readonly string[]> => [
  ...(await known.hosts()),
  ...(await known.groups()),
]

const steps: ReadonlySet<string> = new Set(['only', 'from', 'to'])
const hosts: ReadonlySet<string> = new Set(['host', 'assumeReleased'])

const valuesOf = async (flag: Option, { operands }: Place, known: Known): Promise<readonly string[]> => {
  const name = flag.attributeName()
  if (flag.argChoices) return flag.argChoices
  if (hosts.has(name)) return known.hosts()
  if (name === 'limit') return patterns(known)
  if (name === 'failedOf' || name === 'run') return known.runs()
  const [playbook] = operands
  if (!steps.has(name) || playbook === undefined) return []
  return (await known.stepsOf(playbook)).map(address => address.split('/').slice(1).join('/'))
}
