// Reads one step: a task with its arguments, or a block with steps of its own.
import { posix } from 'node:path'
import { slug, stepId } from '../model/address.ts'
import type { Span } from '../model/span.ts'
import type { SecretReading } from '../template/secrets.ts'
import { hasTemplate } from '../template/template.ts'
import { didYouMean, nearest } from '../text/did-you-mean.ts'
import { child, entries, entry, isEmpty, type Located, type LocatedEntry } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { both } from '../text/words.ts'
import { parseYaml } from '../text/yaml.ts'
import { readArguments } from './arguments.ts'
import { readConditions } from './conditions.ts'
import { blockOnlyKeys, stepKeys, taskOnlyKeys } from './keys.ts'
import { readLoop } from './loop.ts'
import { missingFile } from './missing-file.ts'
import { holdEntry, isVariableName, readVariables } from './parts.ts'
import type { BlockStep, HoldUse, KnownTask, PlaybookFiles, Step, TaskStep } from './playbook.ts'
import { readRepeat } from './repeat.ts'
import { insteadOf, unsupported } from './unsupported.ts'
import { readWay } from './way.ts'

export type StepContext = {
  readonly playbook: string
  /** The file that is read. */
  readonly file: string
  readonly files: PlaybookFiles
  /** Files that import one another, from the first one on. */
  readonly stack: readonly string[]
  /** Notes a file that was read. */
  readonly onRead: (file: string) => void
  readonly knownTasks: ReadonlyMap<string, KnownTask>
  readonly reader: Reader
  readonly secrets: SecretReading | undefined
}

/** Steps of a list; what is no step is told and left out. */
export const readSteps = (nodes: readonly Located[], context: StepContext): Step[] =>
  nodes.flatMap(node => readStep(node, context) ?? [])

const readStep = (node: Located, context: StepContext): Step | undefined => {
  if (node.type !== 'map') {
    context.reader.wrong(node, 'A step', 'a mapping with the name of a task as a key')
    return undefined
  }
  const own = entries(node).map(({ key }) => key.replace(/^ansible\.(builtin|legacy)\./, ''))
  if (own.includes('import_tasks')) return readImportedTasks(node, context)
  if (own.includes('meta')) return readMeta(node, context)
  return blockOnlyKeys.some(key => entry(node, key)) ? readBlock(node, context) : readTask(node, context)
}

/** Beside the file that names it. */
export const beside = (file: string, name: string): string =>
  name.startsWith('/') ? name : posix.join(posix.dirname(file), name)

const readMeta = (node: Located, { reader }: StepContext): Step | undefined => {
  const written = entries(node).find(({ key }) => key.endsWith('meta'))
  if (written?.node.value === 'end_play') {
    const own = { tags: 'it stands for all tags' }
    reader.keys(node, ['name', 'when', written.key], { noun: '`meta: end_play`', unsupported: own })
    return { type: 'end', span: stepSpan(node), when: readConditions(node, reader) }
  }
  if (written?.node.value === 'flush_handlers') {
    reader.keys(node, ['name', written.key], {
      noun: '`meta: flush_handlers`',
      unsupported: { when: 'each handler is carried out where it was notified', tags: 'it stands for all tags' },
    })
    return { type: 'flush', span: stepSpan(node) }
  }
  reader.tell({
    code: 'meta-unsupported',
    summary: `\`meta: ${String(written?.node.value)}\` is not supported`,
    span: written?.node.span,
    wanted: 'flush_handlers or end_play',
    help: insteadOf(unsupported.meta, String(written?.node.value)) ?? 'write one of these',
  })
  return undefined
}

const importKeys = ['when', 'tags', 'vars', 'name', 'become', 'become_user', 'environment', 'no_log', 'ignore_errors']

/** A name of a file into which something would be filled. */
export const tellOpenName = (of: 'steps' | 'variables', span: Span, reader: Reader): void => {
  const byHost =
    'what differs between hosts belongs into `group_vars/` and `host_vars/`, and what differs between runs is given with `-e @FILE`'
  const byCondition = 'import each of the files, with `when:`'
  reader.tell({
    code: 'file-name-open',
    summary: `A file of ${of} is read before anything can be filled into its name`,
    span,
    help: `write its name as it is; ${of === 'steps' ? byCondition : byHost}`,
  })
}

/** A block, whose steps stand in a file of their own; they have the addresses of that file. */
const readImportedTasks = (node: Located, context: StepContext): BlockStep | undefined => {
  const { reader, file, files, stack } = context
  const written = entries(node).find(({ key }) => key.endsWith('import_tasks'))
  if (written === undefined) return undefined
  reader.keys(node, [...importKeys, written.key], {
    noun: '`import_tasks`',
    unsupported: unsupported.import_tasks,
  })
  const name = reader.text(node, written.key)
  if (name === undefined) return undefined
  const { span } = written.node
  if (hasTemplate(name)) {
    tellOpenName('steps', span, reader)
    return undefined
  }
  const path = beside(file, name)
  const text = stack.includes(path) ? undefined : files.readText(path)
  if (stack.includes(path)) {
    const seen = [...stack, path].join(' → ')
    const help = 'take one of the imports out; what both need goes into a file of its own'
    reader.tell({ code: 'import-cycle', summary: `${path} imports itself`, span, seen, help })
  } else if (text === undefined) reader.tell(missingFile(path, { span, files }))
  if (text === undefined) return undefined
  context.onRead(path)
  const read = reader.take(parseYaml({ file: path, text, openVault: context.secrets?.openVault })).node
  if (read !== undefined && read.type !== 'list' && !isEmpty(read))
    reader.wrong(read, 'A file of tasks', 'a list of steps, each with a dash')
  const inner = {
    ...context,
    file: path,
    playbook: posix.basename(path).replace(/\.(ya?ml|json)$/, ''),
    stack: [...stack, path],
  }
  const base = readBase(node, context)
  const block = readSteps(read?.type === 'list' ? read.items : [], inner)
  const rest = { hold: undefined, importedFrom: path, block, rescue: [], always: [] }
  return { ...base, type: 'block', name: base.name ?? name, ...rest }
}

const readBlock = (node: Located, context: StepContext): BlockStep => {
  const { reader, knownTasks } = context
  reader.keys(node, [...stepKeys, ...blockOnlyKeys, ...taskOnlyKeys, ...knownTasks.keys()], {
    noun: 'A block',
    unsupported: unsupported.steps,
  })
  tellTaskKeys(node, context)
  if (entry(node, 'block') === undefined) tellNoBlock(node, reader)
  const hold = readHold(node, context)
  const base = readBase(node, context)
  const steps = (key: string) => readSteps(stepsBelow(node, key, reader), context)
  return {
    ...base,
    type: 'block',
    name: base.name ?? (hold === undefined ? 'block' : `hold ${hold.module}`),
    hold,
    block: steps('block'),
    rescue: steps('rescue'),
    always: steps('always'),
  }
}

/** Steps without their dashes are the slip of the hand that looks most like none. */
export const stepsBelow = (node: Located, key: string, reader: Reader): readonly Located[] => {
  const steps = child(node, key)
  if (steps?.type !== 'map') return reader.list(node, key)
  const first = steps.entries[0]?.key
  reader.wrong(steps, `\`${key}\``, { wanted: 'a list', help: `put a dash before each step: \`- ${first}:\`` })
  return []
}

/** A block can neither be a task nor register what one gives. */
const tellTaskKeys = (node: Located, { reader, knownTasks }: StepContext): void => {
  for (const { key, keySpan } of entries(node)) {
    if (knownTasks.has(key))
      reader.tell({
        code: 'two-tasks-in-one-step',
        summary: `A block cannot be the task \`${key}\` as well`,
        span: keySpan,
        help: `start a step of its own: \`- ${key}:\``,
      })
    if (taskOnlyKeys.some(each => each === key))
      reader.tell({
        code: 'key-unknown',
        summary: `A block has no key \`${key}\``,
        span: keySpan,
        help: `write \`${key}:\` at a task within the block`,
      })
  }
}

const tellNoBlock = (node: Located, reader: Reader): void => {
  const first = entries(node).find(({ key }) => blockOnlyKeys.some(each => each === key))
  if (first === undefined) return
  reader.tell({
    code: 'no-block',
    summary: `\`${first.key}\` belongs to a block, and this step has none`,
    span: first.keySpan,
    help: 'write the steps below `block:`',
  })
}

const readHold = (node: Located, { reader, knownTasks }: StepContext): HoldUse | undefined => {
  const found = holdEntry(node, reader)
  if (found === undefined) return undefined
  const known = knownTasks.get(found.key)
  if (known?.type !== 'hold') {
    const holds = [...knownTasks].filter(([, { type }]) => type === 'hold').map(([name]) => name)
    reader.tell({
      code: 'hold-unknown',
      summary:
        known === undefined
          ? `There is nothing \`${found.key}\` to hold`
          : `\`${found.key}\` is a task, it cannot be held`,
      span: found.keySpan,
      help: didYouMean(found.key, holds),
    })
  }
  return { module: found.key, span: found.keySpan, args: readArguments(found, known, { reader }) }
}

const readTask = (node: Located, context: StepContext): TaskStep | undefined => {
  const { reader, knownTasks, playbook } = context
  const base = readBase(node, context)
  const { found, strays } = findModule(node, context)
  if (found === undefined) return undefined
  const known = knownTasks.get(found.key)
  const name = base.name ?? found.key
  return {
    ...base,
    type: 'task',
    name,
    id: stepId(playbook, slug(name)),
    module: found.key,
    moduleSpan: found.keySpan,
    args: readArguments(found, known, { reader, more: entry(node, 'args'), strays }),
    register: readRegister(node, reader),
    notify: reader.names(node, 'notify'),
    listen: reader.names(node, 'listen').map(({ text }) => text),
    changedWhen: entry(node, 'changed_when') && readConditions(node, reader, 'changed_when'),
    failedWhen: entry(node, 'failed_when') && readConditions(node, reader, 'failed_when'),
  }
}

const readRegister = (node: Located, reader: Reader): string | undefined => {
  const name = reader.text(node, 'register')
  if (name === undefined || isVariableName(name)) return name
  reader.tell({
    code: 'variable-name',
    summary: `\`${name}\` cannot be the name of a variable`,
    span: child(node, 'register')?.span,
    help: 'use letters, digits and _, and start with a letter',
  })
  return undefined
}

type FoundModule = {
  readonly found: LocatedEntry | undefined
  /** Arguments of it that stand beside it. */
  readonly strays: readonly LocatedEntry[]
}

/** The one key that names a task. Tells when there is none, more than one, or one that nobody knows. */
const findModule = (node: Located, context: StepContext): FoundModule => {
  const { knownTasks, reader } = context
  const own: readonly string[] = [...stepKeys, ...taskOnlyKeys]
  const others = entries(node)
    .filter(({ key }) => !own.includes(key))
    .map(each => ({ ...each, key: each.key.replace(/^ansible\.(builtin|legacy|posix)\./, '') }))
  const modules = others.filter(({ key }) => knownTasks.get(key)?.type === 'task')
  const [first, second] = modules
  const strays = others.filter(each => !modules.includes(each) && isArgumentOf(first, each, context))
  for (const { key, keySpan } of strays) {
    const help = `it is an argument of \`${first?.key}\`: indent it below \`${first?.key}:\``
    reader.tell({ code: 'key-unknown', summary: `A step has no key \`${key}\``, span: keySpan, help })
  }
  const strangers = others.filter(each => !modules.includes(each) && !strays.includes(each))
  const isTold = strangers.map(each => tellStranger(each, { ...context, hasTask: modules.length > 0 }))
  if (first !== undefined && second !== undefined) tellTwo(modules, reader)
  if (first === undefined && !isTold.includes(true)) tellNone(node, reader)
  return { found: first, strays }
}

const isArgumentOf = (task: LocatedEntry | undefined, { key }: LocatedEntry, { knownTasks }: StepContext): boolean => {
  const { names = [], aliases = {} } = (task && knownTasks.get(task.key)) ?? {}
  return names.includes(key) || Object.hasOwn(aliases, key)
}

/** Where no name is near, there are too many to tell them all. */
const otherWays =
  '`run docs` lists the tasks; what none of them does is a `command:` step with a guard, or a task of your own: `run new task NAME`'

/** @returns True when it was most likely meant to be the task. */
const tellStranger = (
  { key, keySpan }: LocatedEntry,
  { knownTasks, reader, hasTask }: StepContext & { readonly hasTask: boolean },
): boolean => {
  const tasks = [...knownTasks].filter(([, { type }]) => type === 'task').map(([name]) => name)
  const keys = [...stepKeys, ...taskOnlyKeys, ...blockOnlyKeys]
  const action = insteadOf(unsupported.actions, key) ?? otherTask(key.replace(/^\w+\.\w+\./, ''), knownTasks)
  const help = action ?? insteadOf(unsupported.steps, key)
  if (help !== undefined) {
    reader.tell({ code: 'key-unsupported', summary: `\`${key}\` is not supported`, span: keySpan, help })
    return action !== undefined
  }
  if (knownTasks.has(key)) {
    const help = `write \`hold: ${key}\` with the steps below \`block:\``
    reader.tell({ code: 'hold-as-task', summary: `\`${key}\` is something to hold, not a task`, span: keySpan, help })
    return true
  }
  const isKey = hasTask || (nearest(key, keys) !== undefined && nearest(key, tasks) === undefined)
  reader.tell(
    isKey
      ? { code: 'key-unknown', summary: `A step has no key \`${key}\``, span: keySpan, help: didYouMean(key, keys) }
      : {
          code: 'task-unknown',
          summary: `There is no task \`${key}\``,
          span: keySpan,
          help: didYouMean(key, tasks) ?? otherWays,
        },
  )
  return !isKey
}

/** What to write in place of a task that Ansible has, by the word of the one that does its work here. */
const otherTask = (name: string, knownTasks: StepContext['knownTasks']): string | undefined => {
  for (const { inPlaceOf = {} } of knownTasks.values()) {
    const help = insteadOf(inPlaceOf, name)
    if (help !== undefined) return help
  }
  return undefined
}

const tellTwo = (modules: readonly LocatedEntry[], reader: Reader): void =>
  reader.tell({
    code: 'two-tasks-in-one-step',
    summary: `There are ${modules.length} tasks in one step`,
    span: modules[1]?.keySpan,
    seen: both(modules.map(({ key }) => `\`${key}\``)),
    wanted: 'one task a step',
    help: `start a step of its own: \`- ${modules[1]?.key}:\``,
  })

const tellNone = (node: Located, reader: Reader): void =>
  reader.tell({
    code: 'no-task',
    summary: 'This step names no task',
    span: node.span,
    help: 'add the name of a task as a key, with its arguments below it',
  })

/** What tasks and blocks share. */
const readBase = (node: Located, context: StepContext) => {
  const { reader } = context
  return {
    name: readName(node, reader),
    span: stepSpan(node),
    file: context.file,
    when: readConditions(node, reader),
    tags: tagsOf(node, reader),
    vars: readVariables([child(node, 'vars')], node.span, context),
    way: readWay(node, reader),
    runOnce: reader.truth(node, 'run_once') ?? false,
    loop: readLoop(node, reader),
    repeat: readRepeat(node, reader),
    source: reader.text(node, 'source'),
  }
}

/** Nothing is filled into a tag: flags name it before any host is known. */
export const tagsOf = (node: Located, reader: Reader): readonly string[] =>
  reader.texts(node, 'tags').map(({ text, span }) => {
    if (hasTemplate(text))
      reader.tell({
        code: 'tag-open',
        summary: 'A tag is written as it is: nothing is filled in there',
        span,
        help: 'write the tag itself, or `when:` where hosts differ',
      })
    return text
  })

/** A step is shown by its name where it has one. */
const stepSpan = (node: Located): Span => child(node, 'name')?.span ?? node.span

const readName = (node: Located, reader: Reader): string | undefined => {
  const name = reader.text(node, 'name')
  if (name === undefined) return undefined
  const span = child(node, 'name')?.span
  const help = 'write a name of plain words; what differs between hosts goes into the arguments'
  if (hasTemplate(name))
    reader.tell({
      code: 'step-name',
      summary: 'The name of a step is its address, so it cannot be filled in',
      span,
      help,
    })
  else if (slug(name) === '')
    reader.tell({ code: 'step-name', summary: 'This name has no letter and no digit', span, help })
  return name
}
