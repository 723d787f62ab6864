// How OpenSSH's client would reach a host by a name: its configuration, the jump hosts on the way, what is usual.
import { homedir, userInfo } from 'node:os'
import { exitCodes, Problem } from '../model/problem.ts'
import { configuredHost } from '../transport/ssh-config.ts'
import type { HostKeyChecking } from '../transport/trust.ts'
import type { ReachableTarget } from './connections.ts'
import type { Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

export type SshName = { readonly host: string; readonly port?: number; readonly user?: string }

export type SshWay = { readonly target: ReachableTarget; readonly problems: readonly Problem[] }

type Here = { readonly settings: Settings; readonly around: Surroundings }

/** @param through Who is on the way to it already, where it is a jump host. */
export const sshWay = ({ host, port, user }: SshName, here: Here, through: readonly string[] = []): SshWay => {
  const { settings, around } = here
  const asking = { host, home: homedir(), localUser: userInfo().username }
  const configured = configuredHost(around.sshConfig, { ...asking, ...(port && { port }), ...(user && { user }) })
  const { jumps, agent = around.agent, hostKeyChecking, ...target } = configured.host
  const way = through.includes(host) ? inCircles(host, through) : jumpsOf(jumps, here, [...through, host])
  return {
    problems: [...configured.problems, ...way.problems],
    target: {
      connectTimeoutMs: 10_000,
      ...target,
      host,
      hostKeyChecking: settings.hostKeyChecking ?? ansibleChecking(around) ?? hostKeyChecking ?? 'strict',
      ...(agent !== undefined && agent !== 'none' && { agent }),
      ...(configured.notices.length > 0 && { notices: configured.notices }),
      jumps: way.jumps,
    },
  }
}

type Jumps = { readonly jumps: readonly ReachableTarget[]; readonly problems: readonly Problem[] }

/** The first host may have jump hosts of its own; those after it are reached from the one before. */
const jumpsOf = (written: readonly string[], here: Here, through: readonly string[]): Jumps => {
  const ways = written.map((jump, index) => ({ ...sshWay(parseJump(jump), here, through), isFirst: index === 0 }))
  return {
    problems: ways.flatMap(({ problems }) => problems),
    jumps: ways.flatMap(({ target: { jumps = [], ...target }, isFirst }) => [...(isFirst ? jumps : []), target]),
  }
}

const inCircles = (host: string, through: readonly string[]): Jumps => ({
  jumps: [],
  problems: [
    new Problem({
      code: 'jump-in-circles',
      summary: `The way to ${through[0]} goes in circles`,
      seen: [...through, host].join(' → '),
      exit: exitCodes.input,
      help: 'set `ProxyJump none` for the jump host in ~/.ssh/config',
    }),
  ],
})

/**
 * What Ansible takes from the environment.
 *
 * "False" takes any key there; the nearest to it here is to take a new one, and to say so.
 */
const ansibleChecking = ({ environment }: Surroundings): HostKeyChecking | undefined =>
  /^(false|no|off|0|n|f)$/i.test(environment('ANSIBLE_HOST_KEY_CHECKING') ?? '') ? 'accept-new' : undefined

/** @source ssh_config(5), ProxyJump: `[user@]host[:port]` or `ssh://…`, an IPv6 address in brackets. */
const parseJump = (jump: string): SshName => {
  const [, user, bracketed, plain, port] =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?\/?$/.exec(jump) ?? []
  return { host: bracketed ?? plain ?? jump, ...(user && { user }), ...(port && { port: Number(port) }) }
}
