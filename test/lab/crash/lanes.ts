// Labs side by side, each working through crashes, one after the other.
import { onceEach } from '../../kit/once-each.ts'
import type { Site } from '../e2e/site.ts'
import { openCountedSite } from './counted.ts'
import { type Crash, type CrashResult, crashName, runCrash, type Undisturbed, undisturbedRun } from './crash.ts'

/** What becomes of each crash, by its name; all of them are under way. */
export type Results = ReadonlyMap<string, Promise<CrashResult>>

export type Sweep = {
  readonly playbook: string
  readonly lanes: number
  readonly every: number
  /** Numbers of the first and of the last event. */
  readonly from: number
  readonly to: number
}

/** Begins a crash at every event of a playbook, or at each so-manieth. */
export const beginSweep = async ({ playbook, lanes, every, from, to }: Sweep): Promise<Results> => {
  const open = await openLanes(lanes)
  const undisturbed = await Promise.all(open.map(lane => lane.undisturbed(playbook)))
  const last = Math.min(to, Math.max(...undisturbed.map(({ events }) => events)))
  const crashes: Crash[] = []
  for (let seq = from; seq <= last; seq += every) crashes.push({ playbook, kills: [{ seq }] })
  return begin(open, crashes)
}

export const beginSample = async (crashes: readonly Crash[], lanes: number): Promise<Results> =>
  begin(await openLanes(lanes), crashes)

type Lane = {
  readonly site: Site
  /** What a run of a playbook comes to there when nobody disturbs it; carried out when it is first asked for. */
  undisturbed(playbook: string): Promise<Undisturbed>
}

const openLanes = (lanes: number): Promise<readonly Lane[]> =>
  Promise.all(
    Array.from({ length: lanes }, async () => {
      const site = await openCountedSite()
      return { site, undisturbed: onceEach(playbook => undisturbedRun(site, playbook)) }
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
      const { crash } = next
      const result = undisturbed(crash.playbook).then(whole => runCrash(site, crash, whole))
      next.end(result)
      await result.catch(() => {})
    }
  }
  for (const lane of lanes) void work(lane)
  return results
}
