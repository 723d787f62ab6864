// What OpenSSH's client configuration says about one host. Pure: texts in, a place to connect to out.
//
// What is honoured stands in docs/ssh.md. What would change who is trusted or how one logs in, and is not understood, is
// refused by name; all else is passed over. Nothing that a configuration names is ever run.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Chosen } from './algorithms.ts'
import { type ConfigLine, readConfig, type SshConfig } from './ssh-config-lines.ts'
import type { HostKeyChecking } from './trust.ts'

export type ConfiguredHost = {
  /** Name or address to connect to. */
  readonly address: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  readonly identitiesOnly: boolean
  /** Path of an agent's socket; undefined leaves it to the environment, nothing at all is `none`. */
  readonly agent?: string | 'none'
  readonly knownHostsFiles: readonly string[]
  readonly hostKeyAlias?: string
  readonly hostKeyChecking?: HostKeyChecking
  readonly hashKnownHosts: boolean
  readonly connectTimeoutMs?: number
  readonly keepaliveMs?: number
  /** The ways to log in, in order; undefined where nothing is said. */
  readonly loginOrder?: readonly string[]
  readonly algorithms: Chosen
  /** Nobody is to be asked. */
  readonly isBatch: boolean
  /** The hosts to go through, first one first, as the user wrote them: `[user@]host[:port]`. */
  readonly jumps: readonly string[]
}

export type Configured = {
  readonly host: ConfiguredHost
  readonly problems: readonly Problem[]
  /** What was passed over, for a person. */
  readonly notices: readonly string[]
}

export type Asking = {
  /** The name that the user wrote. */
  readonly host: string
  /** Home directory and name of who runs this program. */
  readonly home: string
  readonly localUser: string
  /** What the inventory says counts more than the file. */
  readonly address?: string
  readonly port?: number
  readonly user?: string
}

/**
 * Reads one host out of an OpenSSH client configuration; what it does not say is as OpenSSH has it.
 *
 * @source ssh_config(5); for the tokens, its section "TOKENS"
 */
export const configuredHost = (config: SshConfig, asking: Asking): Configured => {
  const said = new Map<string, ConfigLine>()
  const identities: string[] = []
  const one = (keyword: string): string | undefined => said.get(keyword)?.words[0]
  const all = (keyword: string, usual: readonly string[]): readonly string[] => said.get(keyword)?.words ?? usual
  const isYes = (keyword: string): boolean => one(keyword) === 'yes'
  const hostName = () => asking.address ?? one('hostname')?.replaceAll('%h', asking.host) ?? asking.host
  const userName = () => asking.user ?? one('user') ?? asking.localUser

  const passedOver = readConfig(
    config,
    { originalHost: asking.host, localUser: asking.localUser, host: hostName, user: userName },
    line => {
      if (line.words[0] === undefined) return
      if (line.keyword === 'identityfile') identities.push(line.words[0])
      // Of these two the first that is met decides.
      else if (line.keyword === 'proxycommand' && said.has('proxyjump')) return
      else if (line.keyword === 'proxyjump' && said.has('proxycommand')) return
      else if (!said.has(line.keyword)) said.set(line.keyword, line)
    },
  )

  const problems: Problem[] = []
  const number = (keyword: string): number | undefined => {
    const line = said.get(keyword)
    if (!line) return undefined
    const value = durationOf(line.words[0] ?? '')
    if (value === undefined) problems.push(notANumber(line))
    return value
  }
  const seconds = (keyword: string): number | undefined => {
    const value = number(keyword)
    return value ? value * 1000 : undefined
  }
  const [address, user] = [hostName(), userName()]
  const port = asking.port ?? number('port') ?? 22
  const fill = filler({ ...asking, address, port, user })
  const files = (names: readonly string[]) => names.filter(name => name !== 'none').map(fill)
  const agent = one('identityagent')
  const alias = one('hostkeyalias')
  const checking = checkingOf[one('stricthostkeychecking')?.toLowerCase() ?? '']
  const [connectTimeoutMs, keepaliveMs] = [seconds('connecttimeout'), seconds('serveraliveinterval')]
  const loginOrder = loginOrderOf(said)
  for (const line of said.values()) if (changesTrust(line)) problems.push(notUnderstood(line, asking.host))
  return {
    problems,
    notices: passedOver.map(
      ({ span, words }) => `${span.file}:${span.line} is passed over: Match ${words[0]} is not asked here`,
    ),
    host: {
      address,
      port,
      user,
      identityFiles: files(identities.length > 0 ? [...new Set(identities)] : defaultIdentities),
      identitiesOnly: isYes('identitiesonly'),
      ...(agent !== undefined && agent !== 'SSH_AUTH_SOCK' && { agent: agent === 'none' ? agent : fill(agent) }),
      knownHostsFiles: files([
        ...all('userknownhostsfile', defaultKnownHosts),
        ...all('globalknownhostsfile', globalKnownHosts),
      ]),
      ...(alias !== undefined && { hostKeyAlias: fill(alias) }),
      ...(checking && { hostKeyChecking: checking }),
      hashKnownHosts: isYes('hashknownhosts'),
      ...(connectTimeoutMs && { connectTimeoutMs }),
      ...(keepaliveMs && { keepaliveMs }),
      ...(loginOrder && { loginOrder }),
      algorithms: algorithmsOf(said),
      isBatch: isYes('batchmode'),
      jumps: all('proxyjump', [])
        .flatMap(jump => jump.split(','))
        .filter(jump => jump !== 'none')
        .map(fill),
    },
  }
}

const defaultIdentities = ['~/.ssh/id_rsa', '~/.ssh/id_ecdsa', '~/.ssh/id_ed25519']
const defaultKnownHosts = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']
const globalKnownHosts = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']

/** No word makes a changed key a good one: `no` means as much as can be had. */
const checkingOf: Readonly<Record<string, HostKeyChecking>> = {
  yes: 'strict',
  ask: 'ask',
  'accept-new': 'accept-new',
  no: 'accept-new',
  off: 'accept-new',
}

const usualOrder = ['publickey', 'keyboard-interactive', 'password']

const switches: Readonly<Record<string, readonly string[]>> = {
  publickey: ['pubkeyauthentication'],
  'keyboard-interactive': ['kbdinteractiveauthentication', 'challengeresponseauthentication'],
  password: ['passwordauthentication'],
}

const loginOrderOf = (said: ReadonlyMap<string, ConfigLine>): readonly string[] | undefined => {
  const isOff = (way: string) => switches[way]?.some(keyword => said.get(keyword)?.words[0] === 'no')
  const preferred = said.get('preferredauthentications')?.words.join(',').split(',')
  const order = (preferred ?? usualOrder).filter(way => !isOff(way))
  return preferred || order.length < usualOrder.length ? order : undefined
}

const algorithmKeywords = {
  hostKey: ['hostkeyalgorithms'],
  kex: ['kexalgorithms'],
  cipher: ['ciphers'],
  mac: ['macs'],
  signature: ['pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes'],
} as const

const algorithmsOf = (said: ReadonlyMap<string, ConfigLine>): Chosen =>
  Object.fromEntries(
    Object.entries(algorithmKeywords).flatMap(([kind, keywords]) =>
      keywords
        .flatMap(keyword => said.get(keyword) ?? [])
        .slice(0, 1)
        .map(({ words }) => [kind, words.join(',')]),
    ),
  )

/** @source sshd_config(5), "TIME FORMATS": seconds, or `1m30s`. */
const durationOf = (text: string): number | undefined => {
  if (!/^(\d+[smhdw]?)+$/i.test(text)) return undefined
  const parts = [...text.matchAll(/(\d+)([smhdw]?)/gi)]
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (inSeconds[unit.toLowerCase()] ?? 1), 0)
}

const inSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Settings that change who is trusted or how one logs in, and what can be done instead. */
const refused: Readonly<Record<string, string>> = {
  proxycommand: '`ProxyJump` goes through a host without running a program here',
  knownhostscommand: 'write the keys into a known_hosts file',
  certificatefile: 'log in with a plain key: certificates of users cannot be shown here',
  pkcs11provider: 'let an agent hold the key: `ssh-add -s`',
  canonicalizehostname: 'write the whole name (`HostName`, or `ansible_host` in the inventory)',
  revokedhostkeys: 'mark the keys `@revoked` in known_hosts',
}

/** Off is what is done anyway. */
const changesTrust = ({ keyword, words }: ConfigLine): boolean =>
  Object.hasOwn(refused, keyword) && words[0] !== 'none' && words[0] !== 'no'

const notUnderstood = ({ keyword, written, span }: ConfigLine, host: string): Problem =>
  new Problem({
    code: 'ssh-config-refused',
    summary: `\`${written}\` is not understood, and without it ${host} would be reached in another way than you wrote`,
    span,
    exit: exitCodes.input,
    help: `${refused[keyword]}; or set \`${written} ${keyword === 'canonicalizehostname' ? 'no' : 'none'}\` for this host`,
  })

const notANumber = ({ written, words, span }: ConfigLine): Problem =>
  new Problem({
    code: 'ssh-config-wrong',
    summary: `\`${written}\` wants a number`,
    span,
    seen: words[0] ?? '',
    help: 'write one, or take the line out',
    exit: exitCodes.input,
  })

type Filling = Asking & Pick<ConfiguredHost, 'address' | 'port' | 'user'>

const filler =
  ({ host, home, localUser, address, port, user }: Filling) =>
  (path: string): string => {
    const tokens: Readonly<Record<string, string>> = {
      '%': '%',
      d: home,
      h: address,
      n: host,
      p: String(port),
      r: user,
      u: localUser,
    }
    return path.replace(/^~(?=\/|$)/, home).replace(/%(.)/g, (token, letter: string) => tokens[letter] ?? token)
  }
