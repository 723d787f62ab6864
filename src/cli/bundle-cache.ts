// Where bundles of modules are kept: only we may write there, since what lies there is carried out.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { assertOurs, isRefusedByDisk } from '../journal/index.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { writeWhole } from './write-whole.ts'

/** @throws {Problem} `folder-not-ours`. */
export const openCache = (cache: string): void => {
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
  }
  for (const folder of [dirname(cache), cache]) if (existsSync(folder)) assertOurs(folder)
}

/**
 * Where the next command finds it; where nothing can be written there, for this command alone.
 *
 * @returns The file. @throws {Problem} `cache-unwritable` where it can be written nowhere.
 */
export const keepOrLend = (file: string, text: string): string => {
  try {
    // Moved into place whole: another command may load it at this moment.
    writeWhole(file, text)
    return file
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
    return lend(basename(file), text)
  }
}

const lend = (name: string, text: string): string => {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'run-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  } catch (error) {
    throw isRefusedByDisk(error) ? noRoom(error as Error) : error
  }
}

const noRoom = (error: Error): Problem =>
  new Problem({
    code: 'cache-unwritable',
    summary: 'What is made of a module in TypeScript before it can be loaded cannot be written',
    seen: error.message,
    state: 'nothing was touched',
    help: `make room below ${tmpdir()}, or name another place in the environment: TMPDIR=/path run …`,
    exit: exitCodes.input,
  })
