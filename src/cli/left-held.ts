// What earlier runs took and did not give back, as their journals say: the next run gives it back.
import { listRuns, readableJournal } from '../journal/index.ts'
import type { RunEvent } from '../model/events.ts'
import type { Lives, Owner } from '../model/lock.ts'
import { exitCodes } from '../model/problem.ts'

/** What is left open comes up in the next run, or soon after it. */
const mostRuns = 10

export type Asking = {
  /** The run that asks: what it holds is not left. */
  readonly run: string
  readonly cluster: string
  readonly lives: Lives
}

/**
 * @param runs Where the journals are. They are read when it is needed: there may be many, and most runs hold nothing.
 * @returns The tokens by which runs have marked what they left, the newest first. One that was killed before it left its
 *   mark says nothing of what another left before it.
 */
export const leftHeldBy = (runs: string, asking: Asking): ((hold: string, host: string) => readonly string[]) => {
  const touching = once(() => touchingBefore(runs, asking))
  return (hold, host) => {
    const tokens: string[] = []
    for (const left of touching()) {
      const { holds, token } = left()
      const isOpen = holds.get(nameOf(hold, host))
      if (isOpen === undefined) continue
      if (!isOpen || token === undefined) return tokens
      tokens.push(token)
    }
    return tokens
  }
}

const touchingBefore = (runs: string, { run: own, cluster, lives }: Asking) =>
  listRuns(runs)
    .filter(({ run }) => run !== own)
    .filter(kept => kept.cluster === cluster && kept.mode === 'run' && kept.exitCode !== exitCodes.locked)
    .slice(0, mostRuns)
    .map(({ run, exitCode }) => once(() => leftBy(readableJournal(runs, run), { exitCode, lives })))

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

type Ended = { readonly exitCode: number | undefined; readonly lives: Lives }

const leftBy = (events: readonly RunEvent[], { exitCode, lives }: Ended) => {
  const owner = ownerIn(events)
  // What a run that goes on at this moment holds is its own.
  const token = exitCode === undefined && owner && lives(owner) !== false ? undefined : owner?.token
  return { holds: holdsIn(events), token }
}

/** Whose a run is; nobody's before it has the cluster, and where its journal cannot be read. */
export const ownerOf = (runs: string, run: string): Owner | undefined => ownerIn(readableJournal(runs, run))

const ownerIn = (events: readonly RunEvent[]): Owner | undefined =>
  events.flatMap(event => (event.type === 'cluster-locked' ? [event.owner] : []))[0]

const nameOf = (hold: string, host: string): string => `${hold}@${host}`

/** Whether each hold was still open when the run ended; one that a person wanted to keep is not left, but kept. */
const holdsIn = (events: readonly RunEvent[]): ReadonlyMap<string, boolean> => {
  const isOpen = new Map<string, boolean>()
  for (const event of events) {
    if (event.type === 'hold-intended') isOpen.set(nameOf(event.hold, event.host), true)
    if (event.type === 'hold-released' || event.type === 'hold-kept') isOpen.set(nameOf(event.hold, event.host), false)
  }
  return isOpen
}
