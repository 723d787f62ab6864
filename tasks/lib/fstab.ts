// Lines of an fstab: which belongs to a mount point, and how the text reads once that is as wanted.
import { closed, linesOf } from './lines.ts'

export type FstabEntry = {
  readonly path: string
  readonly src: string
  readonly fstype: string
  readonly opts: string
  readonly dump: number
  readonly passno: number
}

/** The first line of the mount point is the one that counts; it keeps its place, and one that says the same as it is. */
export const withEntry = (text: string, entry: FstabEntry): string => {
  const lines = linesOf(text)
  const at = lines.findIndex(line => entryOf(line)?.path === entry.path)
  if (at < 0) return [...closed(lines), lineOf(entry)].join('')
  return isSame(entryOf(lines[at] ?? ''), entry) ? text : lines.with(at, lineOf(entry)).join('')
}

export const withoutEntry = (text: string, path: string): string =>
  linesOf(text)
    .filter(line => entryOf(line)?.path !== path)
    .join('')

/** @source fstab(5): the last two fields are 0 where they are not there; a `#` begins a comment. */
const entryOf = (line: string): FstabEntry | undefined => {
  const [src, path, fstype, opts = 'defaults', dump = '0', passno = '0'] = line.trim().split(/\s+/).map(read)
  if (!src || src.startsWith('#') || !path || !fstype) return undefined
  return { src, path, fstype, opts, dump: Number(dump), passno: Number(passno) }
}

const lineOf = ({ src, path, fstype, opts, dump, passno }: FstabEntry): string =>
  `${[src, path, fstype, opts, `${dump}`, `${passno}`].map(write).join(' ')}\n`

const isSame = (one: FstabEntry | undefined, other: FstabEntry): boolean =>
  one !== undefined && lineOf(one) === lineOf(other)

/** @source fstab(5), "The second field": blanks are written as octal numbers; ansible.posix does so with `&` too. */
const write = (field: string): string =>
  field.replace(/[\s\\&]/g, sign => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`)

const read = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
