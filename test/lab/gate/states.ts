// States of a cluster that is half done: kept as snapshots, each made from the one before when it is first asked for.
import { labRestore, labSnapshot } from '../../../lab/index.ts'
import { nameOf } from '../../../src/model/change.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { eventsOf } from '../e2e/changes.ts'
import type { Site } from '../e2e/site.ts'

/** `fresh`, `finished`, or the address of the step after which the run was stopped, such as `install/installer@node1`. */
export type State = string

export type States = {
  /** Addresses of all steps that do something on a fresh cluster, or may, in the order of the run. */
  readonly stops: readonly State[]
  /** Names of everything that a dry run looks at where it begins; `hold …` for what it would take around a step. */
  readonly looks: ReadonlySet<string>
  /** Puts the cluster into a state. */
  restore(state: State): Promise<void>
}

/** @param begin Puts the cluster to where the playbook begins, which is its `fresh`; one that nobody has touched unless told. */
export const statesOf = async (site: Site, playbook: string, begin?: () => Promise<void>): Promise<States> => {
  const putBack = (state: State): Promise<unknown> =>
    state === 'fresh' && begin ? begin() : labRestore(site.lab.dir, snapshotOf(playbook, state))
  await putBack('fresh')
  const { events } = await site.run('playbook', playbook, '--dry-run')
  const stops = stopsOf(events)
  const kept = new Map<State, Promise<void>>([['fresh', Promise.resolve()]])

  const reach = (state: State): Promise<void> => {
    const there = kept.get(state) ?? build(state)
    kept.set(state, there)
    return there
  }

  const build = async (state: State): Promise<void> => {
    const at = stops.indexOf(state)
    if (at < 0) throw new Error(`no run stops at ${state}; it can at ${stops.join(', ')}`)
    // The steps between are carried out too, but the nodes before have to be whole.
    const near = stops.slice(0, at).findLast(stop => kept.has(stop) || hostOf(stop) !== hostOf(state))
    await reach(near ?? 'fresh')
    await putBack(near ?? 'fresh')
    const [step = '', host = ''] = state.split('@')
    const { status, stderr } = await site.run('playbook', playbook, '--limit', host, '--to', step)
    if (status !== 0) throw new Error(`no way to ${state}:\n${stderr}`)
    await labSnapshot(site.lab.dir, snapshotOf(playbook, state))
  }

  return {
    stops,
    looks: looksOf(events),
    async restore(state) {
      const meant = state === 'finished' ? (stops.at(-1) ?? 'fresh') : state
      await reach(meant)
      await putBack(meant)
    },
  }
}

const stopsOf = (events: readonly RunEvent[]): readonly State[] =>
  eventsOf(events, 'step-ended')
    .filter(({ outcome }) => outcome === 'would-change' || outcome === 'unknown')
    .map(({ step, host }) => `${step}@${host}`)

const looksOf = (events: readonly RunEvent[]): ReadonlySet<string> => {
  const looks = eventsOf(events, 'step-checked').flatMap(({ looks }) => looks)
  const acts = eventsOf(events, 'step-ended').flatMap(({ changes }) => changes.filter(({ kind }) => kind === 'act'))
  const holds = looks.some(({ home }) => home.startsWith('volume ')) ? ['hold partition'] : []
  return new Set([...looks.map(nameOf), ...acts.map(({ key }) => `receipt ${key}`), ...holds])
}

const hostOf = (state: State): string => state.split('@')[1] ?? ''

/** One step may end several playbooks, each on another cluster. A snapshot's name has no room for every letter. */
const snapshotOf = (playbook: string, state: State): string =>
  state === 'fresh' ? state : `${playbook}-${state}`.replace(/[^\w.-]/g, '-')
