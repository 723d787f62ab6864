// Filters of paths, which look at no file.
import { posix } from 'node:path'
import { type Filters, ofText, opens, textArgument } from './filter.ts'
import { listOf, textOf } from './values.ts'

export const pathFilters: Filters = {
  basename: ofText(text => text.slice(text.lastIndexOf('/') + 1)),
  dirname: ofText(text => (text.includes('/') ? posix.dirname(text.replace(/\/[^/]*$/, '/x')) : '')),
  splitext: ofText(splitEnding),
  normpath: ofText(text => posix.normalize(text).replace(/(?<=.)\/$/, '')),
  path_join: opens(value => joined(typeof value === 'string' ? [value] : listOf(value).map(textOf))),
  relpath: ofText((text, args) => relative(text, textArgument(args, 0, 'start') ?? '.'), 'start'),
}

/** @source Python, `os.path.splitext`: dots at the beginning of a name begin no ending. */
function splitEnding(path: string): readonly string[] {
  const [, name = path, ending = ''] = /^((?:.*\/)?\.*[^/]*?)(\.[^./]*)?$/s.exec(path) ?? []
  return [name, ending]
}

/** @source Python, `os.path.join`: what begins with `/` begins anew. */
const joined = (parts: readonly string[]): string =>
  parts.reduce((path, part) => (part.startsWith('/') || path === '' ? part : `${path.replace(/\/$/, '')}/${part}`), '')

/** Of two paths that both begin at the root, or neither. */
const relative = (path: string, start: string): string =>
  posix.relative(posix.resolve('/', start), posix.resolve('/', path)) || '.'
