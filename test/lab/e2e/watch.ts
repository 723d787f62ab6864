// Looks at all nodes over and over while something goes on: who has the partition mounted, and what processes show.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../lab/index.ts'
import { familyOf, machinesOf, mountedOn, read } from './machines.ts'

export type Watched<Value> = {
  readonly value: Value
  /** Which nodes had the partition mounted, in order; a new entry at each change. */
  readonly holders: readonly (readonly string[])[]
  /** Command lines and environments of all processes of the lab and of the command. */
  readonly shown: ReadonlySet<string>
}

const betweenMs = 10

/** Processes are many and live longer than a mount lasts, so they are looked at less often. */
const looksPerProcessLook = 2

export const watchWhile = async <Value>(lab: Lab, work: Promise<Value>): Promise<Watched<Value>> => {
  const machines = machinesOf(lab)
  const holders: (readonly string[])[] = [mountedOn(lab, machines)]
  const shown = new Set<string>()
  let isOver = false
  const value = work.finally(() => {
    isOver = true
  })
  for (let turn = 0; !isOver; turn += 1) {
    const now = mountedOn(lab, machines)
    if (now.join() !== holders.at(-1)?.join()) holders.push(now)
    if (turn % looksPerProcessLook === 0) for (const text of processTexts(lab)) shown.add(text)
    await Promise.race([sleep(betweenMs), value.catch(() => {})])
  }
  holders.push(mountedOn(lab, machines))
  return { value: await value, holders, shown }
}

const processTexts = (lab: Lab): readonly string[] =>
  [...familyOf(lab.pid), ...familyOf(process.pid).slice(1)].flatMap(pid => [
    read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
    read(`/proc/${pid}/environ`).replaceAll('\0', ' '),
  ])
