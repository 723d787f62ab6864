// Reads files of the controller that arguments name: in their own folder beside the playbook, or beside it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LargeFile, type Sums } from '../model/large-file.ts'
import { Problem } from '../model/problem.ts'
import { type FindFile, type FoundFile, longestCarried } from '../plan/taken-files.ts'
import { isVault } from '../text/vault.ts'
import { piecesOf } from './pieces.ts'
import { shown } from './shown.ts'
import { sumsOf } from './sums.ts'
import { sumUpBeside } from './sums-beside.ts'
import type { Surroundings } from './surroundings.ts'

export const fileReader = (around: Surroundings, onRead: (file: string) => void): FindFile => {
  const read = new Map<string, FoundFile>()
  return (name, { from, folder }) => {
    const beside = resolve(around.cwd, dirname(from))
    const places = [join(beside, folder), beside].map(each => resolve(each, name))
    const path = places.find(isFile)
    if (path === undefined) return { known: namesIn(join(beside, folder)), isDirectory: places.some(existsSync) }
    const found = read.get(path) ?? { file: shown(path, around), ...contentOf(path) }
    read.set(path, found)
    onRead(path)
    return found
  }
}

const contentOf = (path: string) => {
  const { size } = statSync(path)
  return size > longestCarried && !isVault(headOf(path))
    ? { large: largeFile(path, size) }
    : { bytes: readFileSync(path) as Uint8Array }
}

const largeFile = (path: string, size: number): LargeFile =>
  new LargeFile(path, () => readable(path), size < paysFrom ? undefined : sumUpBeside(path))

/** A thread takes as long to start as the sums of 10 MB. */
const paysFrom = 16 * 2 ** 20

const readable = (path: string): Sums => {
  try {
    return sumsOf(path)
  } catch (error) {
    throw goneMeanwhile(path, error as Error)
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
