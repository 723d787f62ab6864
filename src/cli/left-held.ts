// What earlier runs took and did not give back, as their journals say: the next run gives it back.
import { listRuns, readJournal } from '../journal/index.ts'
import type { RunEvent } from '../model/events.ts'
import { Problem } from '../model/problem.ts'

/** What is left open comes up in the next run, or soon after it. */
const mostRuns = 10

/** @param runs Where the journals are. */
export const leftHeldBy = (runs: string, cluster: string): ((hold: string, host: string) => boolean) => {
  const isOpen = new Map<string, boolean>()
  const ofCluster = listRuns(runs).filter(kept => kept.cluster === cluster && kept.mode === 'run')
  // One without an end may be under way at this moment: what it holds is its own.
  for (const { run, exitCode } of ofCluster.slice(0, mostRuns))
    for (const [name, open] of holdsIn(eventsOf(runs, run)))
      if (!isOpen.has(name)) isOpen.set(name, open && exitCode !== undefined)
  return (hold, host) => isOpen.get(nameOf(hold, host)) ?? false
}

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

/** Nothing can be concluded from a journal that is damaged, and none stops a run. */
const eventsOf = (runs: string, run: string): readonly RunEvent[] => {
  try {
    return readJournal(runs, run)
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}
