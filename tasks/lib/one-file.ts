// One file with its content, owner, group and mode: what all tasks share that write one.
import {
  change,
  checksum,
  checksumOf,
  differs,
  type FileValue,
  file,
  groupName,
  type HostDollar,
  type Json,
  LargeFile,
  modeOrLetters,
  mount,
  Problem,
  part,
  type Ref,
  Secret,
  same,
  sealed,
  sealOf,
  self,
  sha1Of,
  text,
  truth,
  userName,
  type World,
  z,
} from '#task'
import type { Owned } from './dressing.ts'
import { forget, keepContent } from './kept.ts'
import { modeFrom } from './modes.ts'
import { bringBack, type Content, isAsMade, putBack, putFile } from './put-file.ts'

export const ownerArgs = {
  owner: userName.optional().meta({ description: 'as it is, or whoever makes it, unless told' }),
  group: groupName.optional(),
  mode: modeOrLetters.optional(),
}

export const writingArgs = {
  ...ownerArgs,
  backup: truth.default(false).meta({ description: 'a copy of the file before stays beside it' }),
  validate: z
    .string()
    .includes('%s', { message: 'a command with `%s` for the file' })
    .optional()
    .meta({ description: 'a command that has to end well before the file is put there' }),
}

/** What `register` gets of a file. */
export const written = z.object({
  dest: z.string().meta({ description: 'its path' }),
  owner: z.string().optional(),
  group: z.string().optional(),
  mode: z.string().optional().meta({ description: 'four octal digits' }),
  state: z.string().optional(),
  checksum: z.string().optional().meta({ description: 'SHA-1; not of a secret, nor of a file of the node' }),
  size: z.number().optional().meta({ description: 'bytes; not of a secret, nor of a file of the node' }),
  backup_file: z.string().optional().meta({ description: 'the copy of the file before, with `backup:`' }),
})

type OwnerArgs = {
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly mode?: string | undefined
}

export type Wanted = OwnerArgs & {
  readonly path: string
  readonly content: Content
  /** The whole text is told, however long it is: what is written has to be in the changes. */
  readonly isTold?: boolean
  /** Where nobody takes the result, it has no sum that takes long. */
  readonly isRegistered?: boolean
}

/** What differs of a file that has to be there with this content, and what `register` gets of it. */
export const lookAtFile = async (
  world: World,
  { path, content, isTold = false, isRegistered = true, ...owned }: Wanted,
) => {
  // Asked at once, and told in this order.
  const [ofThere, ofContent] = await bothOf(
    pathChanges(world, path, owned),
    contentChanges(world, path, { content, isTold }),
  )
  const { wanted, ofPath } = ofThere
  const { owner, group, mode } = wanted
  const result: Fields = { dest: path, owner, group, mode, state: 'file', ...(await told(content, isRegistered)) }
  return { changes: [...ofPath, ...ofContent], result }
}

/** Of two that fail it is the first that is told. */
const bothOf = async <A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> => {
  await Promise.allSettled([first, second])
  return [await first, await second]
}

const pathChanges = async (world: World, path: string, owned: OwnerArgs) => {
  const seen = await world.look(file(path))
  if (seen.type === 'directory' || seen.type === 'other') throw occupied(path, seen)
  const isNew = seen.type === 'absent'
  const [, own] = await bothOf(isNew ? assertParent(world, path) : nothing, ownedBy(world, seen, owned))
  const wanted = { type: 'file' as const, ...own }
  return { wanted, ofPath: isSameThing(seen, wanted) ? [] : [change(file(path), seen, wanted)] }
}

const nothing = Promise.resolve()

type Looked = Awaited<ReturnType<typeof lookAtFile>>

export const answerOf = (path: string, { changes, result }: Looked) =>
  changes.length === 0 ? same(`${path} is there as it should be`, result) : { ...differs(...changes), result }

/**
 * A directory takes the file under the name that it has.
 *
 * @param content What will be looked for there, which is asked for already.
 */
export const placeIn = async (
  world: World,
  dest: string,
  { name, content }: { readonly name: string; readonly content: Content },
): Promise<string> => {
  if (!dest.endsWith('/')) askAhead(world, contentOf(dest, { content, isTold: false }))
  const isDirectory = dest.endsWith('/') || (await world.look(file(dest))).type === 'directory'
  return isDirectory ? `${dest.replace(/\/$/, '')}/${name.replace(/^.*\//, '')}` : dest
}

/** Asks at once for what will be asked for when something else is answered: one way to the node less. */
export const askAhead = (world: World, ref: Ref): void => void world.lookIfKnown(ref).catch(() => {})

/** Owner, group and mode as they will be: as wanted, as they are, or as whoever makes it has them. */
export const ownedBy = async (
  world: World,
  seen: FileValue,
  { owner, group, mode }: OwnerArgs,
  isDirectory = false,
) => {
  const there = 'owner' in seen ? seen : undefined
  const maker = there || (owner && group) ? undefined : await world.look(self('user'))
  return {
    owner: owner ?? there?.owner ?? maker?.user ?? 'root',
    group: group ?? there?.group ?? maker?.group ?? 'root',
    mode: modeFrom(mode ?? there?.mode ?? usual(isDirectory), { mode: there?.mode ?? usual(isDirectory), isDirectory }),
  }
}

const usual = (isDirectory: boolean): string => (isDirectory ? '0755' : '0644')

/** What is longer is told by its checksum: nobody reads a diff of it, and a journal would keep it twice. */
const longestTold = 200_000

type ToTell = { readonly content: Content; readonly isTold: boolean }

/** What is looked at for it: the text, its seal, or its checksum. */
const contentOf = (path: string, { content, isTold }: ToTell): Ref => {
  if (content instanceof Secret) return sealed(path)
  return isText(content, isTold) ? text(path) : checksum(path)
}

const isText = (content: Content, isTold: boolean): content is string =>
  typeof content === 'string' && (isTold || content.length <= longestTold)

const contentChanges = async (world: World, path: string, { content, isTold }: ToTell) => {
  if (content instanceof Secret) {
    const [seen, wanted] = [await world.look(sealed(path)), sealOf(path, content)]
    return isEqual(seen, wanted) ? [] : [change(sealed(path), seen, wanted)]
  }
  if (isText(content, isTold)) {
    const [seen, wanted] = [await world.look(text(path)), { type: 'text' as const, text: content }]
    return isEqual(seen, wanted) ? [] : [change(text(path), seen, wanted)]
  }
  const [seen, wanted] = await bothOf(world.look(checksum(path)), checksumOfContent(world, content))
  return isEqual(seen, wanted) ? [] : [change(checksum(path), seen, wanted)]
}

const isEqual = (seen: Json, wanted: Json): boolean =>
  JSON.stringify(Object.entries(seen ?? {}).sort()) === JSON.stringify(Object.entries(wanted ?? {}).sort())

const checksumOfContent = async (world: World, content: Exclude<Content, Secret>) => {
  if (typeof content === 'string') return checksumOf(Buffer.from(content))
  if (content instanceof LargeFile) return sumOf(await content.summed())
  if ('base64' in content) return checksumOf(Buffer.from(content.base64, 'base64'))
  const seen = await world.look(checksum(content.from))
  if (seen.type === 'absent') throw noSource(content.from, await world.look(file(content.from)))
  return seen
}

const sumOf = ({ crc, bytes }: LargeFile['sums']) => ({ type: 'sum' as const, crc, bytes })

type Fields = { readonly [name: string]: Json }

/** What `register` gets of the content; of a secret nothing, not even how long it is. */
const told = async (content: Content, isRegistered: boolean): Promise<Fields> => {
  if (content instanceof Secret || (typeof content === 'object' && 'from' in content)) return {}
  if (content instanceof LargeFile)
    return { ...(isRegistered && { checksum: await content.digest('sha1') }), size: content.sums.bytes }
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.base64, 'base64')
  return { checksum: sha1Of(bytes), size: bytes.length }
}

type Writing = {
  readonly content: Content
  readonly validate?: string | undefined
  readonly backup?: boolean | undefined
} & OwnerArgs

/** Any of the changes of `lookAtFile`. */
type FileChange = { readonly key: string; readonly before: Json; readonly after: Json }

type Use = {
  readonly $: HostDollar
  readonly world: World
  readonly changes: readonly FileChange[]
  readonly kept: string
  progress(text: string): void
}

/** Makes the changes of `lookAtFile`. @returns The path of the backup, where one was made. */
export const makeFile = async (
  { $, world, changes, kept, progress }: Use,
  { content, validate, backup, ...args }: Writing,
): Promise<Fields> => {
  const path = pathIn(changes)
  const ofOwned = changes.find(({ after }) => isOwned(after))
  if (!changes.some(isOfContent)) {
    if (ofOwned) await dress($, path, ofOwned)
    return {}
  }
  const owned = ofOwned && ownedAs(ofOwned, args)
  if (changes.some(isPutAside)) {
    progress(`what it held is kept in ${kept}`)
    await keepContent($, path, kept)
  }
  const made = await putFile($, { path, content, owned, validate, backup })
  if (owned && isAsMade({ content, owned })) await giveMode({ $, world }, path, owned)
  return made === undefined ? {} : { backup_file: made }
}

const giveMode = async ({ $, world }: Pick<Use, '$' | 'world'>, path: string, { mode }: Owned): Promise<void> => {
  const seen = await world.look(file(path))
  if (seen.type === 'file' && seen.mode !== mode) await $`chmod 0${mode} ${path}`
}

type OfFile = Pick<FileChange, 'before' | 'after'>

/** As it will be; what is new, and of whose owner nobody says anything, is as whoever makes it has it. */
export const ownedAs = ({ before, after }: OfFile, { owner, group }: OwnerArgs): Owned => ({
  ...(after as Owned), // that of a file or a directory
  isMakers: typeOf(before) === 'absent' && owner === undefined && group === undefined,
})

/** Owner, group and mode of what is there. A new owner takes the special bits away, so the mode comes last. */
export const dress = async ($: HostDollar, path: string, { before, after }: OfFile): Promise<void> => {
  const { owner, group, mode } = after as Owned // that of a file or a directory
  const was = fieldsOf(before)
  const given = was.owner === owner && was.group === group ? part`` : part`chown ${owner}:${group} ${path} && `
  // Of a directory, chmod takes the special bits away only where they are told with a fifth digit.
  await $`${given}chmod 0${mode} ${path}`
}

/** Takes them back: the content first, then what stood there at all. */
export const takeFileBack = async ({ $, changes, kept }: Omit<Use, 'progress' | 'world'>): Promise<void> => {
  const path = pathIn(changes)
  const owned = changes.map(({ before }) => before).find(isOwned)
  for (const { before, after } of changes.toReversed()) {
    if (isPutAside({ before })) await bringBack($, { path, owned }, kept)
    else if (typeof fieldsOf(before).text === 'string')
      await putFile($, { path, content: `${fieldsOf(before).text}`, owned })
    else if (isOfPath(before) && isOfPath(after)) await putBack($, { path, before, isGone: false }, kept)
  }
  await forget($, kept)
}

/** All changes are of one path. */
const pathIn = ([first]: readonly { readonly key: string }[]): string => first?.key ?? ''

/** What stands at a path, by a value of it; nothing for what is no such value. */
export const typeOf = (value: Json): string | undefined => {
  const { type } = fieldsOf(value)
  return typeof type === 'string' ? type : undefined
}

/** Owners of a tree, by a value of them. */
export const pairsOf = (value: Json): readonly string[] | undefined => {
  const { pairs } = fieldsOf(value)
  return Array.isArray(pairs) ? pairs.map(String) : undefined
}

const fieldsOf = (value: Json): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

const isOwned = (value: Json): value is Extract<FileValue, { type: 'file' }> => 'owner' in fieldsOf(value)

const ofContent: ReadonlySet<Json | undefined> = new Set(['text', 'sealed', 'sum'])

const isOfContent = ({ after }: { readonly after: Json }): boolean => ofContent.has(fieldsOf(after).type)

const isOfPath = (value: Json): value is FileValue => 'type' in fieldsOf(value) && !isOfContent({ after: value })

/** No journal has it, or not letter for letter. */
const isPutAside = ({ before }: { readonly before: Json }): boolean => {
  const { type, text } = fieldsOf(before)
  return type === 'sealed' || type === 'sum' || (typeof text === 'string' && text.includes('\ufffd'))
}

export const isSameThing = (seen: FileValue, wanted: FileValue): boolean =>
  seen.type === wanted.type &&
  'owner' in seen &&
  'owner' in wanted &&
  seen.owner === wanted.owner &&
  seen.group === wanted.group &&
  seen.mode === wanted.mode

export const assertParent = async (world: World, path: string): Promise<void> => {
  const parent = path.replace(/\/[^/]*$/, '') || '/'
  const seen = await world.look(file(parent))
  if (seen.type !== 'absent' || (await isOnVolume(world, parent))) return
  throw new Problem({
    code: 'path-absent',
    summary: `The directory of ${path} is not there`,
    seen: `${parent} is not there`,
    wanted: 'a directory that the file can be put into',
    help: `add a step before it: \`file: { path: ${parent}, state: directory }\``,
  })
}

/** What lies on a volume nobody knows before that is mounted: its root is there, and more than the root may be. */
const isOnVolume = async (world: World, path: string): Promise<boolean> => {
  const folders = path.split('/').map((_, at, names) => names.slice(0, at + 1).join('/'))
  const mounts = await Promise.all(folders.filter(Boolean).map(folder => world.look(mount(folder))))
  return mounts.some(({ type }) => type === 'mounted')
}

const noSource = (path: string, seen: FileValue): Problem =>
  new Problem({
    // `src` with `remote_src` names nothing on the node, or no file.
    code: 'path-absent',
    summary: seen.type === 'absent' ? `${path} is not there, so it cannot be copied` : `${path} is no file`,
    seen: seen.type === 'absent' ? 'no file' : seen.type,
    wanted: 'a file on the node, since `remote_src` is true',
    help:
      seen.type === 'directory'
        ? 'write a `command:` step with `cp -a` and `creates:` for a directory'
        : 'correct `src:`, or leave `remote_src:` out for a file of this machine',
  })

export const occupied = (path: string, seen: FileValue, wanted = 'file'): Problem =>
  new Problem({
    code: 'path-occupied',
    summary: `${path} is there, but is no ${wanted}`,
    seen: seen.type,
    wanted,
    help: `look at it (\`ls -ld ${path}\`), then move it away or choose another \`path:\``,
  })
