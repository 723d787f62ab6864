// Reads a text of this machine that a user names; what keeps it from being read is theirs to mend, and no bug.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { exitCodes, Problem } from '../model/problem.ts'

/** Far more than a person writes, and far less than what a text in memory can hold. */
const mostBytes = 64_000_000

/**
 * @param told The path as it is shown.
 * @throws {Problem} `file-unreadable` for a folder, a file without permission, one that is larger than any text.
 */
export const readText = (path: string, told: string): string => {
  const found = orRefused(() => statSync(path), told)
  if (found.isDirectory()) throw unreadable(told, 'it is a folder', 'name a file in it')
  if (found.size > mostBytes) {
    const size = `it has ${Math.round(found.size / 1_000_000)} MB`
    throw unreadable(told, size, 'look whether it is the right file')
  }
  return orRefused(() => readFileSync(path, 'utf8'), told)
}

/** @throws {Problem} `file-unreadable` for what is no folder, or one without permission. */
export const namesBelow = (path: string, told: string): readonly string[] => orRefused(() => readdirSync(path), told)

const orRefused = <Value>(read: () => Value, told: string): Value => {
  try {
    return read()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const isDenied = code === 'EACCES' || code === 'EPERM'
    throw unreadable(
      told,
      isDenied ? 'permission denied' : code === 'ENOTDIR' ? 'it is no folder' : code,
      `look at it: ls -ld ${told}`,
    )
  }
}

const unreadable = (file: string, seen: string, help: string): Problem =>
  new Problem({ code: 'file-unreadable', summary: `${file} cannot be read`, seen, help, exit: exitCodes.input })
