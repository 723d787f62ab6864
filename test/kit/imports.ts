// What the files of the house import, and their text without comments.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type SourceFile = {
  /** From the root of the repository, such as `src/model/span.ts`. */
  readonly path: string
  /** Without comments. */
  readonly code: string
  readonly imports: readonly Import[]
}

export type Import = {
  /** A file from the root of the repository, or the name of a package. */
  readonly target: string
  /** Gone when the program runs. */
  readonly isType: boolean
}

/** All TypeScript below a folder. */
export const sourcesOf = (folder: string): readonly SourceFile[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => readSource(join(folder, name)))

const readSource = (path: string): SourceFile => {
  const code = withoutComments(readFileSync(join(root, path), 'utf8'))
  // A template may hold the text of a program, such as a new task's.
  const imports = importsOf(code.replace(template, ''), path)
  return { path, code, imports }
}

/** Biome keeps the house to single quotes, so a text ends where the next quote stands. */
const textOrComment = /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g

const template = /`(?:[^`\\]|\\.)*`/g

const withoutComments = (code: string): string =>
  code.replace(textOrComment, found => (found.startsWith('/') ? '' : found))

const importsOf = (code: string, path: string): readonly Import[] => {
  const declared = [
    ...code.matchAll(/^(?:import|export)\s+(type\s)?[\w$*{},\s]+?\sfrom\s+['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^import\s+()['"]([^'"]+)['"]/gm),
  ]
  const later = [...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)]
  return [
    ...declared.map(([, type, target = '']) => ({ target: resolve(target, path), isType: Boolean(type) })),
    ...later.map(([, target = '']) => ({ target: resolve(target, path), isType: false })),
  ]
}

const resolve = (target: string, from: string): string =>
  target.startsWith('.') ? normalize(join(dirname(from), target)) : target
