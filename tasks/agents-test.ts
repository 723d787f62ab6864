// Tests the agents on a node: they start, run and answer; they stop, and nothing of them is left.
import {
  absolutePath,
  checksum,
  contents,
  due,
  eventually,
  type FileValue,
  file,
  type HostDollar,
  Problem,
  plainWord,
  process,
  readNow,
  same,
  service,
  serviceName,
  task,
  text,
  type World,
  z,
} from '#task'
import { assertOffline } from './lib/cluster-problems.ts'
import { agentAnswer } from './lib/liveness.ts'
import { definitionsOf, serviceCommand, tellService } from './lib/services.ts'

const agent = z.strictObject({
  name: z.string(),
  service: serviceName,
  process: plainWord,
  port: z.int().min(1).max(65535),
  probe: z.enum(['messaging', 'archive']).meta({ description: 'the request that a living agent answers' }),
  queue: absolutePath.meta({ description: 'its queue directory, which must belong to its user' }),
  startup: absolutePath.meta({ description: 'its startup file' }),
  tls: z.boolean().default(false).meta({ description: 'whether it speaks TLS on its port' }),
  leaves: z.array(absolutePath).default([]).meta({ description: 'directories in which it leaves files as it runs' }),
})

type Agent = z.infer<typeof agent>

const args = z.strictObject({
  agents: z.array(agent).min(1).meta({ description: 'in the order of the start; they are stopped in reverse' }),
  user: z.string().default('root'),
  resource: plainWord.optional().meta({ description: 'the cluster resource that starts them; offline during a test' }),
  address: z.string().default('127.0.0.1').meta({ description: 'where the agents listen' }),
  unit_directory: absolutePath
    .default('/usr/lib/systemd/system')
    .meta({ description: 'where the installation puts units' }),
  uid_conf: absolutePath.default('/etc/opt/novell/messenger/uid.conf'),
  start_within: z.number().default(60).meta({ description: 'seconds' }),
  stop_within: z.number().default(60).meta({ description: 'seconds' }),
})

/** `only`: an agent took a connection, and the node has no program that could have asked it anything. */
const tested = z.object({ stop_ms: z.number(), only: z.literal('connection').optional() })

export default task({
  name: 'agents-test',
  summary: 'Start the agents, see that they live, stop them, and see that nothing of them is left',
  example: `
- name: Agents' test
  agents-test:
    user: nvlmsgr
    resource: Messenger
    agents:
      - name: Messaging Agent
        service: novell-nmma
        process: nmma
        port: 8300
        probe: messaging
        queue: /var/opt/novell/messenger/ma/queue
        startup: /etc/opt/novell/messenger/strtup.ma
  register: tested
`,
  args,
  result: tested,

  async check({ world, proof, wasBegun, args: { agents, user, uid_conf, unit_directory, resource } }) {
    for (const { service, startup } of agents) {
      for (const path of definitionsOf(service, unit_directory)) await proof.rest(checksum(path))
      await proof.rest(checksum(startup))
    }
    await proof.rest(text(uid_conf))
    const proved = await proof.stands({ agents, user })
    // A test that was cut off leaves its agents running: the next one stops them first.
    for (const agent of wasBegun ? [] : agents) {
      const running = await world.lookIfKnown(process(agent.process))
      if (!running.known) continue
      if (running.value.count > 0) await assertAtRest(world, resource)
      assertNotRunning(agent, running.value)
    }
    if (proved.stands) return same(withProof(proved.because, proved.result), proved.result)
    await assertAtRest(world, resource)
    for (const agent of agents) {
      const queue = await world.lookIfKnown(file(agent.queue))
      if (queue.known) assertOwner(agent, queue.value, user)
    }
    return { ...due(proved.because), touches: agents.flatMap(({ leaves }) => leaves.map(contents)) }
  },

  async apply({ $: host, world, args, progress, wasBegun }) {
    const $ = host({ nothrow: true })
    // With resource monitoring a stop by hand counts as a failure: all of the resource is loaded anew, or moved.
    await assertAtRest(world, args.resource)
    if (wasBegun) await stopLeftOver($, args)
    for (const agent of args.agents) await assertReady($, agent, args.user)
    const stopped: (number | Problem)[] = []
    let isOnlyConnected = false
    try {
      for (const agent of args.agents) {
        progress(`starting the ${agent.name}`)
        isOnlyConnected = (await start($, agent, args)) === 'connection' || isOnlyConnected
      }
      for (const agent of args.agents.toReversed()) {
        progress(`stopping the ${agent.name}`)
        stopped.push(await stop($, agent, args.stop_within))
      }
    } catch (error) {
      // What is told is why it went wrong; whether clearing away did too is a part of how things stand.
      const isLost = error instanceof Problem && error.code === 'connection-lost'
      const left = await stopQuietly($, args.agents, { isLost }).catch(() => 'whether an agent runs is not known')
      throw error instanceof Problem ? withState(error, left) : error
    }
    const failed = stopped.find(each => each instanceof Problem)
    if (failed) throw withState(failed, await tellLeft($, args.agents))
    return { stop_ms: Math.max(...stopped.map(Number)), ...(isOnlyConnected && { only: 'connection' as const }) }
  },

  // What it started it has stopped: its receipt is all that is taken back, and that is not its own to do.
  async undo() {},
})

/** What the test could not see is told as long as it stands. */
const withProof = (because: string, result: unknown): string =>
  tested.safeParse(result).data?.only === undefined
    ? because
    : `${because}; no more than a connection was seen: the node has no openssl`

/** Agents that Cluster Services has started are left over by nobody, and it would start others beside ours. */
const assertAtRest = async (world: World, resource: string | undefined): Promise<void> => {
  if (resource === undefined) return
  const so = 'so its agents run or will run, and a test would stop them'
  await assertOffline(world, resource, so)
}

/** What a test that was cut off had started: it was under way, so nobody else is using it. */
const stopLeftOver = async ($: HostDollar, { agents, stop_within }: z.infer<typeof args>): Promise<void> => {
  for (const agent of agents.toReversed()) {
    const stopped = await stop($, agent, stop_within)
    if (stopped instanceof Problem) throw stopped
  }
}

type Timing = Pick<z.infer<typeof args>, 'start_within' | 'stop_within' | 'address' | 'user'>

/** Both were looked at before; what moved since, an agent would suffer from. */
const assertReady = async ($: HostDollar, agent: Agent, user: string): Promise<void> => {
  assertNotRunning(agent, await readNow($, process(agent.process)))
  assertOwner(agent, await readNow($, file(agent.queue)), user)
}

const assertNotRunning = ({ process: program }: Agent, running: Running): void => {
  if (running.count > 0) throw alreadyRunning(program, running)
}

/** A queue of another owner starts a process that `status` does not see and `stop` cannot end. */
const assertOwner = ({ name, queue }: Agent, seen: FileValue, user: string): void => {
  if (seen.type === 'absent' || ('owner' in seen && seen.owner === user)) return
  throw new Problem({
    code: 'wrong-owner',
    summary: `The queue directory of the ${name} does not belong to the user that it runs as`,
    seen: 'owner' in seen ? `${queue}: ${seen.owner}` : `${queue}: ${seen.type}`,
    wanted: user,
    state: 'no agent was started',
    help: `\`chown -R ${user} ${queue}\`, or mend the agents' user in the inventory`,
  })
}

/** @returns Whether it answered, or took no more than a connection. */
const start = async (
  $: HostDollar,
  agent: Agent,
  { start_within, address, user }: Timing,
): Promise<'answer' | 'connection'> => {
  const { probe, port, tls } = agent
  const started = await tellService($, agent.service, 'start')
  let seen: 'answer' | 'connection' = 'answer'
  const lives = async () => {
    const { answers, only = 'answer' } = await readNow($, agentAnswer({ probe, address, port, tls }))
    seen = only
    return answers
  }
  const runs = async () => (await isRunning($, agent)) && (await lives())
  if ((await eventually(runs, start_within * 1000)) !== undefined) {
    await assertUser($, agent, user)
    return seen
  }
  // Names of logs differ from release to release; those that were written last are about the start.
  const { stdout } =
    await $`${serviceCommand(agent.service, 'status')}; cd /var/opt/novell/log/messenger && ls -t *.* */* 2>/dev/null | head -n 2 | xargs tail -n 5`
  throw new Problem({
    code: 'agent-not-started',
    summary: `The ${agent.name} does not run ${start_within} s after its start`,
    seen: [started.stdout, started.stderr, stdout].join('').trim().slice(-600),
    wanted: `status "running", a process ${agent.process}, and an answer on port ${port}${tls ? ', over TLS' : ''}`,
    help: `look at its log on the node, then start it by hand: \`${serviceCommand(agent.service, 'start').join(' ')}\``,
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
  const before = performance.now()
  try {
    await tellService($({ timeout: `${withinSeconds}s` }), agent.service, 'stop')
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
    seen: tellProcesses(agent.process, left) ?? `no process ${agent.process}, and still the status "running"`,
    wanted: 'no process, and a status other than "running"',
    help: `end it on the node: \`pkill -x ${agent.process}\`, and \`pkill -9 -x ${agent.process}\` if it stays`,
  })
}

const isRunning = async ($: HostDollar, agent: Agent): Promise<boolean> => {
  const seen = await readNow($, service(agent.service))
  return seen.type === 'service' && seen.word === 'running'
}

/**
 * @param isLost The connection went, so the start that was under way may come to its end behind the first stop.
 * @returns How things stand then.
 */
const stopQuietly = async (
  $: HostDollar,
  agents: readonly Agent[],
  { isLost }: { readonly isLost: boolean },
): Promise<string> => {
  const stopAll = async () => {
    for (const { service: name } of agents.toReversed()) await tellService($, name, 'stop')
    return tellLeft($, agents)
  }
  const left = await stopAll()
  return isLost && left !== noneLeft ? stopAll() : left
}

const noneLeft = 'no agent is left running'

const tellLeft = async ($: HostDollar, agents: readonly Agent[]): Promise<string> => {
  const left: string[] = []
  for (const { process: program } of agents) left.push(tellProcesses(program, await readNow($, process(program))) ?? '')
  const told = left.filter(Boolean)
  return told.length === 0 ? noneLeft : `left running: ${told.join('; ')}`
}

type Running = { readonly count: number; readonly users: readonly string[] }

/** Nothing where none runs. */
const tellProcesses = (program: string, { count, users }: Running): string | undefined =>
  count === 0 ? undefined : `${count} ${count === 1 ? 'process' : 'processes'} ${program}, of ${users.join(', ')}`

const withState = ({ fields }: Problem, state: string): Problem =>
  new Problem({ ...fields, state: fields.state ? `${fields.state}; ${state}` : state })

const alreadyRunning = (program: string, running: Running): Problem =>
  new Problem({
    code: 'agent-left-over',
    summary: `${program} runs already, so a test would say nothing`,
    seen: tellProcesses(program, running),
    wanted: 'none',
    state: 'no agent was started',
    help: `find out who started it; end it: its init script's \`stop\`, else \`pkill -x ${program}\``,
  })
