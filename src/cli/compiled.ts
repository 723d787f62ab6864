// Loads a bundle with what V8 made of it at an earlier start; to read 3 MB of JavaScript anew takes longer than all else.
import { isAscii } from 'node:buffer'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'

/** Gives what a bundle imports by this name. */
export type Require = (name: string) => unknown

/** How far a process came: what it has not called is not compiled. */
export type Depth = 'start' | 'run'

export type Compiled<Exports> = {
  readonly exports: Exports
  /** Keeps what V8 has made of it up to now, unless as much was there already. */
  keep(depth: Depth): void
}

/**
 * Runs a bundle in CommonJS, without any `import()`: to a script that V8 has kept, Node.js 20 grants none.
 *
 * @param file Its name changes with its text: V8 compares no more than the length.
 * @throws What the bundle throws.
 */
export const loadCompiled = <Exports>(file: string, require: Require): Compiled<Exports> => {
  const node = thisNode()
  const codeOf = (depth: Depth) => `${file}.${node}.${depth}.code`
  const there = depths.find(depth => existsSync(codeOf(depth)))
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${textOf(file)}\n})`, {
    filename: file,
    cachedData: there && readFileSync(codeOf(there)),
  })
  const module = { exports: {} as Exports }
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  const kept = script.cachedDataRejected === false ? there : undefined
  const keep = (depth: Depth) => {
    // What is of no use is looked for again, so it is this that is replaced.
    if (kept === undefined) write(codeOf(there ?? depth), script.createCachedData())
    else if (kept === 'start' && depth === 'run') write(codeOf(depth), script.createCachedData())
  }
  return { exports: module.exports, keep }
}

/** The deepest first. */
const depths: readonly Depth[] = ['run', 'start']

/**
 * What V8 keeps is for one build of Node.js alone. Its own tag is the same for all patches of a version (20.19.0 and
 * 20.20.2), and what one of them kept ends the process of another.
 */
const thisNode = (): string => {
  const { size, mtimeMs } = statSync(process.execPath)
  const numbers = [cachedDataVersionTag(), size, Math.round(mtimeMs)].map(number => number.toString(36))
  return [process.version, process.arch, ...numbers].join('-')
}

/** As a text of single bytes where it can be one: that is half the memory, and read at once. */
const textOf = (file: string): string => {
  const bytes = readFileSync(file)
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
}

/** Moved into place whole. Where the package belongs to somebody else, each start reads the text anew. */
const write = (file: string, data: Buffer): void => {
  try {
    writeFileSync(`${file}.${process.pid}`, data, { mode: 0o644 })
    renameSync(`${file}.${process.pid}`, file)
  } catch {}
}
