// Two names of one file.
import {
  type Change,
  change,
  type FileValue,
  file,
  type HostDollar,
  notKnownYet,
  Problem,
  resource,
  same,
  type World,
  z,
} from '#task'
import { forget, keepContent } from './kept.ts'
import { targetOf } from './links.ts'
import { occupied } from './one-file.ts'
import { bringBack } from './put-file.ts'

/** Which file stands at a path: two names of one say the same. */
export const identity = resource<{ file: string }>({
  kind: 'identity',
  schema: z.object({ file: z.string() }),
  ofPath: true,
  presumed: { file: '' },
  read: ($, path) => $`if [ -e ${path} ]; then stat -c '%d:%i' ${path}; fi`,
  parse: ({ stdout }) => ({ file: stdout.trim() }),
  // It holds what the other name holds.
  covers: ({ key }, { kind, key: other }) => (other === key && ofContent.has(kind) ? { type: 'unknown' } : undefined),
})

const ofContent: ReadonlySet<string> = new Set(['text', 'sealed', 'checksum', 'inode'])

type Wanted = { readonly path: string; readonly src: string; readonly force: boolean }

export const lookAtHardLink = async (world: World, { path, src, force }: Wanted) => {
  const [seen, of] = [await world.look(file(path)), await world.look(file(src))]
  if (of.type !== 'file') throw noSource(src, of)
  const [own, wanted] = [await world.lookIfKnown(identity(path)), await world.lookIfKnown(identity(src))]
  const result = { dest: path, src, state: 'hard' }
  // Where nothing was seen, as below a mount point that nobody holds, nothing is the same.
  const isSeen = own.known && wanted.known && own.value.file !== ''
  if (isSeen && own.value.file === wanted.value.file) return same(`${path} is the same file as ${src}`, result)
  if (seen.type !== 'absent' && (seen.type !== 'file' || !force)) throw occupied(path, seen, `name of ${src}`)
  const before = own.known && (own.value.file !== '' || seen.type === 'absent') ? own.value : notKnownYet
  const after = wanted.known && wanted.value.file !== '' ? wanted.value : notKnownYet
  const link = change(identity(path), before, after)
  const ofPath = JSON.stringify(seen) === JSON.stringify(of) ? [] : [change(file(path), seen, of)]
  return { type: 'differs' as const, because: '', changes: [...ofPath, link], result }
}

type Changes = { readonly changes: readonly Change[]; readonly kept: string }

/** A file that had the name is put aside. */
export const putHardLink = async (
  $: HostDollar,
  { path, src = '' }: { readonly path: string; readonly src?: string | undefined },
  { changes, kept }: Changes,
): Promise<void> => {
  if (wasThere(changes)) await keepContent($, path, kept)
  await $`ln -f -- ${targetOf(path, src)} ${path}`
}

/** As a file of its own again, where one had the name. */
export const takeHardLinkBack = async ($: HostDollar, path: string, { changes, kept }: Changes): Promise<void> => {
  const owned = changes.find(({ kind }) => kind === 'file')?.before as Owned | undefined
  if (wasThere(changes)) await bringBack($, { path, owned }, kept)
  else await $`rm -f ${path}`
  await forget($, kept)
}

type Owned = { readonly owner: string; readonly group: string; readonly mode: string }

const wasThere = (changes: readonly Change[]): boolean =>
  changes.some(({ kind, before }) => kind === 'identity' && JSON.stringify(before) !== '{"file":""}')

const noSource = (src: string, seen: FileValue): Problem =>
  new Problem({
    code: 'path-absent',
    summary: `${src} is no file, so it cannot have a second name`,
    seen: seen.type,
    wanted: 'a file on the node',
    help: 'make that first, or correct `src:`',
  })
