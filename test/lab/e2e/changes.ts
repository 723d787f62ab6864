// What a dry run foretells and what a run makes, in one form, so that one can be held against the other.
import { expect } from 'vitest'
import type { Evidence } from '../../../src/model/answer.ts'
import { type Change, isKnown } from '../../../src/model/change.ts'
import type { RunEvent, StepOutcome } from '../../../src/model/events.ts'
import type { PlanDocument } from '../../../src/report/plan.ts'
import type { Ran } from './command.ts'

export type Told = {
  readonly host: string
  readonly step: string
  readonly outcome: StepOutcome
  readonly because?: string
  readonly evidence?: Evidence
  readonly changes: readonly Change[]
}

/** What a dry run with `--format json` foretells, node by node, step by step. */
export const foretold = ({ stdout }: Ran): readonly Told[] => {
  const { hosts } = JSON.parse(stdout) as PlanDocument // our own format, written by planJson
  return hosts.flatMap(({ host, steps }) => steps.map(step => ({ ...step, host })))
}

/** What a run's journal says that it did, in the same order. */
export const made = ({ events }: Ran): readonly Told[] => {
  const ended = eventsOf(events, 'step-ended')
  const hosts = [...new Set(ended.map(({ host }) => host))].sort()
  return hosts.flatMap(host => ended.filter(one => one.host === host))
}

export const eventsOf = <Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type) =>
  events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type)

/** Addresses of the steps that change something, or would. */
export const changing = (told: readonly Told[]): readonly string[] =>
  told.filter(({ changes }) => changes.length > 0).map(({ host, step }) => `${step}@${host}`)

/** Outcome and changes, where the foretold ones say what the run has to have made of them. */
export const asMade = (told: readonly Told[]): readonly object[] =>
  told.map(({ host, step, outcome, changes }) => ({
    at: `${step}@${host}`,
    outcome: outcome === 'would-change' ? 'changed' : outcome,
    changes: changes.map(({ kind, key, before, after }) => ({
      thing: `${kind} ${key}`,
      before: isKnown(before) ? before : expect.anything(),
      after: isKnown(after) ? after : expect.anything(),
    })),
  }))

/** Steps whose answer a step before decides, in a way that nobody can foretell: the dry run says so of them. */
export const undecided = (told: readonly Told[]): readonly string[] =>
  told.filter(({ outcome }) => outcome === 'unknown').map(({ host, step }) => `${step}@${host}`)

/** All other steps. */
export const without = (addresses: readonly string[], told: readonly Told[]): readonly Told[] =>
  told.filter(({ host, step }) => !addresses.includes(`${step}@${host}`))

/** What an installation leaves in the directory, and agents in theirs, is known when they are done. */
export const openWhileFresh: readonly string[] = [
  'old-data',
  'messaging-agent-queue-path',
  'messaging-agent-log-path',
  'store-path',
  'archive-agent-queue-path',
  'archive-agent-log-path',
].map(step => `paths/${step}@node1`)

/** Held against the stop that the agents' test measures in the same run. */
const measuredByTest = (dry: Ran): readonly string[] =>
  [...new Set(foretold(dry).map(({ host }) => host))].map(host => `cluster/wait-before-the-kill@${host}`)

/** Holds a first run against its dry run: all is made as it was foretold, and nothing else was left open than had to be. */
export const expectAsForetold = (run: Ran, dry: Ran): void => {
  const open = undecided(foretold(dry))
  expect([...openWhileFresh, ...measuredByTest(dry)]).toEqual(expect.arrayContaining([...open]))
  expect(asMade(without(open, made(run)))).toEqual(asMade(without(open, foretold(dry))))
}

/** How many steps rest on which evidence. */
export const byEvidence = (told: readonly Told[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { evidence } of told) if (evidence) counts[evidence] = (counts[evidence] ?? 0) + 1
  return counts
}
