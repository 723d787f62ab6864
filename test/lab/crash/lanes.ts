// Labs side by side, each working through crashes, one after the other.
import type { Fingerprint } from '../e2e/fingerprint.ts'
import type { Site } from '../e2e/site.ts'
import { openCountedSite } from './counted.ts'
import { type Crash, type CrashResult, crashName, runCrash, undisturbedRun } from './crash.ts'

/** What becomes of each crash, by its name; all of them are under way. */
export type Results = ReadonlyMap<string, Promise<CrashResult>>

export type Sweep = { readonly playbook: string; readonly lanes: number; readonly every: number; readonly from: number }

/** Begins a crash at every event of a playbook, or at each so-manieth. */
export const beginSweep = async ({ playbook, lanes, every, from }: Sweep): Promise<Results> => {
  const open = await openLanes(lanes, playbook)
  const length = Math.max(...open.map(({ events }) => events))
  const crashes: Crash[] = []
  for (let seq = from; seq <= length; seq += every) crashes.push({ playbook, kills: [{ seq }] })
  return begin(open, crashes)
}

export const beginSample = async (crashes: readonly Crash[], lanes: number): Promise<Results> =>
  begin(await openLanes(lanes, crashes[0]?.playbook ?? 'install'), crashes)

type Lane = { readonly site: Site; readonly undisturbed: Fingerprint; readonly events: number }

const openLanes = (lanes: number, playbook: string): Promise<readonly Lane[]> =>
  Promise.all(
    Array.from({ length: lanes }, async () => {
      const site = await openCountedSite()
      const { ran, state } = await undisturbedRun(site, playbook)
      return { site, undisturbed: state, events: ran.events.length }
    }),
  )

/** Whoever is free takes the next one. */
const begin = (lanes: readonly Lane[], crashes: readonly Crash[]): Results => {
  type Waiting = { readonly crash: Crash; readonly end: (result: Promise<CrashResult>) => void }
  const waiting: Waiting[] = []
  const results = new Map(
    crashes.map(crash => [
      crashName(crash),
      new Promise<CrashResult>(resolve => waiting.push({ crash, end: resolve })),
    ]),
  )
  const work = async ({ site, undisturbed }: Lane): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = runCrash(site, next.crash, undisturbed)
      next.end(result)
      await result.catch(() => {})
    }
  }
  for (const lane of lanes) void work(lane)
  return results
}
