// What can go wrong with a connection, before it stands and after.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Target } from './target.ts'

/** Seen where a connection was given up, since nobody waits for it any more. */
export const givenUp = 'the run has ended meanwhile'

/** No SSH server was reached. */
export const hostUnreachable = ({ host, address, port }: Target, seen: string): Problem =>
  new Problem({
    code: 'host-unreachable',
    summary: `${host} cannot be reached at ${address} port ${port}`,
    host,
    seen,
    wanted: 'an SSH server that answers',
    state: 'nothing was done there',
    exit: exitCodes.unreachable,
    help: `is it up? \`ssh -p ${port} ${address}\``,
  })

/** The server and we have no algorithm in common. */
export const noCommonAlgorithm = (target: Target, seen: string): Problem =>
  new Problem({
    code: 'no-common-algorithm',
    summary: `${target.host} speaks only SSH algorithms that are not trusted any more`,
    host: target.host,
    seen,
    state: 'nothing was done there',
    exit: exitCodes.unreachable,
    help: olderWord(target),
  })

const olderWord = ({ host, legacyAlgorithms = false }: Target): string => {
  if (legacyAlgorithms === 'oldest') return 'its SSH server needs an update'
  const word = legacyAlgorithms ? 'oldest' : 'true'
  return `set \`ansible_legacy_algorithms: ${word}\` for ${host}, which is a risk, or update its SSH server`
}

/** A connection that stood went away. */
export const connectionLost = ({ host }: Target, seen: string): Problem =>
  new Problem({
    code: 'connection-lost',
    summary: `The connection to ${host} was lost`,
    host,
    seen,
    exit: exitCodes.unknown,
    help: 'run it again: each step looks first how things stand',
  })

/** The server opens no further channel. */
export const channelRefused = ({ host }: Target, seen: string): Problem =>
  new Problem({
    code: 'channel-refused',
    summary: `The SSH server of ${host} opens no further channel`,
    host,
    seen,
    help: 'let what is open end first (a terminal, an installer), or raise `MaxSessions` in its `sshd_config`: 3 serve all',
  })

/** The node was to lead somewhere, and got no connection there; the number says why. @source RFC 4254, 5.1 */
export const wayRefused = ({ host }: Target, to: string, { message, reason }: Error & { reason?: unknown }): Problem =>
  new Problem({
    code: 'channel-refused',
    summary: `${host} leads nobody to ${to}`,
    host,
    seen: (typeof reason === 'number' && waysRefused[reason]) || message,
    help: 'see on the node whether something answers there, and whether its `sshd_config` allows it (`AllowTcpForwarding`)',
  })

const waysRefused: Readonly<Record<number, string>> = {
  1: 'its SSH server does not allow it',
  2: 'it gets no connection there itself',
  4: 'its SSH server opens no further channel',
}

/** What the system calls an error of a socket, in words. */
export const socketWords = (error: NodeJS.ErrnoException): string =>
  (error.code && words[error.code]) || (error.message === keepalive ? 'it does not answer any more' : error.message)

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens on that port',
  ECONNRESET: 'connection reset by the other side',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'no answer in time',
  EPIPE: 'connection closed by the other side',
}

/** ssh2's own sentence for it. */
const keepalive = 'Keepalive timeout'
