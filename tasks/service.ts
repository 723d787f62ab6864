// Keeps a service running or stopped, and has it start with the node or not.
import {
  type Answer,
  bootStart,
  type Change,
  change,
  due,
  eventually,
  type HostDollar,
  notKnownYet,
  Problem,
  same,
  serviceName,
  serviceState,
  splitWords,
  task,
  truth,
  type World,
  z,
} from '#task'
import { assertInstalled, bringService, isUnit, type ServiceAction, setBootStart } from './lib/services.ts'

const args = z
  .strictObject({
    name: serviceName,
    state: z
      .enum(['started', 'stopped', 'restarted', 'reloaded'])
      .optional()
      .meta({ description: 'restarted and reloaded are acts: done once for as long as they read the same' }),
    enabled: truth.optional().meta({ description: 'it starts with the node' }),
    arguments: z.string().default('').meta({ description: 'words that its init script gets' }),
  })
  .refine(({ state, enabled }) => (state ?? enabled) !== undefined, '`state`, `enabled`, or both')

type Args = z.output<typeof args>

/** Long enough for a daemon to be seen that its script has left behind. */
const settleMs = 5000

export default task({
  name: 'service',
  summary: 'Keep a service running or stopped, and have it start with the node or not',
  example: `
- name: Time
  service: { name: ntpd, state: started, enabled: true }
`,
  programs: {
    systemctl: 'write `service: { name: …, state: … }`',
    service: 'write `service: { name: …, state: … }`',
    chkconfig: 'write `service: { name: …, enabled: … }`',
  },
  args,
  result: z.object({
    name: z.string().optional(),
    state: z.enum(['started', 'stopped']).optional(),
    enabled: z.boolean().optional(),
  }),
  aliases: { args: 'arguments' },
  instead: {
    pattern: 'remove it: the init script says whether its daemon runs',
    runlevel: 'remove it: the levels are those of its init script',
    sleep: 'remove it: `restarted` is left to the init script',
    use: 'remove it: an init script comes first, then a unit of systemd',
  },

  inPlaceOf: {
    systemd: 'write `service:`; for `daemon_reload` a `command:` step with `systemctl`',
    systemd_service: 'write `service:`; for `daemon_reload` a `command:` step with `systemctl`',
    sysvinit: 'write `service:`',
  },

  async check({ world, proof, args }): Promise<Answer> {
    const { name, state, enabled } = args
    const service = await nameOn(world, name)
    const changes = [...(await ofState(world, service, state)), ...(await ofBoot(world, service, enabled))]
    const result = {
      name,
      ...(state && { state: state === 'stopped' ? state : 'started' }),
      ...(enabled !== undefined && { enabled }),
    }
    if (state === 'restarted' || state === 'reloaded') {
      const done = await proof.stands({ state })
      if (!done.stands) return { ...due(done.because, ...changes), result }
    }
    return changes.length === 0 ? same(`${name} is as it should be`, result) : { ...due('', ...changes), result }
  },

  async apply({ $, world, args, changes }) {
    const [first]: readonly Change[] = changes
    const service = first?.key ?? (await nameOn(world, args.name))
    const isOther = changes.some(({ kind }) => kind === 'service-state')
    if (isOther || args.state === 'restarted' || args.state === 'reloaded')
      await bringTo({ $, world }, { service, words: splitWords(args.arguments) }, actionOf(args, isOther))
    if (changes.some(({ kind }) => kind === 'boot-start')) await setBootStart($, service, args.enabled ? 'on' : 'off')
  },

  async undo({ $, changes }) {
    for (const { kind, key, before } of changes.toReversed() as readonly Change[]) {
      const { state } = before as { readonly state: string }
      if (kind === 'boot-start' && (state === 'on' || state === 'off')) await setBootStart($, key, state)
      if (kind === 'service-state')
        await bringService($, { service: key, words: [] }, state === 'running' ? 'start' : 'stop')
    }
  },
})

/** A unit where the node has no init script of that name. */
const nameOn = async (world: World, name: string): Promise<string> => {
  const script = await world.lookIfKnown(serviceState(name))
  if (isUnit(name) || !script.known || script.value.state !== 'absent') return name
  const unit = await world.lookIfKnown(serviceState(`${name}.service`))
  if (unit.known && unit.value.state === 'absent') throw noSuchService(name)
  return `${name}.service`
}

const ofState = async (world: World, name: string, state: Args['state']) => {
  if (state === undefined) return []
  const seen = await world.lookIfKnown(serviceState(name))
  const after = { state: state === 'stopped' ? ('stopped' as const) : ('running' as const) }
  if (!seen.known) return [change(serviceState(name), notKnownYet, after)]
  if (seen.value.state === 'absent') throw noSuchService(name)
  return seen.value.state === after.state ? [] : [change(serviceState(name), seen.value, after)]
}

const ofBoot = async (world: World, name: string, enabled: Args['enabled']) => {
  if (enabled === undefined) return []
  const seen = await world.lookIfKnown(bootStart(name))
  const after = { state: enabled ? ('on' as const) : ('off' as const) }
  if (!seen.known) return [change(bootStart(name), notKnownYet, after)]
  if (seen.value.state === 'absent') throw noSuchService(name)
  assertInstalled(name, seen.value.state)
  return seen.value.state === after.state ? [] : [change(bootStart(name), seen.value, after)]
}

/** What does not run is started, whatever else was wanted of it. */
const actionOf = ({ state }: Args, isOther: boolean): ServiceAction => {
  if (state === 'stopped') return 'stop'
  if (isOther || state === 'started') return 'start'
  return state === 'reloaded' ? 'reload' : 'restart'
}

type Meant = Parameters<typeof bringService>[1]

type There = { readonly $: HostDollar; readonly world: World }

const bringTo = async ({ $, world }: There, meant: Meant, action: ServiceAction): Promise<void> => {
  await bringService($, meant, action)
  const wanted = action === 'stop' ? 'stopped' : 'running'
  await eventually(async () => (await world.look(serviceState(meant.service))).state === wanted, settleMs)
}

const noSuchService = (name: string): Problem =>
  new Problem({
    code: 'service-unknown',
    summary: `The node has no service ${name}`,
    seen: `no /etc/init.d/${name}, and no unit of that name`,
    wanted: 'a service with an init script or a unit',
    help: 'see what is there: `ls /etc/init.d`, `systemctl list-unit-files`',
  })
