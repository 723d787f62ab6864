// Reads files of the controller that arguments name: in their own folder beside the playbook, or beside it.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LargeFile } from '../model/large-file.ts'
import { type FindFile, type FoundFile, longestCarried } from '../plan/taken-files.ts'
import { cksum } from '../task/kinds/checksum.ts'
import { isVault } from '../text/vault.ts'
import { piecesOf } from './pieces.ts'
import { shown } from './shown.ts'
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

const contentOf = (path: string) =>
  statSync(path).size > longestCarried && !isVault(headOf(path))
    ? { large: new LargeFile(path, sumsOf(path)) }
    : { bytes: readFileSync(path) as Uint8Array }

const headOf = (path: string): string => {
  for (const piece of piecesOf(path)) return Buffer.from(piece.subarray(0, 100)).toString('latin1')
  return ''
}

const sumsOf = (path: string): LargeFile['sums'] => {
  const [sum, sha1] = [cksum(), createHash('sha1')]
  for (const piece of piecesOf(path)) {
    sum.add(piece)
    sha1.update(piece)
  }
  return { ...sum.end(), sha1: sha1.digest('hex') }
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
