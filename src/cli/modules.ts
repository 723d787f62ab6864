// Loads modules that are written in TypeScript, without a build step: bundled once, kept by the hash of what they hold.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Problem } from '../model/problem.ts'
import * as playbook from '../playbook/index.ts'
import * as task from '../task/index.ts'
import { keepOrLend, openCache } from './bundle-cache.ts'
import { bundleModules, type Loading, moduleBroken, type Wanted } from './bundle-modules.ts'
import { nameOf, nameOfBundled } from './bundle-name.ts'
import { loadCompiled } from './compiled.ts'
import { keepAtEnd } from './kept-code.ts'
import type { BundleName } from './known-names.ts'
import { sumOf } from './pieces.ts'
import { requireBeside } from './require-beside.ts'
import { sourcesBelow } from './sources-below.ts'

export type { Loading } from './bundle-modules.ts'

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
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.startsWith('.'))
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

const loadBundle = async (wanted: Wanted): Promise<Modules> => {
  openCache(wanted.cache)
  const known = nameOf(wanted)
  const there = placesOf(wanted, known.name).find(existsSync)
  const { file, name, sums } = there ? { file: there, ...known } : await made(wanted)
  for (const [path, sum] of Object.entries(sums)) wanted.sums?.set(path, sum)
  const earlier = loadedBefore.get(name)
  if (earlier !== undefined) return earlier
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
      return moduleBroken({ ...wanted, paths: [path] }, error)
    })
    loadedBefore.set(name, modules)
    return modules
  } catch (error) {
    throw moduleBroken(wanted, error)
  }
}

/** What is shipped has its bundles with it. */
const placesOf = ({ cache }: Wanted, name: string): readonly string[] =>
  [shipped('dist/modules'), cache].map(folder => join(folder, `${name}.cjs`))

const made = async (wanted: Wanted): Promise<BundleName & { readonly file: string }> => {
  const { text, sums } = await bundleModules(wanted, Object.keys(surfaces))
  const named = nameOfBundled(wanted, sums)
  return { ...named, file: keepOrLend(join(wanted.cache, `${named.name}.cjs`), text) }
}

type Late = { readonly late: Readonly<Record<string, () => unknown>> }

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

const home = fileURLToPath(new URL('..', import.meta.url))

/** The package's own folder, such as `tasks`: what is shipped. */
export const shipped = (name: string): string => join(home, name)
