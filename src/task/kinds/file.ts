// What stands at a path: a file, a directory, something else, or nothing; with owner, group and mode, without content.
import { z } from 'zod'
import { type Change, isKnown, notKnownYet, type ResourceName } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import type { CommandResult, SeveralAsked } from '../../shell/host-shell.ts'
import { quoteWord } from '../../shell/quote.ts'
import { type Cover, definitionOf, resource } from '../resource.ts'
import { emptyDirectory } from './contents.ts'
import { isBelow } from './paths.ts'

const owned = { owner: z.string(), group: z.string(), mode: z.string() }

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('file'), ...owned }),
  z.object({ type: z.literal('directory'), ...owned }),
  z.object({ type: z.literal('link'), target: z.string() }),
  z.object({ type: z.literal('other') }),
])

export type FileValue = z.infer<typeof schema>

const absent = { type: 'absent' } as const

/** @source Linux, inode(7): the file type is the upper four bits of the mode. */
const typeBits: Readonly<Record<string, 'file' | 'directory' | 'link'>> = { '8': 'file', '4': 'directory', a: 'link' }

export const file = resource<FileValue>({
  kind: 'file',
  schema,
  ofPath: true,
  presumed: absent,
  // `%f` is the mode in hexadecimal: the same in every language, unlike `%F`.
  read: ($, path) =>
    $`if [ -L ${path} ]; then printf 'a %s\\n' "$(readlink ${path})"; elif [ -e ${path} ]; then exec stat -c '%f %U %G' ${path}; else echo absent; fi`,
  together: { script: severalAsked, split: severalTold },
  parse({ stdout }) {
    const line = stdout.trimEnd()
    if (line === 'absent') return absent
    if (line.startsWith('a ')) return { type: 'link', target: line.slice(2) }
    const [, bits = '', owner = '', group = ''] = /^([0-9a-f]{4,}) (\S+) (\S+)$/.exec(line) ?? []
    if (bits === '') return undefined
    const type = typeBits[bits.slice(0, -3)]
    if (type === undefined || type === 'link') return { type: 'other' }
    const mode = (Number.parseInt(bits, 16) & 0o7777).toString(8).padStart(4, '0')
    return { type, owner, group, mode }
  },
  covers,
})

/** One `stat` for all that is there; what a link says of where it leads may be anything, so it is asked alone. */
function severalAsked(paths: readonly string[]): string {
  const words = paths.map(path => quoteWord(path)).join(' ')
  return `for path in ${words}; do
  if [ -L "$path" ]; then echo link; elif [ -e "$path" ]; then echo there; set -- "$@" "$path"; else echo absent; fi
done
[ $# = 0 ] || exec stat -c '%f %U %G' "$@"`
}

function severalTold({ stdout, exitCode }: CommandResult, count: number): ReturnType<SeveralAsked['split']> {
  const lines = stdout.split('\n').slice(0, -1)
  const [found, there] = [lines.slice(0, count), lines.slice(count)]
  if (exitCode !== 0 || there.length !== found.filter(word => word === 'there').length) return undefined
  const told = (line: string | undefined) => ({ stdout: `${line}\n`, stderr: '', exitCode })
  return found.map(word => (word === 'link' ? undefined : told(word === 'there' ? there.shift() : word)))
}

function covers(change: Change, other: ResourceName): Cover | undefined {
  const { key, before, after } = change
  const special = coverSpecial[other.kind]
  if (special) return special(change, other)
  const isOwners = other.kind === 'owners' || other.kind === 'directory-owners'
  if (isOwners && isBelow(key, other.key)) return { type: 'altered', alter: pairs => withOneMore(pairs, change) }
  if (other.kind === 'file' && isBelow(key, other.key) && typeOf(after) !== 'absent')
    return { type: 'altered', alter: made }
  if (other.key !== key && !isBelow(other.key, key)) return undefined
  if (isOwners) return coverOwners(change, other)
  const definition = definitionOf(other.kind)
  if (!definition?.ofPath) return undefined
  if (!isKnown(after)) return { type: 'unknown' }
  const was = typeOf(before)
  const is = typeOf(after)
  const nothing: Cover =
    definition.presumed === undefined ? { type: 'unknown' } : { type: 'value', value: definition.presumed }
  // A directory that is made is empty, and below anything but a directory there is nothing.
  if (other.key !== key) return is === 'directory' && was === 'directory' ? undefined : nothing
  if (is === 'absent') return nothing
  return was === is ? undefined : { type: 'unknown' }
}

/** What an init script, or a unit, says of its service is not known before it lies there, or while it is another. */
const coverServices = ({ key }: Change, other: ResourceName): Cover | undefined => {
  const name = key.slice(key.lastIndexOf('/') + 1)
  const isOfIt = other.key === name && (key === `/etc/init.d/${name}` || /\/systemd\/system\/[^/]+$/.test(key))
  return isOfIt ? { type: 'unknown' } : undefined
}

type Covering = (change: Change, other: ResourceName) => Cover | undefined

/** Directories above a thing are made with it; with which mode, nobody can tell here. */
const made = (value: Json): Json => (typeOf(value) === 'absent' ? notKnownYet : value)

const coverSpecial: Readonly<Record<string, Covering>> = {
  contents: (change, other) => coverContents(change, other),
  emptiness: (change, other) => coverContents(change, other),
  identity: (change, other) => coverIdentity(change, other),
  inode: (change, other) => coverInode(change, other),
  modes: (change, other) => coverModes(change, other),
  'mounts-below': (change, other) => coverMounts(change, other),
  'boot-start': (change, other) => coverServices(change, other),
  service: (change, other) => coverServices(change, other),
  'service-state': (change, other) => coverServices(change, other),
}

const emptyOf = {
  contents: { empty: emptyDirectory, absent, filled: notKnownYet },
  emptiness: { empty: { is: 'empty' }, absent: { is: 'absent' }, filled: { is: 'filled' } },
} as const

/** A new directory is empty; owner and mode of what lies in one are no part of its contents. */
const coverContents = ({ key, before, after }: Change, other: ResourceName): Cover | undefined => {
  if (key !== other.key && !isBelow(other.key, key) && !isBelow(key, other.key)) return undefined
  const [was, is] = [typeOf(before), typeOf(after)]
  if (was === is && isKnown(after)) return undefined
  if (!isKnown(after)) return { type: 'unknown' }
  const values = other.kind === 'emptiness' ? emptyOf.emptiness : emptyOf.contents
  if (isBelow(key, other.key)) return orUnknown(is === 'absent' ? notKnownYet : values.filled)
  if (is === 'absent' || key !== other.key) return { type: 'value', value: values.absent }
  return { type: 'value', value: values.empty }
}

const orUnknown = (value: Json): Cover => (isKnown(value) ? { type: 'value', value } : { type: 'unknown' })

/** In what is made, and in what is gone, nothing is mounted. */
const coverMounts = ({ key, before, after }: Change, other: ResourceName): Cover | undefined => {
  if (key !== other.key && !isBelow(other.key, key)) return undefined
  if (!isKnown(after)) return { type: 'unknown' }
  return typeOf(before) === typeOf(after) ? undefined : { type: 'value', value: { at: [] } }
}

/** Times and sizes move with all that is done to a thing, or in a directory. */
const coverInode = ({ key, after }: Change, other: ResourceName): Cover | undefined => {
  if (key !== other.key && !isBelow(other.key, key) && !isBelow(key, other.key)) return undefined
  const isGone = typeOf(after) === 'absent' && !isBelow(key, other.key)
  return isGone ? { type: 'value', value: absent } : { type: 'unknown' }
}

/** What gets another content or owner may be another file by then, which is moved to its place. */
const coverIdentity = ({ key, before, after }: Change, other: ResourceName): Cover | undefined => {
  if (key !== other.key && !isBelow(other.key, key)) return undefined
  if (key !== other.key && isKnown(after) && typeOf(before) === typeOf(after)) return undefined
  const isThere = !isKnown(after) || (key === other.key && typeOf(after) !== 'absent')
  return isThere ? { type: 'unknown' } : { type: 'value', value: { file: '' } }
}

/** A new directory holds nothing; of one more thing in a tree nobody can tell whether others have its mode. */
const coverModes = ({ key, before, after }: Change, other: ResourceName): Cover | undefined => {
  if (isBelow(key, other.key)) return { type: 'unknown' }
  if (other.key !== key && !isBelow(other.key, key)) return undefined
  const isThere = typeOf(before) === 'directory' && typeOf(after) === 'directory' && other.key !== key
  return isThere ? undefined : { type: 'unknown' }
}

/** All in a new directory belongs to its owner, until somebody says otherwise. */
const coverOwners = ({ key, before, after }: Change, other: ResourceName): Cover | undefined => {
  const is = schema.safeParse(after)
  if (!is.success) return { type: 'unknown' }
  if (other.key !== key && is.data.type === 'directory' && typeOf(before) === 'directory') return undefined
  if (other.key !== key) return { type: 'value', value: { pairs: [] } }
  if (is.data.type === 'absent') return { type: 'value', value: { pairs: [] } }
  if (typeOf(before) === 'directory' || is.data.type !== 'directory') return { type: 'unknown' }
  return { type: 'value', value: { pairs: [`${is.data.owner}:${is.data.group}`] } }
}

/** A tree in which one more thing has an owner; whether another still has the one before, nobody can tell. */
const withOneMore = (owned: Json, { before, after }: Change): Json => {
  const tree = owners.safeParse(owned)
  const [was, is] = [schema.safeParse(before), schema.safeParse(after)]
  if (!tree.success || !was.success || !is.success) return notKnownYet
  const [pairBefore, pair] = [pairOf(was.data), pairOf(is.data)]
  if (pairBefore === pair) return owned
  return pairBefore === undefined && tree.data.pairs.includes(pair ?? '') ? owned : notKnownYet
}

const owners = z.object({ pairs: z.array(z.string()) })

const pairOf = (value: FileValue): string | undefined =>
  'owner' in value ? `${value.owner}:${value.group}` : undefined

const typeOf = (value: Change['after']): unknown =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
