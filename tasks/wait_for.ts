// Waits until something listens, a file is there, or a line is in it; or until that is over.
import {
  absolutePath,
  due,
  eventually,
  file,
  findIn,
  type Json,
  Problem,
  port,
  regularExpression,
  same,
  task,
  text,
  type World,
  z,
} from '#task'
import { connects } from './lib/connects.ts'

const hostName = z.string().regex(/^[\w:][\w.:-]*$/, 'a name or an address')
const seconds = z.coerce.number().min(0)

const args = z
  .strictObject({
    port: z.coerce.number().int().min(1).max(65535).optional(),
    host: hostName.default('127.0.0.1').meta({ description: 'as the node knows it' }),
    path: absolutePath.optional(),
    search_regex: regularExpression.optional().meta({ description: 'what has to be in the file' }),
    state: z
      .enum(['started', 'present', 'stopped', 'absent'])
      .default('started')
      .meta({
        instead: { drained: 'write `stopped`, and wait in a `command:` step with `until:` for connections to end' },
      }),
    delay: seconds.default(0).meta({ description: 'seconds before the first look' }),
    timeout: seconds.default(300).meta({ description: 'seconds' }),
    sleep: seconds.optional().meta({ description: 'taken; it looks more often than once in a second' }),
    connect_timeout: z.coerce.number().int().min(1).default(5).meta({ description: 'seconds' }),
    msg: z.string().optional().meta({ description: 'told where it does not come to that in time' }),
  })
  .refine(
    ({ port, path }) => (port === undefined) !== (path === undefined),
    'either `port` or `path`; to wait for a time alone, write `pause:`',
  )
  .refine(({ path, search_regex }) => search_regex === undefined || path !== undefined, '`search_regex` with `path`')

type Args = z.output<typeof args>

export default task({
  name: 'wait_for',
  summary: 'Wait until a port answers, a file is there or holds a text, or until that is over',
  example: `
- name: It answers
  wait_for: { port: 8300, timeout: 60 }
- name: It is ready
  wait_for: { path: /var/log/agent.log, search_regex: ready for connections }
`,
  args,
  result: z.object({
    elapsed: z.number().meta({ description: 'seconds that it took' }),
    match_groups: z.array(z.string()).meta({ description: 'what the groups of `search_regex` found' }),
    match_groupdict: z.record(z.string(), z.string()).meta({ description: 'the same, of groups with a name' }),
    state: z.string().optional(),
    path: z.string().optional(),
    port: z.number().nullable().optional(),
    search_regex: z.string().nullable().optional(),
  }),
  instead: {
    active_connection_states: 'remove it, with `state: drained`',
    exclude_hosts: 'remove it, with `state: drained`',
  },
  onlyWaits: true,

  async check({ world, args }) {
    const found = args.delay > 0 ? undefined : await lookFor(world, args)
    return found ? same(`${told(args)} already`, { ...found, elapsed: 0 }) : due(`waits until ${told(args)}`)
  },

  async apply({ world, args, stopping, progress }) {
    const begun = Date.now()
    const over = begun + args.delay * 1000
    let found: Found
    const isSo = async () => {
      if (Date.now() < over) return false
      found = await lookFor(world, args)
      return found !== undefined
    }
    progress(`waits until ${told(args)}`, { atMostMs: args.timeout * 1000 })
    const ms = await eventually(isSo, args.timeout * 1000, stopping)
    if (found === undefined || ms === undefined) throw notInTime(args)
    return { ...found, elapsed: Math.round((Date.now() - begun) / 1000) }
  },
})

type Found = { readonly [name: string]: Json } | undefined

/** What `register` gets of it; nothing where it is not so yet. */
const lookFor = async (world: World, args: Args): Promise<Found> => {
  const { path, state, search_regex, port } = args
  const isWanted = state === 'started' || state === 'present'
  const [isThere, found] =
    path === undefined ? [await answers(world, args), undefined] : await lookInFile(world, path, args)
  if (isThere !== isWanted) return undefined
  const asked: Found = path === undefined ? { state, port: port ?? null } : { path, search_regex: search_regex ?? null }
  return { ...asked, match_groups: found?.slice(1) ?? [], match_groupdict: { ...found?.groups } }
}

const ofNode: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1', '0.0.0.0'])

const answers = async (world: World, { host, port: number, connect_timeout }: Args): Promise<boolean> =>
  ofNode.has(host)
    ? (await world.look(port(`${number}`))).listening
    : (await world.look(connects(`${host} ${number} ${connect_timeout}`))).connects

const lookInFile = async (
  world: World,
  path: string,
  { search_regex: wanted }: Args,
): Promise<readonly [boolean, RegExpExecArray | undefined]> => {
  if (wanted === undefined) return [(await world.look(file(path))).type !== 'absent', undefined]
  const seen = await world.look(text(path))
  const found = seen.type === 'text' ? findIn(wanted, seen.text) : null
  return [found !== null, found ?? undefined]
}

const told = ({ state, host, port, path, search_regex }: Args): string => {
  const isOver = state === 'stopped' || state === 'absent'
  if (path === undefined) return `${isOver ? 'nothing listens' : 'something listens'} at ${host}:${port}`
  if (search_regex !== undefined) return `${path} ${isOver ? 'no longer holds' : 'holds'} /${search_regex}/`
  return `${path} is ${isOver ? 'gone' : 'there'}`
}

const notInTime = (args: Args): Problem =>
  new Problem({
    code: 'waited-in-vain',
    summary: args.msg ?? `It did not come to that within ${args.timeout} s: ${told(args)}`,
    wanted: told(args),
    result: { elapsed: args.timeout },
    help: 'look at the node what keeps it from that; a longer `timeout:` gives it more time',
  })
