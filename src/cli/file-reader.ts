// Reads files of the controller that arguments name: in their own folder beside the playbook, or beside it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { FindFile } from '../plan/taken-files.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

export const fileReader = (around: Surroundings, onRead: (file: string) => void): FindFile => {
  const read = new Map<string, Uint8Array>()
  return (name, { from, folder }) => {
    const beside = resolve(around.cwd, dirname(from))
    const path = [join(beside, folder), beside].map(each => resolve(each, name)).find(isFile)
    if (path === undefined) return { known: namesIn(join(beside, folder)) }
    const bytes = read.get(path) ?? readFileSync(path)
    read.set(path, bytes)
    onRead(path)
    return { file: shown(path, around), bytes }
  }
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
