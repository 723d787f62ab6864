// Reads files of the controller that arguments name: in their own folder beside the playbook, or beside it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LargeFile, type Reading } from '../model/large-file.ts'
import { Problem } from '../model/problem.ts'
import { type FindFile, type FoundFile, longestCarried } from '../plan/taken-files.ts'
import { isVault } from '../text/vault.ts'
import { piecesOf } from './pieces.ts'
import { shown } from './shown.ts'
import { readingOf } from './sums.ts'
import type { Surroundings } from './surroundings.ts'

/** Hears of each file that was read, and, where it is large, of itself: nobody has read all of it. */
export type OnRead = (file: string, large?: LargeFile) => void

export const fileReader = (around: Surroundings, onRead: OnRead): FindFile => {
  const read = new Map<string, FoundFile>()
  return (name, { from, folder }) => {
    const beside = resolve(around.cwd, dirname(from))
    const places = [join(beside, folder), beside].map(each => resolve(each, name))
    const path = places.find(isFile)
    if (path === undefined) return { known: namesIn(join(beside, folder)), isDirectory: places.some(existsSync) }
    const found = read.get(path) ?? { file: shown(path, around), ...contentOf(path) }
    read.set(path, found)
    onRead(path, 'large' in found ? found.large : undefined)
    return found
  }
}

const contentOf = (path: string) =>
  statSync(path).size > longestCarried && !isVault(headOf(path))
    ? { large: new LargeFile(path, readable(path, readingOf(path))) }
    : { bytes: readFileSync(path) as Uint8Array }

const readable = (path: string, { sumsAtOnce, sums, digest, pieces }: Reading): Reading => {
  const fail = (error: unknown): never => {
    throw goneMeanwhile(path, error as Error)
  }
  return {
    sumsAtOnce() {
      try {
        return sumsAtOnce()
      } catch (error) {
        return fail(error)
      }
    },
    sums: () => sums().catch(fail),
    digest: (...how) => digest(...how).catch(fail),
    // Who sends it tells what was sent before it could be read no more.
    pieces,
  }
}

const goneMeanwhile = (path: string, { message }: Error): Problem =>
  new Problem({
    code: 'file-unreadable',
    summary: `${path} cannot be read any more on this machine`,
    seen: message,
    wanted: 'the file that was there when the playbook was read',
    state: 'nothing of it was sent',
    help: 'bring it back, then run it again',
  })

const headOf = (path: string): string => {
  for (const piece of piecesOf(path)) return Buffer.from(piece.subarray(0, 100)).toString('latin1')
  return ''
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
