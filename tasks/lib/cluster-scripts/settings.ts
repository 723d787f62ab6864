// What a site says about the scripts of its cluster resource; and what their templates are filled in with.
import { absolutePath, userName, z } from '#task'
import { serviceCommand } from '../services.ts'

// The wrappers of `ncsfuncs` evaluate their arguments a second time. Blanks survive that within "'…'"; a quote cannot.
const withoutQuotes = (what: z.ZodString) =>
  what.regex(/^[^'"\\$`\r\n]*$/, 'a text without quotes, `$`, backquotes and backslashes')
const word = z.string().regex(/^[A-Za-z0-9][\w.@+-]*$/, 'letters, digits and any of `_.@+-`')
const path = withoutQuotes(absolutePath)
const options = withoutQuotes(z.string().min(1)).default('noatime,nodiratime')
const linux = { device: path, fstype: userName, options }

const nss = z.strictObject({
  kind: z.literal('nss'),
  pool: word,
  volume: word,
  volume_id: z.int().min(0).max(254).meta({ description: 'unique in the cluster; a wrong one mounts nothing' }),
  options,
  ncp_server: word.optional().meta({ description: 'the virtual NCP server of the pool, where it has one' }),
})

const storage = z.discriminatedUnion('kind', [
  nss,
  z.strictObject({ kind: z.literal('plain'), ...linux }),
  z.strictObject({ kind: z.literal('lvm'), group: word, ...linux }),
  z.strictObject({
    kind: z.literal('evms'),
    group: word,
    ...linux,
    deactivate: z.boolean().default(true).meta({ description: 'whether the unload script deactivates the container' }),
  }),
])

const agent = z.strictObject({
  service: word.meta({ description: 'an init script, or a unit where it ends with `.service`' }),
  process: word.max(15).meta({ description: 'name of the program, as the kernel shows it' }),
})

const seconds = z.int().min(1)

/** All that the scripts say about a site. */
export const scriptSettings = z.strictObject({
  storage,
  mount_point: path,
  address: z.ipv4().meta({ description: 'secondary address of the cluster resource' }),
  agents: z.array(agent).min(1).meta({ description: 'in the order of the start' }),
  stop_order: z.enum(['reverse', 'manual']).default('reverse').meta({ description: 'manual: as they are started' }),
  stop_wait: seconds.default(8).meta({ description: 'seconds that the agents have to stop by themselves' }),
  kill_wait: seconds.default(3).meta({ description: 'seconds after TERM, and again after KILL' }),
  gwha: z
    .boolean()
    .default(false)
    .meta({ description: 'whether the node runs the GroupWise High Availability service' }),
})

export type ScriptSettings = z.infer<typeof scriptSettings>

/** The settings, the commands of each agent, and the order of their stop. */
export const templateValues = (settings: ScriptSettings) => {
  const agents = settings.agents.map(({ service, process }) => ({
    process,
    start: serviceCommand(service, 'start').join(' '),
    stop: serviceCommand(service, 'stop').join(' '),
  }))
  return { ...settings, agents, agents_to_stop: settings.stop_order === 'manual' ? agents : agents.toReversed() }
}
