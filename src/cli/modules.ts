// Loads modules that are written in TypeScript, without a build step: bundled once, kept by the hash of what they hold.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assertOurs, isRefusedByDisk } from '../journal/index.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import * as playbook from '../playbook/index.ts'
import * as task from '../task/index.ts'
import { frame, loadCompiled } from './compiled.ts'
import { keepAtEnd } from './kept-code.ts'
import { type BundleName, nameOnce } from './known-names.ts'
import { sumOf } from './pieces.ts'
import { requireBeside } from './require-beside.ts'
import { type Standing, shown } from './shown.ts'
import { sourcesBelow } from './sources-below.ts'
import { writeWhole } from './write-whole.ts'

export type Loading = Standing & {
  /** Where bundles are kept. */
  readonly cache: string
  /** Takes the sum of each file that is read. */
  readonly sums?: { set(file: string, sha256: string): unknown }
}

export type Modules = Readonly<Record<string, unknown>>

/** What modules import from us: the one copy, of which this command is made too. */
const surfaces: Readonly<Record<string, unknown>> = {
  '#task': task,
  '#playbook': playbook,
  'runbook-run/task': task,
  'runbook-run/playbook': playbook,
}

/** Of a site's own packages nothing is left to look up: they are in the bundle. */
const requireBuiltin = requireBeside(import.meta.url)

/** In the hash, so that a bundle of another make is not taken. */
const make = 'late, framed'

/**
 * Imports every `*.ts` of a folder; what lies in folders below it belongs to them.
 *
 * @returns The default export of each file, by the file's name without its ending; a file is carried out when it is asked for.
 * @throws {Problem} `module-broken` where a file cannot be read as TypeScript, or, when it is asked for, throws.
 */
export const loadFolder = async (folder: string, loading: Loading): Promise<Modules> =>
  existsSync(folder) ? loadAll(folder, '.', loading) : {}

const modulesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()

/** The same for a folder below another one, whose modules may import from all of that. */
export const loadBelow = (folder: string, below: string, loading: Loading): Promise<Modules> =>
  loadAll(folder, below, loading)

const loadAll = async (folder: string, below: string, loading: Loading): Promise<Modules> => {
  const files = modulesIn(join(folder, below))
  if (files.length > 0) return loadBundle({ folder, paths: files.map(file => `./${join(below, file)}`), ...loading })
  // What lies there may become part of a module.
  for (const path of sourcesBelow(folder)) loading.sums?.set(path, sumOf(path))
  return {}
}

/** Imports one file, with what it imports from beside it. */
export const loadFile = async (file: string, loading: Loading): Promise<unknown> => {
  const modules = await loadBundle({ folder: dirname(file), paths: [`./${basename(file)}`], ...loading })
  return modules[basename(file, '.ts')]
}

/** By the hash of all that they are made of. */
const loadedBefore = new Map<string, Modules>()

type Wanted = Loading & {
  readonly folder: string
  /** Of its files, from there. */
  readonly paths: readonly string[]
}

const loadBundle = async (wanted: Wanted): Promise<Modules> => {
  const { cache } = wanted
  openCache(cache)
  const name = `${hashOf(wanted)}.cjs`
  const earlier = loadedBefore.get(name)
  if (earlier !== undefined) return earlier
  const builtIn = join(shipped('dist/modules'), name)
  const there = existsSync(builtIn) ? builtIn : join(cache, name)
  const file = existsSync(there) ? there : keepOrLend(there, await bundle(wanted))
  try {
    const loaded = loadCompiled<Late>(file, name => surfaces[name] ?? requireBuiltin(name))
    // One that this command did not name may be what the next one names.
    const forget = keepAtEnd({
      keep: depth => loaded.keep(depth, () => Object.values(loaded.exports.late).forEach(tried)),
    })
    const modules = byName(loaded.exports, (path, error) => {
      // What threw once need not do so again, nor where another site has the same file.
      loadedBefore.delete(name)
      forget()
      return broken({ ...wanted, paths: [path] }, error)
    })
    loadedBefore.set(name, modules)
    return modules
  } catch (error) {
    throw broken(wanted, error)
  }
}

/** What a bundle exports: what each file exports, by its path, carried out when it is called. */
type Late = { readonly late: Readonly<Record<string, () => unknown>> }

const entryOf = ({ paths }: Wanted): string => {
  const lines = paths.map(path => JSON.stringify(path)).map(path => `${path}: () => require(${path})`)
  return `export const late = {\n${lines.join(',\n')}\n}`
}

type Fail = (path: string, error: unknown) => Problem

const byName = ({ late }: Late, fail: Fail): Modules =>
  Object.defineProperties(
    {},
    Object.fromEntries(
      Object.entries(late).map(([path, load]) => [
        basename(path, '.ts'),
        { enumerable: true, get: () => loadedFrom(load, error => fail(path, error)) },
      ]),
    ),
  )

const loadedFrom = (load: () => unknown, fail: (error: unknown) => Problem): unknown => {
  try {
    return defaultOf(load())
  } catch (error) {
    throw fail(error)
  }
}

/** Of a file with `export =` or `module.exports`, which is no ES module, all that it exports. */
const defaultOf = (exported: unknown): unknown =>
  (exported as { readonly __esModule?: true } | null | undefined)?.__esModule
    ? (exported as { readonly default?: unknown }).default
    : exported

const tried = (load: () => unknown): void => {
  try {
    load()
  } catch {} // who names it is told
}

const hashOf = (wanted: Wanted): string => {
  const { folder, cache, sums: asked } = wanted
  const paths = sourcesBelow(folder)
  const made = [make, import.meta.url, folder, entryOf(wanted)].join('\0')
  const { name, sums } = nameOnce({ cache, made, paths, take: () => hashed(wanted, paths) })
  for (const path of paths) asked?.set(path, sums[path] ?? '')
  return name
}

const hashed = (wanted: Wanted, paths: readonly string[]): BundleName => {
  const sums = paths.map(path => [path, sumOf(path)] as const)
  const parts = sums.map(([path, sum]) => `${path.slice(wanted.folder.length)}\0${sum}\0`)
  const hash = createHash('sha256').update([make, entryOf(wanted), ...parts].join('\0'))
  return { name: hash.digest('hex').slice(0, 32), sums: Object.fromEntries(sums) }
}

const openCache = (cache: string): void => {
  try {
    mkdirSync(cache, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
  }
  // What lies there is carried out.
  for (const folder of [dirname(cache), cache]) if (existsSync(folder)) assertOurs(folder)
}

/** Where the next command finds it; where nothing can be written there, for this command alone. */
const keepOrLend = (file: string, text: string): string => {
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

const bundle = async (wanted: Wanted): Promise<string> => {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    stdin: { contents: entryOf(wanted), resolveDir: wanted.folder, loader: 'ts' },
    absWorkingDir: dirname(wanted.folder),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    supported: { 'dynamic-import': false },
    external: Object.keys(surfaces),
    banner: { js: frame.banner },
    footer: { js: frame.footer },
    logLevel: 'silent',
  }).catch(error => {
    throw broken(wanted, error)
  })
  return outputFiles[0]?.text ?? ''
}

type EsbuildMessage = {
  readonly text: string
  readonly location: { file: string; line: number; column: number; lineText: string; length: number } | null
}

const broken = ({ folder, paths, cwd }: Wanted, error: unknown): Problem => {
  const [path = '.', ...more] = paths
  const what = join(folder, more.length > 0 ? dirname(path) : path)
  const [first] = (error as { errors?: readonly EsbuildMessage[] }).errors ?? []
  const at = first?.location
  return new Problem({
    code: 'module-broken',
    summary: at ? `${basename(at.file)} is no TypeScript that can be read` : `${shown(what, { cwd })} cannot be loaded`,
    ...(at && {
      span: {
        file: shown(join(dirname(folder), at.file), { cwd }),
        line: at.line,
        column: at.column + 1,
        width: Math.max(1, at.length),
        excerpt: at.lineText,
      },
    }),
    help: 'mend that file; `npx tsc --noEmit` tells more of it, with its line',
    seen: first?.text ?? (error instanceof Error ? ownStack(error) : String(error)),
    exit: exitCodes.input,
    cause: error,
  })
}

/** Where in the modules it was thrown: who mends them has no use for the rest of the way, nor for what a bundle puts around each. */
const ownStack = ({ stack, message }: Error): string => {
  const lines = (stack ?? message).split('\n')
  const end = lines.findLastIndex(isAround)
  return lines.filter((line, index) => !isAround(line) && (end < 0 || index < end)).join('\n')
}

const isAround = (line: string): boolean => /^\s+at __(require|init) /.test(line)

const home = fileURLToPath(new URL('..', import.meta.url))

/** The package's own folder, such as `tasks`: what is shipped. */
export const shipped = (name: string): string => join(home, name)
