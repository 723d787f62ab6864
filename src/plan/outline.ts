// What would be asked of whom, in which order: a playbook laid over an inventory. Pure; nothing here touches a node.
import type { StepId } from '../model/address.ts'
import type { OutlinedStep } from '../model/events.ts'
import type { RunHead } from '../model/run-head.ts'
import type { Place, Span } from '../model/span.ts'
import type { Hold } from '../task/hold.ts'
import type { Task } from '../task/task.ts'
import type { Variables } from '../template/render.ts'

/** Results of steps before, by the name of their `register`. */
export type Registered = Readonly<Record<string, unknown>>

/** What steps of a rescue see of the step that failed. */
export const failureNames = ['ansible_failed_task', 'ansible_failed_result'] as const

export type Prepared =
  | { readonly type: 'due'; readonly args: unknown }
  /** `when:` says no, with the condition as it was written. */
  | { readonly type: 'skipped'; readonly because: string }
  /** A dry run cannot tell: it rests on what an earlier step will give. `args` where they can be told all the same. */
  | { readonly type: 'undecided'; readonly because: string; readonly args?: { readonly value: unknown } }

/** What conditions come to; one that rests on what an earlier step gives may not be known in a dry run. */
export type Verdict = { readonly isSo: boolean } | { readonly notKnown: string }

export type Ask = {
  /** As it was written. */
  readonly text: string
  on(host: string, registered: Registered): Verdict
}

/** Tried again while `until` does not hold. */
export type OutlineRepeat = {
  readonly until: Ask
  /** At most, the first time included. */
  readonly tries: number
  readonly delayMs: number
}

export type OutlineStep = {
  readonly type: 'step'
  readonly id: StepId
  readonly name: string
  readonly taskName: string
  readonly task: Task
  readonly source?: string
  readonly span: Span
  /** Of a step that is carried out item by item: the address of the whole, and which item this is; none where a host has fewer. */
  readonly loop?: {
    readonly of: string
    readonly index: number
    /** What is said of the item beside its result. */
    namesOn(host: string): Variables | undefined
    /** How many a host has. */
    countOn(host: string): number
  }
  readonly register?: string
  /** The names that it gives to steps after it as variables. */
  readonly givesVariables?: readonly string[]
  /** Names that other steps register and that its arguments or conditions name. */
  readonly uses?: readonly string[]
  /** Those of them that it can do without, such as one behind `default`. */
  readonly doesWithout?: readonly string[]
  readonly notify: readonly string[]
  /** Of a handler: what it hears beside its name. */
  readonly listen?: readonly string[]
  readonly repeat?: OutlineRepeat
  /** Whether what it did counts as a change, and as a failure; by its own end where nobody said. */
  readonly changedWhen?: Ask
  readonly failedWhen?: Ask
  readonly ignoreErrors: boolean
  /** What it is given, sees and makes is kept from screen, journal and reports. */
  readonly noLog?: boolean
  /** It is never carried out, only looked at. */
  readonly onlyLooks?: boolean
  /** Its arguments say that it only looks: it changes nothing, whatever its task may do otherwise. */
  readonly isLook?: true
  /** What its changes are made of is not shown. */
  readonly hidesDiff?: true
  readonly timeoutMs?: number
  /** Who carries it out, where that is not who carries out the others. */
  userOn?(host: string): string
  /** What its commands find in their environment. */
  environment?(host: string, registered: Registered): Readonly<Record<string, string>>
  readonly runOnce: boolean
  /** False where flags such as `--only` leave it out; it is looked at all the same when a later node rests on it. */
  isSelected(host: string): boolean
  /**
   * Arguments for one host, with templates filled in and checked.
   *
   * @param registered Results of steps before, by the name of their `register`.
   * @throws {Problem} or {Problems} with the place in the playbook.
   */
  prepare(host: string, registered: Registered): Prepared
}

export type OutlineHold = {
  readonly module: Hold
  readonly span: Span
  argsFor(host: string): unknown
}

export type OutlineBlock = {
  readonly type: 'block'
  readonly name: string
  readonly hold?: OutlineHold
  /** Whether its `when:` lets it be on a host; each step inside asks for itself too. */
  applies(host: string, registered: Registered): boolean
  readonly nodes: readonly OutlineNode[]
  /** Carried out where a step of it failed, and then the failure is none of the run. */
  readonly rescue?: readonly OutlineNode[]
  /** Carried out at the end, also after a failure. */
  readonly always?: readonly OutlineNode[]
  readonly repeat?: OutlineRepeat
}

/** No step of its own: what was notified so far is carried out here, or the play ends here for all its hosts. */
export type OutlineMeta = { readonly type: 'flush' } | OutlineEnd

export type OutlineEnd = Pick<OutlineStep, 'uses' | 'doesWithout'> & { readonly type: 'end'; readonly when: Ask }

export type OutlineNode = OutlineStep | OutlineBlock | OutlineMeta

export const isMeta = (node: OutlineNode): node is OutlineMeta => node.type === 'flush' || node.type === 'end'

export type OutlinePlay = {
  readonly index: number
  readonly name: string
  readonly strategy: 'linear' | 'failover'
  /** Hosts that this run may touch, in the order of the failover list or as written. */
  readonly hosts: readonly string[]
  /** The same without `--limit`: who comes before whom. */
  readonly allHosts: readonly string[]
  readonly nodes: readonly OutlineNode[]
  readonly handlers: readonly OutlineStep[]
  /** Nothing is changed: what differs is a finding, and a finding keeps nobody from looking on. */
  readonly reads?: boolean
  /** The hosts that go together, batch after batch; all of them where nothing is said. */
  readonly batches?: readonly (readonly string[])[]
  /** It ends for all when a larger share of a batch has failed. */
  readonly maxFailPercentage?: number
  /** A failure on one host ends it on all of them, and what comes after it, whatever the strategy. */
  readonly endsTogether?: boolean
}

export type Outline = Omit<RunHead, 'plays'> & { readonly plays: readonly OutlinePlay[] }

/** Every step below a list of nodes, in the order as written. */
export const stepsOf = (nodes: readonly OutlineNode[]): readonly OutlineStep[] =>
  nodes.flatMap(node => {
    if (isMeta(node)) return []
    return node.type === 'step' ? [node] : stepsOf(partsOf(node).flatMap(({ nodes: inner }) => inner))
  })

/** The parts of a block in their order; what is in its rescue is there only after a failure. */
export const partsOf = ({ nodes, rescue = [], always = [] }: OutlineBlock) =>
  [
    { nodes, isRescue: false },
    { nodes: rescue, isRescue: true },
    { nodes: always, isRescue: false },
  ] as const

/** What the start of a run, or of a plan, says of it. */
export const outlinedHead = (outline: Outline): RunHead => {
  const { playbook, playbookFile, inventory, cluster, lab, order, plays } = outline
  const told = plays.map(({ name, strategy, hosts, reads }) => ({
    name,
    strategy,
    hosts,
    ...(reads === true && { reads }),
  }))
  return { playbook, playbookFile, inventory, cluster, lab, order, plays: told }
}

type Leaf<Node> = {
  readonly step: Node
  readonly holds: readonly OutlineHold[]
  /** It is there only where a step before it has failed. */
  readonly isRescue: boolean
}

export type WithHolds = Leaf<OutlineStep>

/** The same, each with the holds around it, outermost first. */
export const stepsWithHolds = (nodes: readonly OutlineNode[]): readonly WithHolds[] =>
  leavesWithHolds(nodes).filter((leaf): leaf is WithHolds => leaf.step.type === 'step')

/** Who may ask for the result of a step: other steps, and what may end the play. */
export const leavesWithHolds = (
  nodes: readonly OutlineNode[],
  around: Omit<WithHolds, 'step'> = { holds: [], isRescue: false },
): readonly Leaf<OutlineStep | OutlineEnd>[] =>
  nodes.flatMap(node => {
    if (node.type === 'flush') return []
    if (node.type !== 'block') return [{ step: node, ...around }]
    const holds = node.hold ? [...around.holds, node.hold] : around.holds
    return partsOf(node).flatMap(part =>
      leavesWithHolds(part.nodes, { holds, isRescue: around.isRescue || part.isRescue }),
    )
  })

type Together = Pick<OutlinePlay, 'hosts' | 'batches'>

/** Whether a step is asked of a host of its play; one that runs once is asked of the first of a batch alone. */
export const isFor = (step: OutlineStep, host: string, play: Together): boolean =>
  step.isSelected(host) && (!step.runOnce || host === batchOf(host, play)[0])

/** Those that go together with a host. */
export const batchOf = (host: string, { hosts, batches = [hosts] }: Together): readonly string[] =>
  batches.find(batch => batch.includes(host)) ?? []

/** The selected steps, in the order in which they are carried out. */
export const outlinedSteps = ({ plays }: Outline): readonly OutlinedStep[] =>
  plays.flatMap(play => {
    const steps = withBlocks(play.nodes, [])
    const pairs =
      play.strategy === 'failover'
        ? play.hosts.flatMap(host => steps.map(step => ({ ...step, host })))
        : (play.batches ?? [play.hosts]).flatMap(hosts => steps.flatMap(step => hosts.map(host => ({ ...step, host }))))
    return pairs
      .filter(({ step, host }) => isFor(step, host, play))
      .map(({ step, host, within }) => describe(step, host, { play: play.index, within }))
  })

/** Every handler on every host that may ask for it, in the order in which they are carried out. */
export const outlinedHandlers = ({ plays }: Outline): readonly OutlinedStep[] =>
  plays.flatMap(({ handlers, hosts, index }) =>
    handlers.flatMap(step => hosts.map(host => describe(step, host, { play: index, within: [] }))),
  )

/**
 * Where each step and each handler is written, by its address without a host.
 *
 * @param nameOf The name of a file at the site.
 */
export const placesOf = ({ plays }: Outline, nameOf: (file: string) => string): Readonly<Record<string, Place>> =>
  Object.fromEntries(
    plays
      .flatMap(({ nodes, handlers }) => [...stepsOf(nodes), ...handlers])
      .map(({ id, span: { file, line } }) => [id, { file: nameOf(file), ...(line > 0 && { line }) }]),
  )

const withBlocks = (
  nodes: readonly OutlineNode[],
  within: readonly string[],
): readonly { step: OutlineStep; within: readonly string[] }[] =>
  nodes.flatMap(node => {
    if (isMeta(node)) return []
    if (node.type === 'step') return [{ step: node, within }]
    return partsOf(node).flatMap(part =>
      withBlocks(part.nodes, [...within, part.isRescue ? `${node.name}: rescue` : node.name]),
    )
  })

const describe = (
  step: OutlineStep,
  host: string,
  at: { readonly play: number; readonly within: readonly string[] },
): OutlinedStep => {
  const { id, name, taskName, task, source, loop } = step
  return {
    step: id,
    name,
    task: taskName,
    host,
    undoable: task.undo !== undefined || changesNothing(step) || task.onlyWaits === true,
    ...(task.onlyWaits === true && { onlyWaits: true }),
    ...at,
    ...(loop && loop.index < loop.countOn(host) && { item: { at: loop.index + 1, of: loop.countOn(host) } }),
    ...(source !== undefined && { source }),
  }
}

/** Whatever it finds: by what its task is, by its own arguments, or since it is only looked at. */
export const changesNothing = ({ isLook, onlyLooks, task }: OutlineStep): boolean =>
  isLook === true || onlyLooks === true || task.onlyLooks === true
