// Plans without a command line: a dry run in memory, sealed as `run plan` seals it.
import { type Follow, followPlan } from '../../src/engine/follow.ts'
import type { PlanFile } from '../../src/model/plan-file.ts'
import type { Outline } from '../../src/plan/outline.ts'
import { type Found, planBody } from '../../src/plan/plan-body.ts'
import { sealPlan } from '../../src/plan/plan-file.ts'
import { dryRun } from './carry.ts'
import type { MemoryCluster } from './memory-cluster.ts'

export const seal = {
  tool: '0.0.0',
  created: '2026-11-23T06:00:00.000Z',
  validUntil: '2026-11-24T06:00:00.000Z',
  secretPrints: [],
} as const

export const asIs = <Value>(value: Value): Value => value

export const foundBy = async (outline: Outline, cluster: MemoryCluster): Promise<Found> => ({
  outline,
  request: { playbook: 'test' },
  events: (await dryRun(outline, cluster)).events,
  inputs: [{ file: 'test.yml', sha256: 'ab' }],
  hostKeys: new Map(cluster.order.map(host => [host, `SHA256:${host}`])),
  secrets: [],
  risks: [],
  nameOf: asIs,
  mask: asIs,
})

/** What `run plan` would write for this outline and the cluster as it stands. */
export const planFor = async (outline: Outline, cluster: MemoryCluster): Promise<PlanFile> =>
  sealPlan(planBody(await foundBy(outline, cluster)), seal)

export const following = (plan: PlanFile): { readonly follow: Follow } => ({
  follow: followPlan(plan, { mask: asIs, again: 'run plan test -o plan.json' }),
})
