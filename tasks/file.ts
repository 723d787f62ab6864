// Keeps one thing there at a path, or away: a file, a directory, a link; with its owner, group and mode.
import {
  absolutePath,
  type Change,
  change,
  differs,
  emptiness,
  type FileValue,
  file,
  type HostDollar,
  type Json,
  notKnownYet,
  Problem,
  same,
  task,
  textOrSecret,
  truth,
  type World,
  z,
} from '#task'
import { dressing } from './lib/dressing.ts'
import { lookAtHardLink, putHardLink, takeHardLinkBack } from './lib/hard-links.ts'
import { insteadOnFiles } from './lib/instead.ts'
import { forget, giveModesBack, keepContent, makeDirectory } from './lib/kept.ts'
import { followed, targetOf } from './lib/links.ts'
import * as one from './lib/one-file.ts'
import { putBack, removeFile } from './lib/put-file.ts'
import { assertNothingMounted, removeTree } from './lib/remove-tree.ts'
import { giveModes, modeChanges } from './lib/tree-modes.ts'
import { giveTree, giveTreeBack, treeChanges } from './lib/trees.ts'

const args = z
  .strictObject({
    path: absolutePath,
    state: z
      .enum(['file', 'directory', 'touch', 'link', 'hard', 'absent'])
      .optional()
      .meta({ description: 'what is there already, or a file, unless told' }),
    src: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'what a link leads to, as it is written into the link; or the other name of the file' }),
    content: textOrSecret.optional().meta({ description: 'as `copy` has it; the file is made where it is not there' }),
    ...one.ownerArgs,
    recurse: z
      .union([z.literal('directories'), truth])
      .default(false)
      .meta({
        description:
          'owner, group and mode also of all that lies below, or owners of the directories; or all of it goes',
      }),
    force: truth.default(false).meta({ description: 'a link may take the place of a file, and lead nowhere' }),
  })
  .refine(
    ({ state, src }) => (src !== undefined) === (state === 'link' || state === 'hard'),
    '`src` for a link, and for nothing else',
  )
  .refine(
    ({ state, owner, group, mode }) => state !== 'hard' || (owner ?? group ?? mode) === undefined,
    '`state: hard` without owner, group and mode: they are those of the file',
  )
  .refine(
    ({ state, content }) => content === undefined || (state ?? 'file') === 'file',
    '`content` for a file, and for nothing else',
  )
  .refine(
    ({ recurse, mode }) => recurse !== 'directories' || mode === undefined,
    '`recurse: directories` without `mode`',
  )
  .refine(
    ({ recurse, state }) => recurse === false || state === 'directory' || state === 'absent',
    '`recurse` for a directory, or for what goes',
  )

type Args = z.output<typeof args>

export default task({
  name: 'file',
  summary: 'Keep a file, a directory or a link there with owner, group and mode, or keep it away',
  example: `
- name: Directory of the agents
  file: { path: /var/opt/agents, state: directory, owner: nvlmsgr, group: users, mode: "0750" }
- name: Link to the current release
  file: { path: /opt/current, state: link, src: /opt/release-2 }
- name: What is no longer needed
  file: { path: /tmp/media, state: absent, recurse: true }
`,
  programs: {
    mkdir: 'write `file: { path: …, state: directory }`',
    rm: 'write `file: { path: …, state: absent }`; with `recurse: true` the whole tree',
    rmdir: 'write `file: { path: …, state: absent }`',
    touch: 'write `file: { path: …, state: touch }`',
    ln: 'write `file: { path: …, src: …, state: link }`',
    chmod: 'write `file: { path: …, mode: … }`',
    chown: 'write `file: { path: …, owner: …, group: … }`',
    chgrp: 'write `file: { path: …, group: … }`',
  },
  args,
  result: one.written.partial().extend({
    path: z.string().optional().meta({ description: 'of a file or a directory' }),
    src: z.string().optional().meta({ description: 'of a link' }),
  }),
  aliases: { dest: 'path', name: 'path' },
  instead: {
    access_time: 'remove it: times are left as they are',
    access_time_format: 'remove it: times are left as they are',
    ...insteadOnFiles,
    follow: 'name the file that the link leads to',
    modification_time: 'remove it: times are left as they are',
    modification_time_format: 'remove it: times are left as they are',
  },

  inPlaceOf: { tempfile: 'write a `file:` step with a path of your own, and one with `state: absent` at the end' },

  async check({ world, args }) {
    if (args.state === 'absent') return lookAway(world, args)
    if (args.state === 'link') return lookAtLink(world, args)
    if (args.state === 'hard') return lookAtHardLink(world, { ...args, src: targetOf(args.path, args.src ?? '') })
    const path = await followed(world, args.path)
    if (args.content === undefined) return lookAtThing(world, { ...args, path })
    return one.answerOf(path, await one.lookAtFile(world, { ...args, path, content: args.content }))
  },

  async apply(use) {
    const { $, args, kept } = use
    const changes: readonly Change[] = use.changes
    if (args.content !== undefined) return await one.makeFile({ ...use, changes }, { ...args, content: args.content })
    if (changes.some(({ before }) => one.typeOf(before) === 'file' && one.typeOf(before) !== args.state))
      use.progress(`what it held is kept in ${kept}`)
    if (args.state === 'hard') await putHardLink($, args, { changes, kept })
    else for (const each of changes) await make($, each, { args, kept })
    return {}
  },

  // The owners first, then the content, then what stands there at all: the reverse of how they came.
  async undo(use) {
    const { $, args, kept } = use
    const changes: readonly Change[] = use.changes
    if (args.content !== undefined) return one.takeFileBack({ ...use, changes })
    if (args.state === 'hard') return takeHardLinkBack($, args.path, { changes, kept })
    for (const { kind, key, before, after } of changes.toReversed()) {
      if (kind === 'modes') await giveModesBack($, kept)
      else if (one.pairsOf(before))
        await giveTreeBack($, { ...args, path: key }, { pairs: one.pairsOf(before) ?? [], kept })
      else await putBack($, { path: key, before: before as FileValue, isGone: !isAlike(before, after) }, kept)
    }
    await forget($, kept)
  },
})

const lookAtThing = async (world: World, { path, ...args }: Args) => {
  const seen = await world.look(file(path))
  const type = typeWanted(seen, args)
  if (seen.type === 'absent' && args.state !== 'directory' && args.state !== 'touch') throw absent(path)
  if (seen.type !== 'absent' && seen.type !== type) throw one.occupied(path, seen, type)
  if (seen.type === 'absent' && type === 'file') await one.assertParent(world, path)
  const wanted = { type, ...(await one.ownedBy(world, seen, args, type === 'directory')) }
  const ofPath = one.isSameThing(seen, wanted) ? [] : [change(file(path), seen, wanted)]
  const ofModes = args.recurse === true ? await modeChanges(world, { path, mode: args.mode }) : []
  const changes = [...ofPath, ...(await treeChanges(world, { ...args, path }, ownerOf(seen))), ...ofModes]
  const result = { path, state: type, owner: wanted.owner, group: wanted.group, mode: wanted.mode }
  return changes.length === 0 ? same(`${path} is there as it should be`, result) : { ...differs(...changes), result }
}

const typeWanted = (seen: FileValue, { state }: Pick<Args, 'state'>): 'file' | 'directory' => {
  if (state === undefined) return seen.type === 'directory' ? 'directory' : 'file'
  return state === 'directory' ? 'directory' : 'file'
}

const ownerOf = (seen: FileValue): readonly string[] => ('owner' in seen ? [`${seen.owner}:${seen.group}`] : [])

const lookAtLink = async (world: World, { path, src = '', force }: Args) => {
  const seen = await world.look(file(path))
  const result = { dest: path, src, state: 'link' }
  if (seen.type === 'link' && seen.target === src) return same(`${path} leads to ${src}`, result)
  const isInTheWay = seen.type === 'directory' || seen.type === 'other' || (seen.type === 'file' && !force)
  if (isInTheWay) throw one.occupied(path, seen, 'link')
  if (!force && (await world.look(file(targetOf(path, src)))).type === 'absent') throw leadsNowhere(path, src)
  return { ...differs(change(file(path), seen, { type: 'link', target: src })), result }
}

/** What is in a directory is lost for good, so it only goes when the playbook says that the whole tree is meant. */
const lookAway = async (world: World, { path, recurse }: Args) => {
  const seen = await world.look(file(path))
  const result = { path, state: 'absent' }
  const gone = change(file(path), seen, { type: 'absent' })
  if (seen.type === 'absent') return same(`${path} is not there`, result)
  if (seen.type !== 'directory') return { ...differs(gone), result }
  await assertNothingMounted(world, path)
  const { is } = await world.look(emptiness(path))
  if (is !== 'filled') return { ...differs(gone), result }
  if (recurse !== true) throw notEmpty(path)
  return { ...differs(gone, change(emptiness(path), notKnownYet, { is: 'absent' })), result }
}

type Way = { readonly args: Args; readonly kept: string }

const make = async ($: HostDollar, change: Change, { args, kept }: Way): Promise<void> => {
  const { kind, key: path, before, after } = change
  if (kind === 'modes') return giveModes($, { ...args, path }, kept)
  const pairs = one.pairsOf(before)
  const wanted = after as FileValue
  if (pairs) await giveTree($, { ...args, path }, { pairs, kept })
  else if (wanted.type === 'absent' && args.recurse === true && one.typeOf(before) === 'directory')
    await removeTree($, path)
  else if (wanted.type === 'absent') await removeFile($, path, kept)
  else if (wanted.type === 'link') await putLink($, path, { target: wanted.target, before, kept })
  else if (wanted.type === 'directory' || wanted.type === 'file') await putThing($, change, { args, kept })
}

const putThing = async ($: HostDollar, change: Change, { args, kept }: Way): Promise<void> => {
  const { key: path, before, after } = change
  if (one.typeOf(before) !== 'absent') return one.dress($, path, change)
  const owned = one.ownedAs(change, args)
  if (one.typeOf(after) === 'directory') return makeDirectory($, path, owned, kept)
  await $`umask 077 && set -C && { [ -e ${path} ] || true >${path}; } && ${dressing(path, owned)}`
}

type Link = { readonly target: string; readonly before: Json; readonly kept: string }

const putLink = async ($: HostDollar, path: string, { target, before, kept }: Link): Promise<void> => {
  if (one.typeOf(before) === 'file') await keepContent($, path, kept)
  await $`{ [ ! -e ${path} ] && [ ! -L ${path} ] || rm -f ${path}; } && exec ln -s -- ${target} ${path}`
}

const isAlike = (before: unknown, after: unknown): boolean => one.typeOf(before as never) === one.typeOf(after as never)

const absent = (path: string): Problem =>
  new Problem({
    code: 'path-absent',
    summary: `${path} is not there, and without \`state:\` nothing is made`,
    seen: 'nothing',
    wanted: 'a file or a directory',
    help: 'write `state: touch` for an empty file, `state: directory`, or a `copy:` step with its content',
  })

const leadsNowhere = (path: string, src: string): Problem =>
  new Problem({
    code: 'path-absent',
    summary: `The link ${path} would lead nowhere`,
    seen: `${targetOf(path, src)} is not there`,
    wanted: 'something that the link leads to',
    help: 'make that first, or write `force: true` for a link to what comes later',
  })

const notEmpty = (path: string): Problem =>
  new Problem({
    code: 'directory-not-empty',
    summary: `${path} is not empty, and what is in it could not be brought back`,
    seen: 'a directory with something in it',
    wanted: 'an empty directory',
    state: 'nothing was removed',
    help: `see what is there (\`ls -la ${path}\`); write \`recurse: true\` if all of it is to go`,
  })
