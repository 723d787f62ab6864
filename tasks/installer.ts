// Runs the vendor's interactive installation program once on a node, and judges it by what is there afterwards.
import {
  absolutePath,
  bootStart,
  change,
  checksum,
  dialogue,
  due,
  entry,
  type FileValue,
  file,
  type HostDollar,
  type Known,
  notKnownYet,
  type Place,
  Problem,
  packageOf,
  plainWord,
  readNow,
  Secret,
  same,
  serviceName,
  shellScript,
  task,
  type World,
  z,
} from '#task'
import { commands } from './lib/commands.ts'

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.instanceof(Secret), z.array(z.string())])

const args = z.strictObject({
  command: shellScript.meta({
    ...shellScript.meta(),
    description: 'starts the program, from the unpacked media',
    // Where its media lie, and how it is started there, is known to the site alone.
    ofSite: true,
  }),
  dialogue: dialogue({ from: 'values', also: ['role'] }),
  values: z.record(z.string(), value).meta({ description: 'the worksheet: what the answers of the dialogue can name' }),
  system: absolutePath.meta({ description: 'what is on the partition once the system is created' }),
  evidence: z.array(absolutePath).min(1).meta({ description: 'files that are on the node once it is installed' }),
  directories: z.array(absolutePath).default([]).meta({ description: 'directories that it makes on the node' }),
  services: z.array(serviceName).default([]).meta({ description: 'services that it brings' }),
  entries: z
    .array(z.string())
    .default([])
    .meta({ description: 'entries of the directory that are there once the system is created, by their names' }),
  package: plainWord.optional().meta({ description: 'name in the package database, where it registers there' }),
})

type Args = z.infer<typeof args>

export default task({
  name: 'installer',
  summary: 'Run an interactive installation program on a terminal and answer it from the worksheet',
  example: `
- name: Installer
  installer:
    command: cd /media/messenger && ./install
    dialogue: messenger-2.2
    values: "{{ messenger }}"
    system: /mnt/messenger/novell/messenger/config
    evidence: [/etc/init.d/novell-nmma]
`,
  args,
  opaque: true,
  lasting: true,

  async check({ world, proof, args, place }) {
    const files = await Promise.all(args.evidence.map(async path => ({ path, seen: await proof.rest(checksum(path)) })))
    const known = args.package === undefined ? undefined : await proof.rest(packageOf(args.package))
    const missing = files.filter(({ seen }) => seen?.type === 'absent').map(({ path }) => path)
    const system = await world.lookIfKnown(file(args.system))
    const absentEntries = await findAbsentEntries(world, args, place)
    if (absentEntries.length > 0 && isSeen(system) && system.value.type !== 'absent')
      throw entriesMissing(args, absentEntries)
    const effects = [
      ...(system.known && system.value.type === 'absent' ? [change(file(args.system), system.value, notKnownYet)] : []),
      ...missing.map(path => change(file(path), { type: 'absent' }, notKnownYet)),
      // It writes them anew: what rests on them, such as a test, is due again.
      ...files.flatMap(({ path, seen }) => (seen?.type === 'sum' ? [change(checksum(path), seen, notKnownYet)] : [])),
      ...absentEntries.map(dn => change(entry(dn), { type: 'absent' }, notKnownYet)),
      ...(await newDirectories()),
      ...args.services.map(service => change(bootStart(service), notKnownYet, notKnownYet)),
    ]
    // Asked in any case: also where files are missing, the receipt is one of the changes.
    const proved = await proof.stands()
    const isWhole = missing.length === 0 && known?.type !== 'absent'
    if (isWhole && proved.stands) return same(proved.because)
    await assertStartable(world, args, { place, system })
    if (missing.length > 0)
      return due(`${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not there`, ...effects)
    return due(isWhole ? proved.because : `the package ${args.package} is not installed`, ...effects)

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
    const beforeStart = async () => {
      await assertMedia($, args.command)
      await assertNotRunning($, args.command)
    }
    const role = create ? 'create' : 'join'
    const variables = { ...args.values, role }
    const { exitCode, transcript } = await converse(args.dialogue, { command: args.command, variables, beforeStart })
    const { endExits = [0] } = args.dialogue
    if (!endExits.includes(exitCode)) throw endedBadly(exitCode, { endExits, lastWords: transcript.at(-1)?.text ?? '' })
    return { role }
  },
})

/** The preferred node alone creates them; while it is installed, nobody else is. */
const findAbsentEntries = async (world: World, { entries }: Args, { position }: Place): Promise<readonly string[]> => {
  if (position !== 0) return []
  const seen = await Promise.all(entries.map(async dn => ({ dn, known: await world.lookIfKnown(entry(dn)) })))
  return seen.filter(({ known }) => known.known && known.value.type === 'absent').map(({ dn }) => dn)
}

const entriesMissing = ({ system }: Args, absent: readonly string[]): Problem =>
  new Problem({
    code: 'system-not-in-directory',
    summary: 'The system is on the partition, but not in the directory',
    seen: [`${system} is there`, ...absent.map(dn => `${dn} is not`)].join('; '),
    wanted: 'both, or none',
    help: 'see that the names are right and the directory is the one that the system was created in; else create the system anew, on a partition without one',
  })

type At = { readonly place: Place; readonly system: Known<FileValue> }

/** What stands in the way of the program is told before it is started, so that a dry run tells it too. */
const assertStartable = async (world: World, args: Args, { place, system }: At): Promise<void> => {
  if (isSeen(system) && system.value.type === 'absent' && place.position !== 0)
    throw noSystemYet(args, place.order[0] ?? '')
  const program = programOf(args.command)
  const media = program.startsWith('/') ? await world.lookIfKnown(file(program)) : undefined
  if (media && isSeen(media) && !mayRun(media.value)) throw mediaMissing(program)
  const { found } = await world.look(commands(program))
  if (found.length > 0) throw alreadyRunning(found)
}

/** In contrast to what is presumed of a partition that is not there now. */
const isSeen = <Value>(known: Known<Value>): known is Extract<Known<Value>, { known: true }> =>
  known.known && !known.isPresumed

const mayRun = (seen: FileValue): boolean =>
  seen.type === 'link' || (seen.type === 'file' && (Number.parseInt(seen.mode, 8) & 0o111) !== 0)

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
  const { exitCode } = await $({
    nothrow: true,
  })`command -v ${program} >/dev/null && test -x "$(command -v ${program})"`
  if (exitCode !== 0) throw mediaMissing(program)
}

const mediaMissing = (program: string): Problem =>
  new Problem({
    code: 'media-missing',
    summary: 'The installation program is not on the node',
    seen: `${program} is not there, or nobody may run it`,
    wanted: 'the unpacked media',
    state: 'nothing was started',
    help: 'unpack the media on the node, and name the place in the inventory',
  })

const assertNotRunning = async ($: HostDollar, command: string): Promise<void> => {
  const { found } = await readNow($, commands(programOf(command)))
  if (found.length > 0) throw alreadyRunning(found)
}

/** One that a person started, or that outlived its controller: a second one would write over what it writes. */
const alreadyRunning = (found: readonly string[]): Problem =>
  new Problem({
    code: 'installer-running',
    summary: 'The installation program runs on the node already',
    seen: found.join('\n'),
    wanted: 'no other one beside the one that this step starts',
    state: 'no second one was started',
    help: 'let it come to its end, or end it by the number of its process; then run the step again',
  })

type Ended = { readonly endExits: readonly number[]; readonly lastWords: string }

const endedBadly = (exitCode: number, { endExits, lastWords }: Ended): Problem =>
  new Problem({
    code: 'installer-failed',
    summary: 'The installation program ended with an error',
    seen: `exit status ${exitCode}`,
    wanted: `exit status ${endExits.join(' or ')}`,
    state: 'every question was answered; what it did before it failed, only its own words tell',
    help: `mend what it says, then run it again; where this status means that it went well, the dialogue says so: \`end: { exit: [${[...endExits, exitCode].join(', ')}] }\``,
    excerpt: lastWords.trimEnd().split('\n').slice(-10).join('\n'),
  })
