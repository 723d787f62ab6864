// What commands remember for one another in a cache: written by us alone, and as a whole.
import { existsSync, readFileSync } from 'node:fs'
import { isRefusedByDisk } from '../journal/index.ts'
import { writeWhole } from './write-whole.ts'

/** @param isWhole Whether an entry is what we write. @returns Nothing where it cannot be read: it is found out again. */
export const readKeptJson = <Entry>(
  file: string,
  isWhole: (entry: Entry) => boolean,
): Readonly<Record<string, Entry>> => {
  if (!existsSync(file)) return {}
  try {
    const known: Readonly<Record<string, Entry>> = JSON.parse(readFileSync(file, 'utf8'))
    return Object.values(known).every(isWhole) ? known : {}
  } catch {
    return {}
  }
}

export const keepJson = (file: string, known: Readonly<Record<string, unknown>>): void => {
  try {
    writeWhole(file, JSON.stringify(known), 0o600)
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
  }
}
