// What a dry run found, as one value without times: the same world gives the same bytes.
import { addressOf } from '../model/address.ts'
import type { Evidence } from '../model/answer.ts'
import type { Change } from '../model/change.ts'
import type { StepOutcome } from '../model/events.ts'
import type { Json } from '../model/json.ts'
import { noWayBackCode } from '../model/problem.ts'
import type { Risk } from '../model/risk.ts'
import { digest } from '../text/canonical.ts'
import { type ChangeInWords, inWords } from './changes.ts'
import { hostsOf } from './counts.ts'
import { type PlanSign, planSign } from './plan-sign.ts'
import { allSteps, type RunState, type StepState } from './state.ts'
import { cannotBeUndone } from './summary.ts'

export type PlannedStep = {
  /** Counted from 1 on each host. */
  readonly number: number
  readonly sign: PlanSign
  /** `playbook/step`. */
  readonly step: string
  readonly name: string
  readonly task: string
  readonly outcome: StepOutcome
  readonly evidence?: Evidence
  readonly because: string
  readonly changes: readonly Change[]
  /** Would change something, and has no way back. */
  readonly isFinal: boolean
  /** All that it does is wait. */
  readonly onlyWaits?: true
  readonly source?: string
}

export type PlannedHost = {
  readonly host: string
  /** What must be so before its first step; empty when nothing must. */
  readonly gate: string
  readonly steps: readonly PlannedStep[]
}

export type NoReturn = {
  /** `playbook/step@host`. */
  readonly address: string
  readonly because: string
  /** How many steps before it stay as the run left them. */
  readonly left: number
}

export type PlanDocument = {
  readonly digest: string
  readonly playbook: string
  readonly cluster: string
  readonly inventory: string
  /** The failover list. */
  readonly order: readonly string[]
  readonly hosts: readonly PlannedHost[]
  /** What was asked for and makes it less safe. */
  readonly risks?: readonly Risk[]
  /** The command that would do it. */
  readonly next: string
  /** Of a way back: the line at which it ends before all is taken back. */
  readonly noReturn?: NoReturn
}

/** @returns Undefined when the events do not hold the start of a run. */
export const planOf = (state: RunState): PlanDocument | undefined => {
  if (!state.started) return undefined
  const { playbook, cluster, inventory, command, request, risks } = state.started
  const isBack = request?.undo !== undefined
  const order = isBack ? state.started.order.toReversed() : state.started.order
  const noReturn = isBack ? noReturnOf(state) : undefined
  const hosts = hostsOf(state).map(host => planHost(state, host))
  const body = { playbook, cluster, inventory, order, hosts, ...(risks && { risks }), ...(noReturn && { noReturn }) }
  return { digest: digest(body as Json), ...body, next: withoutDryRun(command) }
}

const noReturnOf = (state: RunState): NoReturn | undefined => {
  const steps = allSteps(state)
  const end = steps.find(({ ended }) => ended?.problem?.code === noWayBackCode)
  if (!end?.ended?.problem) return undefined
  const left = steps.filter(({ ended }) => ended === undefined).length
  return { address: addressOf(end.outlined), because: end.ended.problem.seen ?? '', left }
}

const planHost = (state: RunState, host: string): PlannedHost => ({
  host,
  gate: gateOf(state, host),
  steps: allSteps(state)
    .filter(({ outlined }) => outlined.host === host)
    .map((step, index) => planStep(step, index + 1)),
})

/** Under `strategy: failover` each host waits for the one before it. */
const gateOf = ({ plays, started }: RunState, host: string): string => {
  const play = plays.find(({ outlined }) => outlined.strategy === 'failover' && outlined.hosts.includes(host))
  if (!play) return ''
  if (started?.request?.undo !== undefined) return gateBack(play.outlined.hosts, host)
  if (host === started?.order[0]) return 'preferred node'
  const before = started?.order[started.order.indexOf(host) - 1]
  return before === undefined ? '' : `only when ${before} is verified`
}

/** On the way back the last comes first. */
const gateBack = (hosts: readonly string[], host: string): string => {
  const before = hosts[hosts.indexOf(host) - 1]
  return before === undefined ? '' : `only when ${before} is as it was`
}

const planStep = (step: StepState, number: number): PlannedStep => {
  const { outlined, ended } = step
  const outcome = ended?.outcome ?? 'not-reached'
  const changes = ended?.changes ?? []
  return {
    number,
    sign: planSign({ outcome, changes, ...(ended?.evidence && { evidence: ended.evidence }) }),
    step: outlined.step,
    name: outlined.name,
    task: outlined.task,
    outcome,
    ...(ended?.evidence && { evidence: ended.evidence }),
    because: ended?.problem?.summary ?? ended?.because ?? 'the dry run did not come this far',
    changes,
    isFinal: cannotBeUndone(step),
    ...(outlined.onlyWaits && { onlyWaits: true }),
    ...(outlined.source !== undefined && { source: outlined.source }),
  }
}

/** What to name in a step's line: the one thing that changes, or how many do. */
export const subjectOf = ({ changes, name }: PlannedStep): string => {
  const [first, ...others] = changes
  if (!first) return name
  return others.length === 0 ? inWords(first).name : `${inWords(first).name} and ${others.length} more`
}

export const changesInWords = ({ changes }: PlannedStep): readonly ChangeInWords[] => changes.map(inWords)

const dryRunFlags: ReadonlySet<string> = new Set(['--dry-run', '--check', '-C', '--diff', '-D', '--detailed-exitcode'])

const withoutDryRun = (command: string): string =>
  command
    .split(' ')
    .filter(word => !dryRunFlags.has(word))
    .join(' ')
