// Whose a run is, and where the lock of this machine lies: beside the runs, one a cluster.
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Locking } from '../engine/lock/cluster-lock.ts'
import type { LockPlace } from '../engine/lock/scripts.ts'
import { fileName } from '../engine/node-directory.ts'
import { type Lives, type Owner, whoOf } from '../model/lock.ts'
import type { RunRequest } from '../model/request.ts'
import { quoteWord } from '../shell/quote.ts'
import { runLocally } from './local-shell.ts'
import { lockHere } from './lock-here.ts'
import { isRunning, machineId, startOf } from './processes.ts'
import type { Settings } from './settings.ts'
import { shown } from './shown.ts'
import { sitePath } from './site-path.ts'
import type { Surroundings } from './surroundings.ts'

export type Whose = {
  readonly run: string
  readonly cluster: string
  readonly request: RunRequest
  readonly settings: Settings
  /** The line that was typed, without secrets. */
  readonly why: string
  readonly around: Surroundings
}

export const lockingOf = (whose: Whose): Locking => ({
  owner: ownerOf(whose),
  controller: controllerPlace(whose.settings.runs, whose.cluster),
  lives: livesHere(),
  breaking: breakingOf(whose),
})

const breakingOf = ({ request: { inventory }, settings, around }: Whose): string => {
  const named = inventory === undefined ? '' : ` -i ${quoteWord(shown(sitePath(inventory, settings.site), around))}`
  return `run lock break${named} --reason "how you know that it is dead"`
}

/** Not the name of a run: those begin with a year. */
export const controllerPlace = (runs: string, cluster: string): LockPlace => {
  const directory = join(runs, '.locks', fileName(cluster))
  return { run: runLocally, directory, here: lockHere(directory) }
}

/** Knows of the processes of this machine alone. */
export const livesHere = (): Lives => {
  const machine = machineId()
  return owner => (owner.machine === machine ? isRunning(owner.pid, owner.started) : undefined)
}

const ownerOf = ({ run, cluster, why, around }: Whose): Owner => ({
  version: 1,
  token: ownToken(),
  run,
  cluster,
  user: userAt(around),
  controller: hostname(),
  machine: machineId(),
  pid: process.pid,
  started: startOf(process.pid) ?? '',
  since: new Date().toISOString(),
  why,
})

/** Tells this run from all others; nobody has to guess it. A start has no need of the library for that. */
const ownToken = (): string => Array.from({ length: 4 }, eightDigits).join('')

const eightDigits = (): string =>
  Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')

/** `user@controller`. */
export const whoIsAt = (around: Surroundings): string => whoOf({ user: userAt(around), controller: hostname() })

/** Who sits at the keyboard, also behind sudo. */
const userAt = ({ environment }: Surroundings): string => environment('SUDO_USER') || nameOfUser()

/** A number may have no name. */
const nameOfUser = (): string => {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
