// The lock of this machine, taken and given back without a program where nothing is in the way: each start waits for it.
//
// What lies there is what the scripts leave (engine/lock/scripts.ts); whatever is not plain is for them to do and to tell.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LockHere } from '../engine/lock/scripts.ts'

export const lockHere = (directory: string): LockHere => ({
  take(owner) {
    if (!isDone(() => makeLock(directory))) return false
    if (isDone(() => write(directory, owner))) return true
    clear(directory)
    return false
  },
  giveBack(token) {
    if (!isDone(() => moveAway(directory, token))) return false
    clear(`${directory}.${token}`)
    return true
  },
})

const makeLock = (directory: string): void => {
  mkdirSync(dirname(directory), { recursive: true, mode: 0o700 })
  mkdirSync(directory, { mode: 0o700 })
}

const write = (directory: string, owner: string): void => {
  const beat = join(directory, 'beat')
  writeFileSync(join(directory, 'owner'), owner, { mode: 0o600 })
  writeFileSync(`${beat}.new`, `${Math.floor(Date.now() / 1000)}\n`, { mode: 0o600 })
  renameSync(`${beat}.new`, beat)
}

/** Nobody ever sees a lock that is half gone. */
const moveAway = (directory: string, token: string): void => {
  if (!readFileSync(join(directory, 'owner'), 'utf8').includes(`"token":"${token}"`))
    throw new Error('another one has it')
  renameSync(directory, `${directory}.${token}`)
}

/** What cannot be cleared away is no lock any more, or one of which a script says what is wrong. */
const clear = (directory: string): boolean => isDone(() => rmSync(directory, { recursive: true, force: true }))

const isDone = (work: () => void): boolean => {
  try {
    work()
    return true
  } catch {
    return false
  }
}
