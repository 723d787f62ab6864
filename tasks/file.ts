// Keeps one file or directory there as wanted: content, owner, group, mode; or keeps it away.
import {
  absolutePath,
  change,
  differs,
  directoryOwners,
  type FileValue,
  file,
  fileMode,
  groupName,
  type HostDollar,
  owners,
  Problem,
  Secret,
  same,
  sealed,
  sealOf,
  task,
  text,
  textOrSecret,
  userName,
  z,
} from '#task'
import { forget, giveOwnersBack, keepContent, keepMissingParents, keepOwners } from './lib/kept.ts'
import { bringBack, putBack, removeFile, writeText } from './lib/put-file.ts'

const args = z
  .strictObject({
    path: absolutePath,
    state: z.enum(['file', 'directory', 'absent']).default('file'),
    content: textOrSecret.optional().meta({ description: 'where it is a secret, only that it changes is shown' }),
    owner: userName.default('root'),
    group: groupName.default('root'),
    mode: fileMode.optional(),
    recurse: z
      .union([z.boolean(), z.literal('directories')])
      .default(false)
      .meta({ description: 'owner and group also of all that lies below, or of the directories alone' }),
  })
  .refine(({ state, recurse }) => !recurse || state === 'directory', 'only a directory has something below it')
  .refine(({ state, content }) => content === undefined || state === 'file', 'only a file has content')

export default task({
  name: 'file',
  summary: 'Keep one file or directory there with content, owner, group and mode, or keep it away',
  args,

  async check({ world, args: { path, state, content, owner, group, mode, recurse } }) {
    const seen = await world.look(file(path))
    if (state === 'absent')
      return seen.type === 'absent'
        ? same(`${path} is not there`)
        : differs(change(file(path), seen, { type: 'absent' }))
    if (seen.type !== 'absent' && seen.type !== state) throw occupied(path, seen, state)
    const wanted = { type: state, owner, group, mode: mode ?? modeOf(seen, state) }
    const ofPath = isSameFile(seen, wanted) ? [] : [change(file(path), seen, wanted)]
    const ofContent = await contentChanges()
    const ofTree = recurse === false ? [] : await ownerChanges(recurse === 'directories' ? directoryOwners : owners)
    const changes = [...ofPath, ...ofContent, ...ofTree]
    return changes.length === 0 ? same(`${path} is there as it should be`) : differs(...changes)

    async function contentChanges() {
      if (content === undefined) return []
      if (content instanceof Secret) return secretChanges(content)
      const before = await world.look(text(path))
      const after = { type: 'text' as const, text: content }
      return before.type === 'text' && before.text === after.text ? [] : [change(text(path), before, after)]
    }

    async function secretChanges(secret: Secret) {
      const before = await world.look(sealed(path))
      const after = sealOf(path, secret)
      return before.type === 'sealed' && before.print === after.print ? [] : [change(sealed(path), before, after)]
    }

    async function ownerChanges(kind: typeof owners) {
      const below = await world.look(kind(path))
      // The directory is one of its tree, also where an earlier step has yet to make it.
      const before = { pairs: [...new Set([...ownerOf(seen), ...below.pairs])].sort() }
      const after = { pairs: [`${owner}:${group}`] }
      return before.pairs.every(pair => pair === after.pairs[0]) ? [] : [change(kind(path), before, after)]
    }
  },

  async apply({ $, args: { path, state, content, owner, group, mode, recurse }, changes, kept, progress }) {
    if (changes.some(({ before }) => isPutAside(before, state))) progress(`what it held is kept in ${kept}`)
    if (state === 'absent') return removeFile($, path, kept)
    for (const { before, after } of changes) {
      if ('text' in after) await writeText($, path, after.text)
      if ('print' in before) await keepContent($, path, kept)
      if ('print' in after && content instanceof Secret) await writeText($, path, content)
      if ('pairs' in before && before.pairs.length > 1) await keepOwners($, { path, ...treeOf(recurse) }, kept)
    }
    if (state === 'directory') {
      await keepMissingParents($, path, kept)
      await $`mkdir -p ${path}`
    } else await $`[ -e ${path} ] || : >${path}`
    await chownTree($, `${owner}:${group}`, { path, ...treeOf(recurse), isWhole: recurse !== false })
    const wanted = mode ?? changes.map(({ after }) => ('mode' in after ? after.mode : undefined)).find(Boolean)
    if (wanted) await $`chmod ${wanted} ${path}`
  },

  // The owners first, then the content, then what stands there at all: the reverse of how they came.
  async undo({ $, args: { path, recurse }, changes, kept }) {
    for (const { before, after } of changes.toReversed()) {
      if ('pairs' in before) await giveBack($, before.pairs, { path, kept, ...treeOf(recurse) })
      else if ('text' in before) await writeText($, path, before.text)
      else if ('print' in before) await bringBack($, path, kept)
      else if (isOfPath(after)) await putBack($, { path, before, isGone: after.type === 'absent' }, kept)
    }
    await forget($, kept)
  },
})

type Recurse = z.infer<typeof args>['recurse']

const treeOf = (recurse: Recurse) => ({ directories: recurse === 'directories' })

type Tree = { readonly path: string; readonly directories: boolean }

const chownTree = async ($: HostDollar, pair: string, { path, directories, isWhole }: Tree & { isWhole: boolean }) => {
  if (directories) await $`find ${path} -type d -exec chown -h ${pair} {} +`
  else if (isWhole) await $`chown -R ${pair} ${path}`
  else await $`chown ${pair} ${path}`
}

/** To one owner, or to each its own; to nobody where nothing was there. */
const giveBack = async ($: HostDollar, pairs: readonly string[], { kept, ...tree }: Tree & { kept: string }) => {
  const [pair, ...others] = pairs
  if (others.length > 0) await giveOwnersBack($, kept)
  else if (pair !== undefined) await chownTree($, pair, { ...tree, isWhole: true })
}

/** A secret, or all that a file held: no journal has it. */
const isPutAside = (before: object, state: string): boolean =>
  'print' in before || (state === 'absent' && 'type' in before && before.type === 'file')

/** Neither its content nor its tree: what stands at the path itself. */
const isOfPath = (after: object): after is FileValue =>
  'type' in after && !['text', 'sealed'].includes(String(after.type))

const defaultMode = { file: '0644', directory: '0755' } as const

const modeOf = (seen: FileValue, state: 'file' | 'directory'): string =>
  seen.type === state ? seen.mode : defaultMode[state]

const ownerOf = (seen: FileValue): readonly string[] => ('owner' in seen ? [`${seen.owner}:${seen.group}`] : [])

const isSameFile = (seen: FileValue, wanted: FileValue): boolean =>
  seen.type === wanted.type &&
  'owner' in seen &&
  'owner' in wanted &&
  seen.owner === wanted.owner &&
  seen.group === wanted.group &&
  seen.mode === wanted.mode

const occupied = (path: string, seen: FileValue, state: string): Problem =>
  new Problem({
    code: 'path-occupied',
    summary: `${path} is there, but is no ${state}`,
    seen: seen.type,
    wanted: state,
    help: `look at it (\`ls -ld ${path}\`), then move it away or choose another \`path:\``,
  })
