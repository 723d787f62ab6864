// Keeps a file system mounted at a mount point, or not, and its line in fstab.
import {
  type Answer,
  absolutePath,
  type Change,
  change,
  differs,
  file,
  type HostDollar,
  type Json,
  mount,
  Problem,
  parseMounts,
  plainWord,
  same,
  task,
  truth,
  type World,
  z,
} from '#task'
import { editedText, lookAtEdited } from './lib/edited.ts'
import { type FstabEntry, withEntry, withoutEntry } from './lib/fstab.ts'
import { assertKept, forget } from './lib/kept.ts'
import { makeFile, occupied, ownedBy, takeFileBack } from './lib/one-file.ts'
import { storage } from './lib/storage.ts'
import { unmount } from './lib/unmount.ts'

/** What each state means for the mount and for the line in fstab; nothing leaves it as it is. */
const means = {
  mounted: { isMounted: true, hasLine: true },
  ephemeral: { isMounted: true, hasLine: undefined },
  present: { isMounted: undefined, hasLine: true },
  unmounted: { isMounted: false, hasLine: undefined },
  absent: { isMounted: false, hasLine: false },
  absent_from_fstab: { isMounted: undefined, hasLine: false },
} as const

const needsSource: ReadonlySet<string> = new Set(['mounted', 'ephemeral', 'present'])

const word = plainWord.regex(/^[^#]/, 'a word that does not start with #')

/** In quotes too, as Ansible takes it. */
const digit = z.union([z.int().min(0).max(9), z.string().regex(/^\d$/, 'a number, 0 to 9')]).transform(Number)

const args = z
  .strictObject({
    path: absolutePath
      .regex(/^\/.*[^/]$/, 'a mount point, without / at its end')
      .meta({ description: 'the mount point' }),
    state: z.enum(['mounted', 'unmounted', 'present', 'absent', 'absent_from_fstab', 'ephemeral']).meta({
      description:
        '`mounted`: mounted, and in fstab; `ephemeral`: mounted, fstab stays; `present`: in fstab alone; `unmounted`: fstab stays; `absent`: neither; `absent_from_fstab`: a mount stays',
      instead: {
        remounted: 'write a `command:` step with `mount -o remount,OPTIONS`, or unmount it in a step before',
      },
    }),
    src: word.optional().meta({ description: 'a device, `UUID=…`, `LABEL=…`, `server:/export`, or `tmpfs`' }),
    fstype: word.optional(),
    opts: word.default('defaults').meta({ description: 'they count when it is mounted anew' }),
    dump: digit.default(0),
    passno: digit.default(0),
    fstab: absolutePath.default('/etc/fstab'),
    backup: truth.default(false).meta({ description: 'a copy of fstab before stays beside it' }),
  })
  .refine(
    ({ state, src, fstype }) => !needsSource.has(state) || (src !== undefined && fstype !== undefined),
    'with `src` and `fstype` for what is to be mounted',
  )
  .refine(
    ({ opts }) => !/(?:^|,)r?bind(?:,|$)/.test(opts),
    'no `bind`: what is mounted so cannot be told from its source; write a `command:` step',
  )

type Args = z.output<typeof args>

export default task({
  name: 'mount',
  summary: 'Keep a file system mounted at a mount point, or not, and its line in fstab',
  example: `
- name: Logs lie on a disk of their own
  mount: { path: /var/log/app, src: UUID=0d5e1d0c-7b0c-4f0e-9f7e-3d3c9d0f6f11, fstype: ext4, opts: noatime, passno: 2, state: mounted }
- name: A scratch directory in memory, until the node starts anew
  mount: { path: /run/scratch, src: tmpfs, fstype: tmpfs, opts: "size=64m", state: ephemeral }
`,
  programs: {
    mount: 'write `mount: { path: …, src: …, fstype: …, state: ephemeral }`; what nodes share is held by a block',
    umount: 'write `mount: { path: …, state: unmounted }`',
  },
  args,
  result: z.object({
    name: z.string().meta({ description: 'the mount point' }),
    fstab: z.string(),
    src: z.string().optional(),
    fstype: z.string().optional(),
    opts: z.string(),
    dump: z.number(),
    passno: z.number(),
    backup_file: z.string().optional().meta({ description: 'the copy of fstab before, with `backup:`' }),
  }),
  aliases: { name: 'path' },
  instead: {
    boot: 'write `noauto` into `opts:` where it is not to be mounted at the start',
    opts_no_log: 'write `no_log: true` beside the task',
  },

  async check({ world, args }): Promise<Answer> {
    const ofMount = await mountChanges(world, args)
    const ofFstab = await fstabChanges(world, args)
    const changes = [...ofMount, ...ofFstab]
    return changes.length === 0
      ? same(`${args.path} is ${told[args.state]}`, resultOf(args))
      : { ...differs(...changes), result: resultOf(args) }
  },

  async apply(use) {
    const { $, args, changes, kept } = use
    // What fails to mount leaves fstab as it was.
    for (const { kind, key, after } of changes.filter(each => isOfPlace(each, args))) {
      if (kind === 'file') await $`umask 022 && mkdir -p ${key}`
      else if (isMounted(after)) await mountNow($, args)
      else {
        await keepOptions($, key, kept)
        await unmount($, key, users => busy(key, users))
      }
    }
    const ofFstab = changes.filter(each => !isOfPlace(each, args))
    const made =
      ofFstab.length === 0
        ? {}
        : await makeFile({ ...use, changes: ofFstab }, { content: editedText(ofFstab), backup: args.backup })
    return { ...resultOf(args), ...made }
  },

  async undo(use) {
    const { $, args, changes, kept } = use
    for (const { kind, key, before } of changes.filter(each => isOfPlace(each, args)).toReversed()) {
      if (kind === 'file') await $`rmdir ${key}`
      else if (isMounted(before)) await mountAgain($, { at: key, before, kept })
      else await unmount($, key, users => busy(key, users))
    }
    const ofFstab = changes.filter(each => !isOfPlace(each, args))
    if (ofFstab.length > 0) await takeFileBack({ ...use, changes: ofFstab })
    else await forget($, kept)
  },
})

const told: Readonly<Record<Args['state'], string>> = {
  mounted: 'mounted, and in fstab',
  ephemeral: 'mounted',
  present: 'in fstab',
  unmounted: 'not mounted',
  absent: 'neither mounted nor in fstab',
  absent_from_fstab: 'not in fstab',
}

const resultOf = ({ path, fstab, src, fstype, opts, dump, passno }: Args) => ({
  name: path,
  fstab,
  ...(src !== undefined && { src }),
  ...(fstype !== undefined && { fstype }),
  opts,
  dump,
  passno,
})

/** A change of the mount point and what is mounted there; the others are of fstab. */
const isOfPlace = ({ kind, key }: Change, { path, fstab }: Args): boolean =>
  kind === 'mount' || (key === path && path !== fstab)

type Mounted = { readonly type: 'mounted'; readonly source: string; readonly fstype: string }

const isMounted = (value: Json): value is Mounted =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'mounted'

const mountChanges = async (world: World, args: Args): Promise<readonly Change[]> => {
  const { path, src = '', fstype = '' } = args
  const wanted = means[args.state].isMounted
  if (wanted === undefined) return []
  const seen = await world.look(mount(path))
  if (!wanted) return seen.type === 'mounted' ? [change(mount(path), seen, { type: 'unmounted' })] : []
  if (seen.type === 'mounted') {
    if (await isFrom(world, seen.source, args)) return []
    throw taken(path, { seen: `${seen.source} (${seen.fstype})`, wanted: src })
  }
  return [...(await directoryChange(world, path)), change(mount(path), seen, { type: 'mounted', source: src, fstype })]
}

const directoryChange = async (world: World, path: string): Promise<readonly Change[]> => {
  const seen = await world.look(file(path))
  if (seen.type === 'directory') return []
  if (seen.type !== 'absent') throw occupied(path, seen, 'directory')
  return [change(file(path), seen, { type: 'directory', ...(await ownedBy(world, seen, {}, true)) })]
}

/** One file system has many names; its UUID says which it is. */
const isFrom = async (world: World, source: string, { path, src = '' }: Args): Promise<boolean> => {
  if (source === src) return true
  const [, tag, value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.+)$/.exec(src) ?? []
  const device = tag === undefined ? src : `/dev/disk/by-${tag.toLowerCase()}/${value}`
  if (!device.startsWith('/')) return false
  const { uuid, mounts } = await world.look(storage(device))
  const there = mounts.findLast(({ at }) => at === path)?.uuid ?? ''
  return there !== '' && (there === uuid || (tag === 'UUID' && there === value))
}

const fstabChanges = async (world: World, args: Args): Promise<readonly Change[]> => {
  const { hasLine } = means[args.state]
  if (hasLine === undefined) return []
  const edit = (text: string) => (hasLine ? withEntry(text, entryOf(args)) : withoutEntry(text, args.path))
  const answer = await lookAtEdited(
    world,
    { path: args.fstab, create: true, backup: args.backup },
    { edit, isAwayWithout: !hasLine },
  )
  return answer.type === 'differs' ? answer.changes : []
}

const entryOf = ({ path, src = '', fstype = '', opts, dump, passno }: Args): FstabEntry => ({
  path,
  src,
  fstype,
  opts,
  dump,
  passno,
})

const mountNow = async ($: HostDollar, { path, src = '', fstype = '', opts }: Args): Promise<void> => {
  await $`mount -t ${fstype} -o ${opts} ${src} ${path}`
}

/** With which options it was mounted is in no change. */
const keepOptions = async ($: HostDollar, at: string, kept: string): Promise<void> => {
  const { stdout } = await $`cat /proc/mounts`
  const { options = 'defaults' } = parseMounts(stdout).findLast(line => line.at === at) ?? {}
  await $({ input: options })`umask 077 && mkdir -p ${kept} && cat >${`${kept}/options`}`
}

type Again = { readonly at: string; readonly before: Mounted; readonly kept: string }

const mountAgain = async ($: HostDollar, { at, before: { source, fstype }, kept }: Again): Promise<void> => {
  await assertKept($, `${kept}/options`)
  const { stdout: options } = await $`cat ${`${kept}/options`}`
  await $`mount -t ${fstype} -o ${options} ${source} ${at}`
}

const taken = (path: string, { seen, wanted }: { readonly seen: string; readonly wanted: string }): Problem =>
  new Problem({
    code: 'mount-point-taken',
    summary: `Something else is mounted at ${path}`,
    seen,
    wanted,
    state: 'it stays mounted: who uses it is not known',
    help: `unmount it in a step before (\`mount: { path: ${path}, state: unmounted }\`), or choose another \`path:\``,
  })

const busy = (at: string, users: string): Problem =>
  new Problem({
    code: 'mount-busy',
    summary: `What is mounted at ${at} is in use and cannot be unmounted`,
    seen: users,
    wanted: 'nobody uses it',
    state: 'it is still mounted',
    help: `end what uses it, then \`umount ${at}\``,
  })
