// What a run begins before anything is told of it: the lock of this machine, then the way to its nodes. Servers take their
// time to get ready, in which the rest of a run does so too.
import type { Outline } from '../plan/outline.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { nextTick } from '../text/next-tick.ts'
import type { Nodes } from './context.ts'
import { type ClusterLock, type Locking, lockCluster, lookAtLock } from './lock/cluster-lock.ts'

/** The lock is given back at the end of the run, whatever came of it. */
export type SetOut = { readonly lock: ClusterLock } & (
  | { readonly type: 'under-way'; readonly ways: readonly Way[] }
  /** This machine's lock could not be had, so no node was connected to. */
  | { readonly type: 'refused'; readonly because: unknown }
)

export type Way = {
  readonly host: string
  /** By the clock of the run, in milliseconds. */
  readonly since: number
  /** Rejects with the reason where a node cannot be reached. */
  readonly shell: Promise<HostShell>
}

export type Setting = {
  readonly outline: Outline
  readonly nodes: Nodes
  /** A dry run takes no lock. */
  readonly locking?: Locking
  now(): number
}

/** To those that have something to do, and to all who may hold something. Never throws: who carries out the run tells what was met. */
export const setOut = async ({ outline, nodes, locking, now }: Setting): Promise<SetOut> => {
  const { cluster, order, plays } = outline
  const lock = locking ? lockCluster(locking, { nodes, order }) : lookAtLock(cluster, order)
  try {
    await lock.begin()
  } catch (because) {
    return { type: 'refused', lock, because }
  }
  const hosts = [...new Set([...plays.flatMap(play => play.hosts), ...order])]
  const ways = hosts.map(host => ({ host, since: now(), shell: awaited(nodes.shell(host)) }))
  // What comes next would keep the first packets waiting.
  await nextTick()
  return { type: 'under-way', lock, ways }
}

/** Whoever waits for it hears of it. */
const awaited = <Value>(promise: Promise<Value>): Promise<Value> => {
  promise.catch(() => {})
  return promise
}
