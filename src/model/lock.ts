// Who has a cluster: what lies in a lock, and beside what a run holds on a node.

export type Owner = {
  readonly version: 1
  /** Made at random for one run; it tells its locks and marks from all others. */
  readonly token: string
  readonly run: string
  readonly cluster: string
  /** Who typed the command. */
  readonly user: string
  /** Host name of the machine on which it was typed. */
  readonly controller: string
  /** Tells that machine from another of the same name. */
  readonly machine: string
  readonly pid: number
  /** When that process began, as its machine tells it: its number may belong to another one later. */
  readonly started: string
  /** ISO 8601, UTC, by the controller's clock. */
  readonly since: string
  /** The line that was typed, without secrets. */
  readonly why: string
}

/** `root@workstation`. */
export const whoOf = ({ user, controller }: Pick<Owner, 'user' | 'controller'>): string => `${user}@${controller}`

/** The machine that runs are typed on, among the places of a lock; no host has a name with a blank. */
export const controllerName = 'this controller'

/** A lock as it is found. */
export type SeenLock = {
  /** A node, or the controller. */
  readonly place: string
  /** Nobody, where what lies in it cannot be read. */
  readonly owner?: Owner
  /** Since the last heartbeat, by the clock of the place. */
  readonly silentForMs?: number
}

/** Whether the process of an owner still runs; nothing where it is a process of another controller. */
export type Lives = (owner: Owner) => boolean | undefined
