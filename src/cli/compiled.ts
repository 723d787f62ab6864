// Loads a bundle with what V8 made of it at an earlier start; to read 3 MB of JavaScript anew takes longer than all else.
import { isAscii } from 'node:buffer'
import { accessSync, closeSync, constants, fstatSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'
import { writeWhole } from './write-whole.ts'

/** Gives what a bundle imports by this name. */
export type Require = (name: string) => unknown

/** How far a process came: what it has not called is not compiled. */
export type Depth = 'start' | 'run'

export type Compiled<Exports> = {
  readonly exports: Exports
  /**
   * Keeps what V8 has made of it up to now, unless as much was there already, or it cannot be written.
   *
   * @param complete Calls what this process had no need of and others may have.
   */
  keep(depth: Depth, complete?: () => void): void
}

/**
 * What stands around a bundle, in its file: V8 reads the text as it lies there. Put around it later, megabytes would be
 * copied at each start.
 */
export const frame = {
  banner: '(function (exports, require, module, __filename, __dirname) {',
  footer: '})',
}

/**
 * Runs a bundle in CommonJS, without any `import()`: to a script that V8 has kept, Node.js 20 grants none.
 *
 * @param file In its `frame`. Its name changes with its text: V8 compares no more than the length.
 * @throws What the bundle throws.
 */
export const loadCompiled = <Exports>(file: string, require: Require): Compiled<Exports> => {
  const node = nodeAt(process.execPath)
  const codeOf = (depth: Depth) => `${file}.${node}.${depth}.code`
  const text = textOf(file)
  const there = node === undefined ? undefined : keptFirst(codeOf)
  const script = new Script(text, { filename: file, cachedData: there?.code })
  const module = { exports: {} as Exports }
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  const isOfUse = script.cachedDataRejected === false
  const keep = (depth: Depth, complete?: () => void) => {
    const isEnough = isOfUse && (there?.depth === 'run' || depth === 'start')
    if (node === undefined || isEnough || !isWritable(dirname(file))) return
    if (there && !isOfUse) rmSync(codeOf(there.depth), { force: true })
    complete?.()
    write(codeOf(depth), script.createCachedData())
  }
  return { exports: module.exports, keep }
}

/** The deepest first. */
const depths: readonly Depth[] = ['run', 'start']

const keptFirst = (codeOf: (depth: Depth) => string) => {
  for (const depth of depths) {
    const code = readKept(codeOf(depth))
    if (code) return { depth, code }
  }
  return undefined
}

/** V8 looks at the beginning and the length alone, and of what was damaged behind them it dies: a sum stands before it. */
const readKept = (file: string): Buffer | undefined => {
  try {
    const bytes = read(file)
    const code = bytes.subarray(sumBytes)
    return bytes.length > sumBytes && crc32(code) === bytes.readUInt32BE() ? code : undefined
  } catch {
    return undefined
  }
}

/** So that V8 finds its numbers where a machine reads them. */
const sumBytes = 8

/**
 * What V8 keeps is for one build of Node.js alone. Its own tag is the same for all patches of a version (20.19.0 and
 * 20.20.2), and what one of them kept ends the process of another.
 *
 * @returns Nothing where it cannot be told, since Node.js is being replaced.
 */
const nodeAt = (path: string): string | undefined => {
  try {
    const { size, mtimeMs } = statSync(path)
    const numbers = [cachedDataVersionTag(), size, Math.round(mtimeMs)].map(number => number.toString(36))
    return [process.version, process.arch, ...numbers].join('-')
  } catch {
    return undefined
  }
}

/** As a text of single bytes where it can be one: that is half the memory, and read at once. */
const textOf = (file: string): string => {
  const bytes = read(file)
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

/** Memory that nobody has touched yet costs more than to read into it: one file after the other is read into the same. */
let room = Buffer.allocUnsafeSlow(0)

/** @returns What is good until the next file is read. */
const read = (file: string): Buffer => {
  const fd = openSync(file, 'r')
  try {
    const { size } = fstatSync(fd)
    if (size > room.length) room = Buffer.allocUnsafeSlow(2 * size)
    let length = 0
    for (let more = -1; more !== 0 && length < size; length += more)
      more = readSync(fd, room, length, size - length, null)
    return room.subarray(0, length)
  } finally {
    closeSync(fd)
  }
}

/** Where the package belongs to somebody else, each start reads the text anew. */
const isWritable = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** What cannot be kept is made anew. */
const write = (file: string, code: Buffer): void => {
  const sum = Buffer.alloc(sumBytes)
  sum.writeUInt32BE(crc32(code))
  try {
    writeWhole(file, Buffer.concat([sum, code]), 0o644)
  } catch {}
}
