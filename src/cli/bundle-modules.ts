// Makes one bundle of modules that are written in TypeScript, and tells what it is made of.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'
import { exitCodes, Problem } from '../model/problem.ts'
import { frame } from './compiled.ts'
import { type Standing, shown } from './shown.ts'

export type Loading = Standing & {
  /** Where bundles are kept. */
  readonly cache: string
  /** Takes the sum of each file that is read. */
  readonly sums?: { set(file: string, sha256: string): unknown }
}

export type Wanted = Loading & {
  readonly folder: string
  /** Of its files, from there. */
  readonly paths: readonly string[]
}

/** What a bundle exports: what each file exports, by its path, carried out when it is called. */
export const entryOf = ({ paths }: Wanted): string => {
  const lines = paths.map(path => JSON.stringify(path)).map(path => `${path}: () => require(${path})`)
  return `export const late = {\n${lines.join(',\n')}\n}`
}

/** @property sums SHA-256 of every file that is in it, as it was read, by where it really lies. */
export type Bundled = { readonly text: string; readonly sums: ReadonlyMap<string, string> }

/**
 * @param external What it leaves to whoever loads it.
 * @throws {Problem} `module-broken`.
 */
export const bundleModules = async (wanted: Wanted, external: readonly string[]): Promise<Bundled> => {
  const { build } = await import('esbuild')
  const sums = new Map<string, string>()
  const { outputFiles } = await build({
    stdin: { contents: entryOf(wanted), resolveDir: wanted.folder, loader: 'ts' },
    absWorkingDir: dirname(wanted.folder),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    supported: { 'dynamic-import': false },
    external: [...external],
    banner: { js: frame.banner },
    footer: { js: frame.footer },
    plugins: [summedUp(sums)],
    logLevel: 'silent',
  }).catch(error => {
    throw moduleBroken(wanted, error)
  })
  return { text: outputFiles[0]?.text ?? '', sums }
}

/** Reads each file itself: one that is edited while others are read is known by what went in. */
const summedUp = (sums: Map<string, string>): Plugin => ({
  name: 'summed-up',
  setup: ({ onLoad }) =>
    onLoad({ filter: /^/, namespace: 'file' }, ({ path }) => {
      const contents = readFileSync(path)
      sums.set(path, createHash('sha256').update(contents).digest('hex'))
      return { contents, loader: 'default' }
    }),
})

type EsbuildMessage = {
  readonly text: string
  readonly location: { file: string; line: number; column: number; lineText: string; length: number } | null
}

export const moduleBroken = ({ folder, paths, cwd }: Wanted, error: unknown): Problem => {
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
