// Looks at one path, and hands on all that the file system knows of it.
import {
  absolutePath,
  type FileValue,
  file,
  type InodeValue,
  inode,
  type Json,
  type Ref,
  same,
  task,
  truth,
  type World,
  z,
} from '#task'
import { sha1 } from './lib/digests.ts'
import { targetOf } from './lib/links.ts'
import { askAhead } from './lib/one-file.ts'

type Fields = { readonly [name: string]: Json }

const onlySha1 = 'remove it: the checksum is SHA-1; for another, register what a `command:` step prints'

export default task({
  name: 'stat',
  summary: 'Look at one path, and hand on all that is known of it',
  example: `
- name: Queue
  stat: { path: /var/opt/novell/messenger/ma/queue }
  register: queue
- name: It belongs to the agents
  assert: { that: queue.stat.pw_name == 'nvlmsgr' }
`,
  args: z.strictObject({
    path: absolutePath,
    follow: truth.default(false).meta({ description: 'what a link leads to, not the link' }),
    get_checksum: truth.default(true),
    get_mime: truth.optional().meta({ description: 'taken, and nothing comes of it' }),
    get_attributes: truth.optional().meta({ description: 'taken, and nothing comes of it' }),
    get_md5: truth.optional().meta({ description: 'taken, and nothing comes of it' }),
  }),
  result: z.object({
    stat: z
      .object({
        exists: z.boolean(),
        path: z.string().optional(),
        isdir: z.boolean().optional(),
        isreg: z.boolean().optional(),
        islnk: z.boolean().optional(),
        mode: z.string().optional(),
        pw_name: z.string().optional(),
        gr_name: z.string().optional(),
        size: z.number().optional(),
        checksum: z.string().optional(),
      })
      .catchall(z.json())
      .meta({ description: 'as Ansible has it; where nothing is there, `exists: false` alone' }),
  }),
  aliases: {
    dest: 'path',
    name: 'path',
    mime: 'get_mime',
    mime_type: 'get_mime',
    'mime-type': 'get_mime',
    attr: 'get_attributes',
    attributes: 'get_attributes',
  },
  instead: {
    checksum: onlySha1,
    checksum_algo: onlySha1,
    checksum_algorithm: onlySha1,
  },
  onlyLooks: true,

  async check({ world, args }) {
    if (!args.follow) for (const ref of beside(args.path, args)) askAhead(world, ref)
    const at = await placeOf(world, args)
    const seen = await world.look(file(at))
    if (seen.type === 'absent') return same(`${at} is not there`, { stat: { exists: false } })
    const [more, sum] = await Promise.all([
      moreOf(world, at),
      args.get_checksum && seen.type === 'file' ? world.lookIfKnown(sha1(at)) : undefined,
    ])
    const stat = { exists: true, path: at, ...kindOf(seen), ...more, ...linkOf(at, seen) }
    return same(`${at} is there`, {
      stat: { ...stat, ...(sum?.known && sum.value.sum && { checksum: sum.value.sum }) },
    })
  },

  async apply() {},
})

/** What is asked of a thing that is there. */
const beside = (path: string, { get_checksum }: { readonly get_checksum: boolean }): readonly Ref[] =>
  get_checksum ? [inode(path), sha1(path)] : [inode(path)]

const placeOf = async (world: World, { path, follow }: { readonly path: string; readonly follow: boolean }) => {
  const seen = follow ? await world.look(file(path)) : undefined
  return seen?.type === 'link' ? targetOf(path, seen.target) : path
}

const kindOf = (seen: FileValue): Fields => ({
  isreg: seen.type === 'file',
  isdir: seen.type === 'directory',
  islnk: seen.type === 'link',
  ...('mode' in seen && { mode: seen.mode, pw_name: seen.owner, gr_name: seen.group }),
})

const linkOf = (path: string, seen: FileValue): Fields =>
  seen.type === 'link' ? { lnk_target: seen.target, lnk_source: targetOf(path, seen.target) } : {}

/** What an earlier step of a dry run will change is left out: it is not known before. */
const moreOf = async (world: World, path: string): Promise<Fields> => {
  const seen = await world.lookIfKnown(inode(path))
  return seen.known && seen.value.type === 'inode' ? fieldsOf(seen.value) : {}
}

const fieldsOf = ({ mode, size, uid, gid, ...more }: Extract<InodeValue, { type: 'inode' }>): Fields => ({
  size,
  uid,
  gid,
  inode: more.inode,
  dev: more.device,
  nlink: more.links,
  mtime: more.modifiedAt,
  ctime: more.changedAt,
  mode: (mode & 0o7777).toString(8).padStart(4, '0'),
  ...Object.fromEntries(Object.entries(typeBits).map(([name, bits]) => [name, mode >> 12 === bits])),
  ...Object.fromEntries(Object.entries(permissions).map(([name, bit]) => [name, (mode & bit) !== 0])),
})

/** @source Linux, inode(7) */
const typeBits = { isfifo: 1, ischr: 2, isdir: 4, isblk: 6, isreg: 8, islnk: 10, issock: 12 }
const permissions = {
  ...{ isuid: 0o4000, isgid: 0o2000, rusr: 0o400, wusr: 0o200, xusr: 0o100 },
  ...{ rgrp: 0o40, wgrp: 0o20, xgrp: 0o10, roth: 4, woth: 2, xoth: 1 },
}
