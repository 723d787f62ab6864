// Whether the run that has a lock still goes on, and what is told to the one that wanted it.
import { type Lives, type Owner, type SeenLock, whoOf } from '../../model/lock.ts'
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
}

/** @param locks All that were met, of one owner or of several; the first is told in full. */
export const lockedProblem = (locks: readonly SeenLock[], { owner, lives }: Refusal): Problem => {
  const [first] = locks
  const standing = first ? judge(first, lives) : 'nobody'
  return new Problem({
    code: 'locked',
    summary: `${first?.owner ? `Run ${first.owner.run}` : 'Somebody'} has the cluster ${owner.cluster}${tellStanding[standing]}`,
    seen: locks.map(tellLock).join('\n'),
    wanted: 'one run at a time on a cluster',
    state: 'nothing was touched',
    help: tellHelp(standing, first?.owner),
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

const tellLock = (lock: SeenLock): string => {
  const { place, owner } = lock
  if (!owner) return `${place}: ${tellBeat(lock)}`
  return `${place}: ${whoOf(owner)} since ${owner.since}, ${tellBeat(lock)}: ${owner.why}`
}

const breakIt = 'run lock break --reason "how you know that it is dead"'

const tellHelp = (standing: Standing, owner: Owner | undefined): string => {
  if (standing === 'alive' && owner) return `wait for its end, or ask ${whoOf(owner)} (process ${owner.pid})`
  return `make sure that it does not go on${owner ? ` (ask ${whoOf(owner)}, process ${owner.pid})` : ''}, then: ${breakIt}`
}
