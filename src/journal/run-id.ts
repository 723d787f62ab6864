// A run has a name that a person can say, and a folder of its own that no second run can take.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { folderProblem, isErrno } from './disk.ts'
import { assertOurs } from './own-folder.ts'

/**
 * Takes a name for a new run by making its folder, readable for its owner only.
 *
 * @param dir Where runs are kept; made when it is not there.
 * @param now The time on the clock of whoever starts the run, hence in the local zone.
 * @returns `2026-11-23-0612`, or with `-2`, `-3`, … behind it when that is taken.
 * @throws {Problem} `journal-full`, `journal-unwritable`, `folder-not-ours`.
 */
export const createRun = (dir: string, now: Date): string => {
  const minute = formatMinute(now)
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    assertOurs(dir)
    for (let n = 1; ; n++) {
      const run = n === 1 ? minute : `${minute}-${n}`
      if (takeFolder(join(dir, run))) return run
    }
  } catch (error) {
    throw folderProblem(error, dir)
  }
}

/** `mkdir` is what no two processes can both do. */
const takeFolder = (folder: string): boolean => {
  // Asked first: an error takes longer than the question, and a minute may have many runs.
  if (existsSync(folder)) return false
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

const formatMinute = (at: Date): string => {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}`
}
