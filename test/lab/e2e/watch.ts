// Looks at all nodes over and over while something goes on: who has the partition mounted, and what processes show.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../lab/index.ts'
import { familyOf, machinesOf, mountedOn, read } from './machines.ts'

/** Which nodes had the partition mounted, in order; a new entry at each change. */
type Holders = readonly (readonly string[])[]

export type Watched<Value> = {
  readonly value: Value
  readonly holders: Holders
  /** Command lines and environments of all processes of the lab and of the command. */
  readonly shown: ReadonlySet<string>
}

const betweenMs = 10

/** Processes are many and live longer than a mount lasts, so they are looked at less often. */
const looksPerProcessLook = 2

export const watchWhile = async <Value>(lab: Lab, work: Promise<Value>): Promise<Watched<Value>> => {
  const shown = new Set<string>()
  let turn = 0
  const watched = await watchHolders(lab, work, () => {
    if (turn % looksPerProcessLook === 0) for (const text of processTexts(lab)) shown.add(text)
    turn += 1
  })
  return { ...watched, shown }
}

/** @param look What else is looked at each time. */
export const watchHolders = async <Value>(
  lab: Lab,
  work: Promise<Value>,
  look: () => void = () => {},
): Promise<{ readonly value: Value; readonly holders: Holders }> => {
  const machines = machinesOf(lab)
  const holders: (readonly string[])[] = [mountedOn(lab, machines)]
  let isOver = false
  const value = work.finally(() => {
    isOver = true
  })
  while (!isOver) {
    const now = mountedOn(lab, machines)
    if (now.join() !== holders.at(-1)?.join()) holders.push(now)
    look()
    await Promise.race([sleep(betweenMs), value.catch(() => {})])
  }
  holders.push(mountedOn(lab, machines))
  return { value: await value, holders }
}

const processTexts = (lab: Lab): readonly string[] =>
  [...familyOf(lab.pid), ...familyOf(process.pid).slice(1)].flatMap(pid => [
    read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
    read(`/proc/${pid}/environ`).replaceAll('\0', ' '),
  ])
