// Carries out an outline on a cluster in memory, and tells what happened in one list: events and commands, in order.
import { createHash } from 'node:crypto'
import { carryOut, type LaterPrint } from '../../src/engine/carry-out.ts'
import type { RunOptions, VoiceOf } from '../../src/engine/context.ts'
import type { Locking } from '../../src/engine/lock/cluster-lock.ts'
import type { EventBody, ProblemRecord, RunEvent, StepOutcome } from '../../src/model/events.ts'
import type { Owner } from '../../src/model/lock.ts'
import type { ExitCode } from '../../src/model/problem.ts'
import type { Outline } from '../../src/plan/outline.ts'
import type { Person } from '../../src/task/person.ts'
import { keepOwners, type MemoryCluster } from './memory-cluster.ts'

type EventOf<Type extends EventBody['type']> = Extract<RunEvent, { readonly type: Type }>

export type Carried = {
  readonly exitCode: ExitCode
  readonly events: readonly RunEvent[]
  /** `event step-started a@node1` and `node1: set a 1`, as they came. */
  readonly log: readonly string[]
  /** How each step ended, such as `{ 'a@node1': 'changed' }`, by the last part of its address. */
  readonly outcomes: Readonly<Record<string, StepOutcome>>
  /** Commands that are no looks, in order. */
  readonly deeds: readonly string[]
  of<Type extends EventBody['type']>(type: Type): readonly EventOf<Type>[]
  ended(address: string): EventOf<'step-ended'>
  problem(address: string): ProblemRecord
}

export type CarryOptions = Partial<RunOptions> & {
  readonly isStopping?: () => boolean
  readonly onEvent?: (event: EventBody) => void
  readonly voiceOf?: VoiceOf
  /** Otherwise than a run of this controller, whose processes have all ended but this one. */
  readonly locking?: Partial<Locking>
  /** Nobody is there unless told. */
  readonly person?: Person
  /** Waits until what was emitted is on disk; it is at once unless told. */
  readonly onDisk?: () => Promise<void>
  readonly inputsLater?: readonly LaterPrint[]
  /** How far the controller's clock is ahead of what it should be. */
  readonly aheadMs?: number
}

const nobody: Person = { ask: async () => undefined }

let runs = 0

export const carry = async (
  outline: Outline,
  cluster: MemoryCluster,
  {
    isStopping = () => false,
    onEvent,
    voiceOf = () => ({ answerOf: () => '' }),
    person = nobody,
    onDisk = async () => {},
    locking,
    inputsLater = [],
    aheadMs = 0,
    ...options
  }: CarryOptions = {},
): Promise<Carried> => {
  const events: RunEvent[] = []
  const log: string[] = []
  const commandsBefore = cluster.commands.length
  cluster.onCommand = line => log.push(line)
  runs += 1
  // Later runs have later times, as on a real clock.
  let clock = runs * 1_000_000 + aheadMs
  const timeOfDay = () => new Date(clock++).toISOString()
  const exitCode = await carryOut({
    outline,
    nodes: cluster.nodes,
    options: {
      mode: 'run',
      runId: `run-${runs}`,
      forks: 5,
      keepHolds: false,
      assumeReleased: new Map(),
      ...options,
    },
    voiceOf,
    person,
    onDisk,
    ...(options.mode !== 'dry-run' && { locking: { ...lockingOf(cluster, outline, runs), ...locking } }),
    request: { playbook: 'test' },
    ...(inputsLater.length > 0 && { prints: () => ({ now: [], later: inputsLater }) }),
    command: 'test',
    version: '0.0.0',
    emit(body) {
      const event: RunEvent = { ...body, seq: events.length + 1, at: timeOfDay() }
      events.push(event)
      log.push(line(event))
      onEvent?.(body)
      return event
    },
    now: () => clock,
    timeOfDay,
    isStopping,
  })
  cluster.onCommand = undefined
  const of = <Type extends EventBody['type']>(type: Type) =>
    events.filter((event): event is EventOf<Type> => event.type === type)
  const ended = (address: string) => {
    const found = of('step-ended').find(event => short(event) === address)
    if (!found) throw new Error(`${address} has not ended: ${log.join('\n')}`)
    return found
  }
  return {
    exitCode,
    events,
    log,
    of,
    ended,
    outcomes: Object.fromEntries(of('step-ended').map(event => [short(event), event.outcome])),
    deeds: cluster.commands.slice(commandsBefore).filter(command => !/: (?:see|shelf)\b/.test(command)),
    problem(address) {
      const { problem } = ended(address)
      if (!problem) throw new Error(`${address} ended without a problem`)
      return problem
    },
  }
}

export const dryRun = (outline: Outline, cluster: MemoryCluster, options: CarryOptions = {}): Promise<Carried> =>
  carry(outline, cluster, { ...options, mode: 'dry-run' })

/** An owner of a lock on the test's cluster; the machine of all test runs is `here`. */
export const ownerOf = (cluster: string, run: string, more: Partial<Owner> = {}): Owner => ({
  version: 1,
  token: createHash('md5').update(run).digest('hex'),
  run,
  cluster,
  user: 'ada',
  controller: 'desk',
  machine: 'here',
  pid: 4711,
  started: 'today',
  since: '2026-11-23T06:12:00.000Z',
  why: `run playbook ${run}`,
  ...more,
})

const lockingOf = ({ controller }: MemoryCluster, { cluster }: Outline, run: number): Locking => ({
  owner: ownerOf(cluster, `run-${run}`, { pid: process.pid }),
  controller: {
    directory: '/site/locks',
    run: async (script, options = {}) => ({
      exitCode: 0,
      stdout: '',
      stderr: '',
      ...keepOwners(controller, script, options),
    }),
  },
  lives: ({ machine, pid }) => (machine === 'here' ? pid === process.pid : undefined),
  breaking: 'run lock break',
})

/** `a@node1` for the step `test/a` on node1. */
const short = ({ step, host }: { readonly step: string; readonly host: string }): string =>
  `${step.split('/').at(-1)}@${host}`

const line = (event: RunEvent): string => {
  const about = 'step' in event && 'host' in event ? ` ${short(event)}` : 'host' in event ? ` ${event.host}` : ''
  return `event ${event.type}${about}`
}
