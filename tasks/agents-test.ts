// Tests the agents on a node: they start, run and answer; they stop, and nothing of them is left.
import {
  absolutePath,
  checksum,
  due,
  eventually,
  file,
  type HostDollar,
  Problem,
  process,
  readNow,
  same,
  service,
  task,
  text,
  z,
} from '#task'
import { answersAs, livenessProbes } from './lib/liveness.ts'

const agent = z.strictObject({
  name: z.string(),
  service: z.string(),
  process: z.string(),
  port: z.int().min(1).max(65535),
  probe: z.enum(['messaging', 'archive']).meta({ description: 'the request that a living agent answers' }),
  queue: absolutePath.meta({ description: 'its queue directory, which must belong to its user' }),
  startup: absolutePath.meta({ description: 'its startup file' }),
})

type Agent = z.infer<typeof agent>

const args = z.strictObject({
  agents: z.array(agent).min(1).meta({ description: 'in the order of the start; they are stopped in reverse' }),
  user: z.string().default('root'),
  address: z.string().default('127.0.0.1').meta({ description: 'where the agents listen' }),
  uid_conf: absolutePath.default('/etc/opt/novell/messenger/uid.conf'),
  start_within: z.number().default(60).meta({ description: 'seconds' }),
  stop_within: z.number().default(60).meta({ description: 'seconds' }),
})

export default task({
  name: 'agents-test',
  summary: 'Start the agents, see that they live, stop them, and see that nothing of them is left',
  args,

  async check({ world, proof, args: { agents, user, uid_conf } }) {
    for (const { service, startup } of agents) {
      await proof.rest(checksum(`/etc/init.d/${service}`))
      await proof.rest(checksum(startup))
    }
    await proof.rest(text(uid_conf))
    const proved = await proof.stands({ agents, user })
    if (!proved.stands) return due(proved.because)
    for (const agent of agents) {
      const running = await world.look(process(agent.process))
      if (running.count > 0) return due(`${agent.process} runs, and should not`)
    }
    return same(proved.because)
  },

  async apply({ $: host, args, progress }) {
    const $ = host({ nothrow: true })
    for (const agent of args.agents) await assertReady($, agent, args.user)
    const stopped: (number | Problem)[] = []
    try {
      for (const agent of args.agents) {
        progress(`starting the ${agent.name}`)
        await start($, agent, args)
      }
      for (const agent of args.agents.toReversed()) {
        progress(`stopping the ${agent.name}`)
        stopped.push(await stop($, agent, args.stop_within))
      }
    } catch (error) {
      // What is told is why it went wrong, not that clearing away did too.
      await stopQuietly($, args.agents).catch(() => {})
      throw error
    }
    const failed = stopped.find(each => each instanceof Problem)
    if (failed) throw failed
    return { stop_ms: Math.max(...stopped.map(Number)) }
  },

  // What it started it has stopped: its receipt is all that is taken back, and that is not its own to do.
  async undo() {},
})

type Timing = Pick<z.infer<typeof args>, 'start_within' | 'stop_within' | 'address' | 'user'>

/** A queue of another owner starts a process that `status` does not see and `stop` cannot end. */
const assertReady = async ($: HostDollar, { name, process: program, queue }: Agent, user: string): Promise<void> => {
  const running = await readNow($, process(program))
  if (running.count > 0) throw alreadyRunning(program, running.count)
  const directory = await readNow($, file(queue))
  if (directory.type === 'absent' || ('owner' in directory && directory.owner === user)) return
  throw new Problem({
    code: 'wrong-owner',
    summary: `The queue directory of the ${name} does not belong to the user that it runs as`,
    seen: 'owner' in directory ? `${queue}: ${directory.owner}` : `${queue}: ${directory.type}`,
    wanted: user,
    state: 'no agent was started',
    help: `\`chown -R ${user} ${queue}\`, or mend the agents' user in the inventory`,
  })
}

const start = async ($: HostDollar, agent: Agent, { start_within, address, user }: Timing): Promise<void> => {
  const script = `/etc/init.d/${agent.service}`
  const started = await $`${script} start </dev/null`
  const lives = async () => answersAs(await livenessProbes[agent.probe]($, { address, port: agent.port }))
  const runs = async () => (await isRunning($, agent)) && (await lives())
  if ((await eventually(runs, start_within * 1000)) !== undefined) return assertUser($, agent, user)
  const { stdout } = await $`${script} status; tail -n 5 /var/opt/novell/log/messenger/*/* 2>/dev/null; :`
  throw new Problem({
    code: 'agent-not-started',
    summary: `The ${agent.name} does not run ${start_within} s after its start`,
    seen: [started.stdout, started.stderr, stdout].join('').trim().slice(-600),
    wanted: `status "running", a process ${agent.process}, and an answer on port ${agent.port}`,
    help: `look at its log on the node, then start it by hand: \`${script} start\``,
  })
}

const assertUser = async ($: HostDollar, agent: Agent, user: string): Promise<void> => {
  const { users } = await readNow($, process(agent.process))
  if (users.length === 1 && users[0] === user) return
  throw new Problem({
    code: 'agent-wrong-user',
    summary: `The ${agent.name} runs, but as another user`,
    seen: users.join(', ') || `no process ${agent.process}`,
    wanted: user,
    help: 'compare uid.conf on the node with the agents’ user in the inventory',
  })
}

/** @returns Milliseconds that the stop took; or why it is not stopped, so that the others are stopped all the same. */
const stop = async ($: HostDollar, agent: Agent, withinSeconds: number): Promise<number | Problem> => {
  const script = `/etc/init.d/${agent.service}`
  const before = performance.now()
  try {
    await $({ timeout: `${withinSeconds}s` })`${script} stop </dev/null`
  } catch (error) {
    // A script that hangs says nothing about its agent; what is still there does.
    if (!(error instanceof Problem && error.code === 'command-timeout')) throw error
  }
  const isGone = async () => (await readNow($, process(agent.process))).count === 0 && !(await isRunning($, agent))
  if ((await eventually(isGone, withinSeconds * 1000)) !== undefined) return Math.round(performance.now() - before)
  const left = await readNow($, process(agent.process))
  return new Problem({
    code: 'agent-not-stopped',
    summary: `The ${agent.name} is still there ${withinSeconds} s after its stop`,
    seen: `${left.count} processes ${agent.process}, of ${left.users.join(', ') || 'nobody'}`,
    wanted: 'no process, and a status other than "running"',
    state: 'the agent may still write to the partition',
    help: `end it on the node: \`pkill -x ${agent.process}\`, and \`pkill -9 -x ${agent.process}\` if it stays`,
  })
}

const isRunning = async ($: HostDollar, agent: Agent): Promise<boolean> => {
  const seen = await readNow($, service(agent.service))
  return seen.type === 'service' && seen.word === 'running'
}

const stopQuietly = async ($: HostDollar, agents: readonly Agent[]): Promise<void> => {
  for (const { service: name } of agents.toReversed()) await $`/etc/init.d/${name} stop </dev/null`
}

const alreadyRunning = (program: string, count: number): Problem =>
  new Problem({
    code: 'agent-left-over',
    summary: `${program} runs already, so a test would say nothing`,
    seen: `${count} processes`,
    wanted: 'none',
    state: 'no agent was started',
    help: `find out who started it; end it: its init script's \`stop\`, else \`pkill -x ${program}\``,
  })
