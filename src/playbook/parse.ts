// Reads a playbook and all that it imports. Never throws: every fault of every file comes back at once.
import { posix } from 'node:path'
import type { Span } from '../model/span.ts'
import { formatSpan } from '../model/span.ts'
import type { SecretReading } from '../template/secrets.ts'
import { hasTemplate } from '../template/template.ts'
import { child, entries, entry, isEmpty, type Located, type LocatedEntry, locate } from '../text/located.ts'
import { Reader } from '../text/reader.ts'
import { type Source, source } from '../text/source.ts'
import { isVault } from '../text/vault.ts'
import { parseYaml } from '../text/yaml.ts'
import { isDefinition } from './define.ts'
import { blockOnlyKeys, importKeys, taskOnlyKeys } from './keys.ts'
import { missingFile } from './missing-file.ts'
import { type PlayContext, readPlay } from './play.ts'
import type { KnownTask, Play, Playbook, PlaybookFiles, Step, TaskStep } from './playbook.ts'
import { beside } from './step.ts'
import { insteadOf, unsupported } from './unsupported.ts'

export type ParseOptions = {
  /** Task modules and holds by name. */
  readonly knownTasks: ReadonlyMap<string, KnownTask>
  readonly files: PlaybookFiles
  /** Without it no secret is there, and nothing that is encrypted can be read. */
  readonly secrets?: SecretReading
}

/** @param file Path of the playbook, `.yml` or `.ts`, as `files` understands it. */
export const parsePlaybook = (file: string, { knownTasks, files, secrets }: ParseOptions): Playbook => {
  const reader = new Reader()
  const name = nameOf(file)
  const read = new Set<string>()
  const shared = { playbook: name, knownTasks, reader, files, secrets }
  const context = { ...shared, tags: [], onRead: (path: string) => read.add(path) }
  const plays = readFile(file, undefined, { ...context, file, stack: [] })
  tellDuplicates(plays, reader)
  return { name, file, files: [...read], plays, problems: reader.problems, warnings: reader.warnings }
}

const nameOf = (file: string): string => posix.basename(file).replace(/\.(ya?ml|ts|json)$/, '')

/** Every step that is a task, blocks opened, in the order as written. */
export const tasksOf = (steps: readonly Step[]): readonly TaskStep[] =>
  steps.flatMap(step => {
    if (step.type === 'flush' || step.type === 'end') return []
    return step.type === 'task' ? [step] : tasksOf([...step.block, ...step.rescue, ...step.always])
  })

type FileContext = PlayContext & { readonly stack: readonly string[] }

const readFile = (file: string, namedAt: Span | undefined, context: FileContext): Play[] => {
  const { reader, stack } = context
  if (stack.includes(file)) {
    const summary = `${file} imports itself`
    const help = 'take one of the imports out; what both need goes into a file of its own'
    reader.tell({ code: 'import-cycle', summary, span: namedAt, seen: [...stack, file].join(' → '), help })
    return []
  }
  const node = readNode(file, namedAt, context)
  if (node === undefined) return []
  if (node.type !== 'list') tellNoList(node, reader)
  const inner = { ...context, file, stack: [...stack, file] }
  const items = node.type === 'list' ? node.items : []
  const steps = items.filter(item => keyOfStep(item, context.knownTasks) !== undefined)
  tellSteps(steps, inner)
  return items.filter(item => !steps.includes(item)).flatMap(item => readEntry(item, inner))
}

const tellNoList = (node: Located, reader: Reader): void => {
  const isInventory = entry(node, 'all') !== undefined
  const isPlay = entry(node, 'hosts') !== undefined
  const help = isInventory
    ? 'this reads like an inventory: name it with -i'
    : isPlay && 'put a dash before its first key, and indent the others as far'
  reader.wrong(node, 'A playbook', { wanted: 'a list of plays, each with a dash: `- hosts: …`', ...(help && { help }) })
}

const readNode = (
  file: string,
  namedAt: Span | undefined,
  { reader, files, secrets, onRead }: FileContext,
): Located | undefined => {
  const found = file.endsWith('.ts') ? files.readModule?.(file) : files.readText(file)
  if (found === undefined) {
    reader.tell(missingFile(file, { span: namedAt, files }))
    return undefined
  }
  onRead(file)
  if (typeof found !== 'string') return readDefinition(file, found, reader)
  // Steps are read by people and shown in plans: only values within them can be encrypted.
  const openVault = isVault(found) ? undefined : secrets?.openVault
  const { node, problems } = reader.take(parseYaml({ file, text: found, openVault }))
  if (node === undefined && problems.length === 0) tellNoPlays(source(file, found), reader)
  return node
}

const tellNoPlays = (written: Source, reader: Reader): void =>
  reader.tell({
    code: 'playbook-empty',
    summary: `${written.file} holds no play`,
    span: written.span(0),
    help: 'write `- hosts: failover_list`, with the steps below `tasks:`',
  })

/** Places in a playbook in TypeScript are paths, such as `plays[0].tasks[2]`. */
const readDefinition = (file: string, value: unknown, reader: Reader): Located | undefined => {
  if (isDefinition(value)) return locate(value.plays, file, 'plays')
  reader.tell({
    code: 'playbook-wrong',
    summary: `${file} exports no playbook`,
    help: 'write `export default playbook([{ hosts, tasks }])`',
  })
  return undefined
}

const readEntry = (node: Located, context: FileContext): Play[] => {
  const imported = entry(node, 'import_playbook')
  if (imported !== undefined) return readImport(node, imported, context)
  if (node.type === 'map') return [readPlay(node, context)]
  context.reader.wrong(node, 'A play', 'a mapping with `hosts` and `tasks`')
  return []
}

const ofPlaysAlone = ['import_playbook', 'hosts', 'pre_tasks', 'tasks', 'post_tasks', 'roles']

/** Of what is no play and would be a step: the key that says so. */
const keyOfStep = (node: Located, knownTasks: FileContext['knownTasks']): LocatedEntry | undefined => {
  if (ofPlaysAlone.some(key => entry(node, key) !== undefined)) return undefined
  return entries(node).find(({ key }) => isOfStep(key.replace(/^ansible\.\w+\./, ''), knownTasks))
}

const isOfStep = (key: string, knownTasks: FileContext['knownTasks']): boolean =>
  knownTasks.get(key)?.type === 'task' ||
  insteadOf(unsupported.actions, key) !== undefined ||
  ['import_tasks', ...taskOnlyKeys, ...blockOnlyKeys].includes(key)

/** Told once: a file of steps has many. */
const tellSteps = ([first]: readonly Located[], { knownTasks, reader }: FileContext): void => {
  const found = first && keyOfStep(first, knownTasks)
  if (found === undefined) return
  reader.tell({
    code: 'step-for-play',
    summary: `A step stands where a play is wanted: \`${found.key}\` belongs into a play`,
    span: found.keySpan,
    wanted: 'a play, which says `hosts:`',
    help: 'write it below `tasks:` of a play; the steps of a file are taken into a play with `import_tasks:`',
  })
}

const readImport = (node: Located, { node: target, keySpan }: LocatedEntry, context: FileContext): Play[] => {
  const { reader, file, tags } = context
  reader.keys(node, importKeys, {
    noun: 'An import',
    unsupported: unsupported.import_playbook,
  })
  const name = reader.text(node, 'import_playbook')
  if (name === undefined || isEmpty(target)) return []
  reader.text(node, 'name')
  const own = reader.texts(node, 'tags').map(({ text }) => text)
  const path = beside(file, name)
  return readFile(path, child(node, 'import_playbook')?.span ?? keySpan, {
    ...context,
    // A step has one address, whoever imports it.
    playbook: nameOf(path),
    tags: [...tags, ...own],
  })
}

/** Two steps with one address could not be told apart in flags, journal and reports. */
const tellDuplicates = (plays: readonly Play[], reader: Reader): void => {
  const first = new Map<string, TaskStep>()
  for (const step of plays.flatMap(play => [...tasksOf(play.steps), ...play.handlers])) {
    // A name that cannot be one is told already.
    if (hasTemplate(step.name)) continue
    const before = first.get(step.id)
    if (before === undefined) first.set(step.id, step)
    else
      reader.tell({
        code: 'step-duplicate',
        summary: `Two steps have the address \`${step.id}\``,
        span: step.span,
        seen: `the other one is at ${formatSpan(before.span)}`,
        help: step.name === step.module ? 'give it a `name:` of its own' : 'give one of them another name',
      })
  }
}
