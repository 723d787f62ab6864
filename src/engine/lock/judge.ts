// Whether the run that has a lock still goes on, and what is told to the one that wanted it.
import { controllerName, type Lives, type Owner, type SeenLock, whoOf } from '../../model/lock.ts'
import { exitCodes, goOnWith, Problem } from '../../model/problem.ts'
import { formatDuration } from '../../text/duration.ts'

/** `dead`: its process is gone from this controller. `silent`: of another controller, and without a heartbeat for long. */
export type Standing = 'alive' | 'dead' | 'silent' | 'nobody'

/** Many heartbeats: a command may keep a node busy, a connection may have to be made anew. */
export const silentAfterMs = 3 * 60_000

export const judge = ({ owner, silentForMs = 0 }: SeenLock, lives: Lives): Standing => {
  if (!owner) return 'nobody'
  const isAlive = lives(owner)
  if (isAlive !== undefined) return isAlive ? 'alive' : 'dead'
  return silentForMs > silentAfterMs ? 'silent' : 'alive'
}

/** `run 2026-11-23-0612 of root@workstation`. */
export const tellOwner = (owner: Owner): string => `run ${owner.run} of ${whoOf(owner)}`

export const tellBeat = ({ silentForMs }: SeenLock): string =>
  silentForMs === undefined
    ? 'no heartbeat can be read'
    : `last heartbeat ${formatDuration(Math.max(1000, silentForMs))} ago`

export type Refusal = {
  /** Who wanted it. */
  readonly owner: Owner
  readonly lives: Lives
  /** The failover list. */
  readonly order: readonly string[]
  /** The command that takes the lock of a dead run away. */
  readonly breaking: string
}

/** @param locks All that were met, of one owner or of several; the first one's is told in full. */
export const lockedProblem = (locks: readonly SeenLock[], { owner, lives, order, breaking }: Refusal): Problem => {
  const owners = byOwner(locks, order)
  const first = owners[0]?.[0]
  const standing = first ? judge(first, lives) : 'nobody'
  return new Problem({
    code: 'locked',
    summary: `${first?.owner ? `Run ${first.owner.run}` : 'Somebody'} has the cluster ${owner.cluster}${tellStanding[standing]}`,
    seen: owners.map(tellLocks).join('\n'),
    wanted: 'one run at a time on a cluster',
    state: 'nothing was touched',
    help: tellHelp(standing, { owner: first?.owner, breaking }),
    ...goOnWith(owner.why),
    exit: exitCodes.locked,
  })
}

const tellStanding: Readonly<Record<Standing, string>> = {
  alive: '',
  dead: '; its process is gone',
  silent: ', and seems dead',
  nobody: ', and its lock does not say who',
}

type Locks = readonly [SeenLock, ...SeenLock[]]

/** The controller, then the nodes of the failover list, then other hosts: the same whoever answered first. */
export const inOrder = (places: readonly string[], order: readonly string[]): readonly string[] => {
  const known = [controllerName, ...order].filter(place => places.includes(place))
  return [...known, ...places.filter(place => !known.includes(place)).toSorted()]
}

/** The locks of each owner together. */
export const byOwner = (locks: readonly SeenLock[], order: readonly string[]): readonly Locks[] => {
  const groups = new Map<string | undefined, Locks>()
  for (const name of inOrder(
    locks.map(({ place }) => place),
    order,
  )) {
    const lock = locks.find(({ place }) => place === name)
    const before = groups.get(lock?.owner?.token)
    if (lock) groups.set(lock.owner?.token, before ? [...before, lock] : [lock])
  }
  return [...groups.values()]
}

const tellLocks = (locks: Locks): string => {
  const places = locks.map(({ place }) => place).join(', ')
  const [{ owner }] = locks
  const latest = locks.reduce((one, other) => ((other.silentForMs ?? 0) < (one.silentForMs ?? 0) ? other : one))
  if (!owner) return `${places}: ${tellBeat(latest)}`
  return `${places}: ${whoOf(owner)} since ${owner.since}, ${tellBeat(latest)}: ${owner.why}`
}

type Help = { readonly owner: Owner | undefined; readonly breaking: string }

const tellHelp = (standing: Standing, { owner, breaking }: Help): string => {
  if (standing === 'alive' && owner) return `wait for its end, or ask ${whoOf(owner)} (process ${owner.pid})`
  return `make sure that it does not go on${owner ? ` (ask ${whoOf(owner)}, process ${owner.pid})` : ''}, then: ${breaking}`
}
