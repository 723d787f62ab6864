// Runs the vendor's interactive installation program once on a node, and judges it by what is there afterwards.
import {
  absolutePath,
  bootStart,
  change,
  checksum,
  dialogue,
  due,
  file,
  type HostDollar,
  notKnownYet,
  Problem,
  packageOf,
  Secret,
  same,
  task,
  z,
} from '#task'

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.instanceof(Secret), z.array(z.string())])

const args = z.strictObject({
  command: z.string().min(1).meta({ description: 'starts the program, from the unpacked media' }),
  dialogue: dialogue({ from: 'values', also: ['role'] }),
  values: z.record(z.string(), value).meta({ description: 'the worksheet: what the answers of the dialogue can name' }),
  system: absolutePath.meta({ description: 'what is on the partition once the system is created' }),
  evidence: z.array(absolutePath).min(1).meta({ description: 'files that are on the node once it is installed' }),
  directories: z.array(absolutePath).default([]).meta({ description: 'directories that it makes on the node' }),
  services: z.array(z.string()).default([]).meta({ description: 'services that it brings' }),
  package: z.string().optional().meta({ description: 'name in the package database, where it registers there' }),
})

type Args = z.infer<typeof args>

export default task({
  name: 'installer',
  summary: 'Run an interactive installation program on a terminal and answer it from the worksheet',
  args,
  opaque: true,

  async check({ world, proof, args }) {
    const files = await Promise.all(args.evidence.map(async path => ({ path, seen: await proof.rest(checksum(path)) })))
    const known = args.package === undefined ? undefined : await proof.rest(packageOf(args.package))
    const missing = files.filter(({ seen }) => seen?.type === 'absent').map(({ path }) => path)
    const system = await world.lookIfKnown(file(args.system))
    const effects = [
      ...(system.known && system.value.type === 'absent' ? [change(file(args.system), system.value, notKnownYet)] : []),
      ...missing.map(path => change(file(path), { type: 'absent' }, notKnownYet)),
      ...(await newDirectories()),
      ...args.services.map(service => change(bootStart(service), notKnownYet, notKnownYet)),
    ]
    // Asked in any case: also where files are missing, the receipt is one of the changes.
    const proved = await proof.stands()
    if (missing.length > 0)
      return due(`${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not there`, ...effects)
    if (known?.type === 'absent') return due(`the package ${args.package} is not installed`, ...effects)
    return proved.stands ? same(proved.because) : due(proved.because, ...effects)

    async function newDirectories() {
      const seen = await Promise.all(
        args.directories.map(async path => ({ path, value: await world.lookIfKnown(file(path)) })),
      )
      return seen.flatMap(({ path, value }) =>
        value.known && value.value.type === 'absent' ? [change(file(path), value.value, ownedByRoot)] : [],
      )
    }
  },

  async apply({ $, args, place, converse, changes }) {
    const create = changes.some(({ kind, key }) => kind === 'file' && key === args.system)
    if (create && place.position !== 0) throw noSystemYet(args, place.order[0] ?? '')
    await assertMedia($, args.command)
    await assertNotRunning($, args.command)
    const role = create ? 'create' : 'join'
    const { exitCode } = await converse(args.dialogue, { command: args.command, variables: { ...args.values, role } })
    if (exitCode !== 0) throw endedBadly(exitCode)
    return { role }
  },
})

const ownedByRoot = { type: 'directory', owner: 'root', group: 'root', mode: '0755' } as const

/** The preferred node alone creates the system. @source Messenger 2.2, 11.2.1 */
const noSystemYet = ({ system }: Args, preferred: string): Problem =>
  new Problem({
    code: 'no-system-yet',
    summary: 'There is no Messenger system on the partition that this node could join',
    seen: `${system} is not there`,
    wanted: `the system that the preferred node ${preferred} creates`,
    state: 'the installation program was not started',
    help: `install ${preferred} first; if that is done, see that the partition is the right one`,
  })

const programOf = (command: string): string => command.trim().split(/\s+/)[0] ?? ''

const assertMedia = async ($: HostDollar, command: string): Promise<void> => {
  const program = programOf(command)
  if ((await $({ nothrow: true })`command -v ${program} >/dev/null`).exitCode === 0) return
  throw new Problem({
    code: 'media-missing',
    summary: 'The installation program is not on the node',
    seen: `${program} is not there, or nobody may run it`,
    wanted: 'the unpacked media',
    state: 'nothing was started',
    help: 'unpack the media on the node, and name the place in the inventory',
  })
}

/** One that a person started, or that outlived its controller: a second one would write over what it writes. */
const assertNotRunning = async ($: HostDollar, command: string): Promise<void> => {
  const program = programOf(command)
  const { stdout } = await $({
    nothrow: true,
  })`for p in /proc/[0-9]*; do w=$(tr '\\0' ' ' 2>/dev/null <"$p/cmdline") || continue; case " $w" in *" "${program}" "*) echo "process $(basename "$p"): $w";; esac; done; :`
  if (stdout.trim() === '') return
  throw new Problem({
    code: 'installer-running',
    summary: 'The installation program runs on the node already',
    seen: stdout.trim(),
    wanted: 'no other one beside the one that this step starts',
    state: 'no second one was started',
    help: 'let it come to its end, or end it by the number of its process; then run the step again',
  })
}

const endedBadly = (exitCode: number | null): Problem =>
  new Problem({
    code: 'installer-failed',
    summary: 'The installation program ended with an error',
    seen: exitCode === null ? 'nobody knows its exit status: the connection went away' : `exit status ${exitCode}`,
    wanted: 'exit status 0',
    help: 'read the transcript of the step, mend what it names, and run the step again',
    ...(exitCode === null && { exit: 7 as const }),
  })
