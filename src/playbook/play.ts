// Reads one play: its hosts, variables, steps and handlers.
import { compileTemplate, hasTemplate, placeInScalar, type Template } from '../template/template.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { child, entry, isEmpty, type Located } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { parseYaml } from '../text/yaml.ts'
import { readCourse } from './course.ts'
import { playKeys } from './keys.ts'
import { missingFile } from './missing-file.ts'
import { readVariables } from './parts.ts'
import type { Play, Step, TaskStep } from './playbook.ts'
import { beside, readSteps, type StepContext, stepsBelow, tagsOf, tellOpenName } from './step.ts'
import { insteadOf, unsupported } from './unsupported.ts'
import { readWay } from './way.ts'

export type PlayContext = StepContext & {
  /** Tags of the imports around it. */
  readonly tags: readonly string[]
}

const strategies = ['linear', 'failover'] as const

export const readPlay = (node: Located, context: PlayContext): Play => {
  const { reader, file } = context
  const meant = reader.keys(node, playKeys, { noun: 'A play', unsupported: unsupported.plays })
  const parts = ['pre_tasks', 'tasks', 'post_tasks'].map(key => readSteps(stepsBelow(node, key, reader), context))
  const steps = between(parts, node.span)
  const handlers = readSteps(stepsBelow(node, 'handlers', reader), context).filter(each => isHandler(each, reader))
  if (!meant.has('tasks')) tellEmpty(node, reader)
  for (const step of steps) tellListening(step, reader)
  tellUnknownHandlers([...steps, ...handlers], handlers, reader)
  const hosts = readHosts(node, meant.has('hosts'), reader)
  const strategy = readStrategy(node, reader)
  if (strategy === 'failover') tellEnds(steps, reader)
  const name =
    reader.text(node, 'name') ?? `hosts ${typeof hosts.pattern === 'string' ? hosts.pattern : hosts.pattern.text}`
  return {
    name,
    file,
    span: child(node, 'name')?.span ?? node.span,
    hosts,
    strategy,
    ...readCourse(node, strategy, reader),
    vars: readVariables([child(node, 'vars'), ...readVarsFiles(node, context)], node.span, context),
    worksheet: readWorksheet(node, context),
    reads: reader.truth(node, 'reads') ?? false,
    way: readWay(node, reader),
    tags: [...context.tags, ...tagsOf(node, reader)],
    steps,
    handlers,
  }
}

const readStrategy = (node: Located, reader: Reader): Play['strategy'] => {
  const written = child(node, 'strategy')
  const help = insteadOf(unsupported.strategy, String(written?.value))
  if (help === undefined) return reader.choice(node, 'strategy', strategies) ?? 'linear'
  const summary = `\`strategy: ${written?.value}\` is not supported`
  reader.tell({ code: 'strategy-unsupported', summary, span: written?.span, wanted: 'linear or failover', help })
  return 'linear'
}

/** As in Ansible: what was notified in one part is carried out before the next. */
const between = (parts: readonly (readonly Step[])[], span: Play['span']): readonly Step[] =>
  parts
    .filter(steps => steps.length > 0)
    .flatMap((steps, at): readonly Step[] => (at === 0 ? steps : [{ type: 'flush', span }, ...steps]))

/** The next node rests on every step of the one before. */
const tellEnds = (steps: readonly Step[], reader: Reader): void => {
  for (const step of steps) {
    if (step.type === 'block') tellEnds([...step.block, ...step.rescue, ...step.always], reader)
    if (step.type === 'end')
      reader.tell({
        code: 'failover-order',
        summary: '`meta: end_play` has no place under `strategy: failover`',
        span: step.span,
        help: 'write the steps that come after it into a block with `when:`: each node is verified by all its steps',
      })
  }
}

const tellEmpty = (node: Located, reader: Reader): void => {
  if (['pre_tasks', 'tasks', 'post_tasks'].some(key => child(node, key) !== undefined && !isEmpty(child(node, key))))
    return
  // What is there in the place of steps is told by its name.
  if (entry(node, 'roles') !== undefined) return
  reader.tell({
    code: 'play-empty',
    summary: 'This play has no steps',
    span: node.span,
    help: 'write them below `tasks:`',
  })
}

const readHosts = (
  node: Located,
  isMisspelt: boolean,
  reader: Reader,
): { pattern: string | Template; span: Play['span'] } => {
  const hosts = child(node, 'hosts')
  const names = reader.texts(node, 'hosts').map(({ text }) => text)
  if (hosts === undefined || isNothing(hosts)) {
    const help = 'write `hosts: failover_list`, `hosts: all`, or the name of a group'
    const span = entry(node, 'hosts')?.keySpan ?? node.span
    if (!isMisspelt) reader.tell({ code: 'key-missing', summary: 'A play says on which `hosts` it works', span, help })
    return { pattern: 'all', span }
  }
  if (hosts.type === 'scalar' && typeof hosts.value === 'string' && hasTemplate(hosts.value)) {
    const { template } = reader.take(compileTemplate(hosts.value, placeInScalar(hosts)))
    return { pattern: template, span: hosts.span }
  }
  return { pattern: names.join(','), span: hosts.span }
}

const isNothing = (node: Located): boolean =>
  isEmpty(node) || node.value === '' || (node.type === 'list' && node.items.length === 0)

const readVarsFiles = (node: Located, { reader, files, file, secrets, onRead }: PlayContext): (Located | undefined)[] =>
  reader.names(node, 'vars_files').map(({ text: name, span }) => {
    if (hasTemplate(name)) {
      tellOpenName('variables', span, reader)
      return undefined
    }
    const path = beside(file, name)
    const text = files.readText(path)
    if (text === undefined) {
      reader.tell(missingFile(path, { span, files }))
      return undefined
    }
    onRead(path)
    return reader.take(parseYaml({ file: path, text, openVault: secrets?.openVault })).node
  })

const readWorksheet = (node: Located, { reader, file }: PlayContext): Play['worksheet'] => {
  const name = reader.text(node, 'worksheet')
  const span = child(node, 'worksheet')?.span
  return name === undefined || span === undefined ? undefined : { file: beside(file, name), span }
}

const isHandler = (step: Step, reader: Reader): step is TaskStep => {
  if (step.type === 'task') return true
  const help = 'make each step of it a handler, with one word below `listen:` that notifies them all'
  reader.tell({ code: 'handler-wrong', summary: 'A handler is one task, not a block', span: step.span, help })
  return false
}

/** Only handlers are notified. */
const tellListening = (step: Step, reader: Reader): void => {
  if (step.type === 'block')
    for (const each of [...step.block, ...step.rescue, ...step.always]) tellListening(each, reader)
  if (step.type !== 'task' || step.listen.length === 0) return
  reader.tell({
    code: 'listen-in-steps',
    summary: `\`${step.name}\` listens, and is no handler`,
    span: step.span,
    help: 'write the step below `handlers:`, or remove `listen:`',
  })
}

/** Names in `notify:` at any depth, and of handlers themselves, that no handler has. */
const tellUnknownHandlers = (steps: readonly Step[], handlers: readonly TaskStep[], reader: Reader): void => {
  const names = new Set(handlers.flatMap(({ name, listen }) => [name, ...listen]))
  for (const step of steps) {
    if (step.type === 'block') tellUnknownHandlers([...step.block, ...step.rescue, ...step.always], handlers, reader)
    if (step.type !== 'task') continue
    for (const { text, span } of step.notify) if (!names.has(text)) tellUnknownHandler(text, { span, names, reader })
  }
}

type AmongHandlers = { readonly span: Play['span']; readonly names: ReadonlySet<string>; readonly reader: Reader }

const tellUnknownHandler = (text: string, { span, names, reader }: AmongHandlers): void =>
  reader.tell({
    code: 'handler-unknown',
    summary: `There is no handler \`${text}\` in this play`,
    span,
    help: hasTemplate(text)
      ? 'write the name of a handler as it is: nothing is filled in there'
      : (didYouMean(text, names) ?? 'write it below `handlers:`'),
  })
