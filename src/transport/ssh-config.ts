// What ~/.ssh/config says about one host. Pure: text in, a place to connect to out.
//
// Honoured: Host, Match host and user, HostName, Port, User, IdentityFile, IdentityAgent, UserKnownHostsFile,
// GlobalKnownHostsFile, ProxyJump. `Match exec` never runs anything. StrictHostKeyChecking is not honoured: a host key
// is always verified.
import { SSHConfig } from 'ssh-config'

export type ConfiguredHost = {
  /** Name or address to connect to. */
  readonly address: string
  readonly port: number
  readonly user: string
  readonly identityFiles: readonly string[]
  /** Path of an agent's socket; undefined leaves it to the environment. */
  readonly agent?: string
  readonly knownHostsFiles: readonly string[]
  /** The hosts to go through, first one first, as the user wrote them: `[user@]host[:port]`. */
  readonly jumps: readonly string[]
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
export const configuredHost = (text: string, asking: Asking): ConfiguredHost => {
  const config = SSHConfig.parse(text)
  const how = { ignoreCase: true, matchExec: false }
  const options = asking.user
    ? config.compute({ Host: asking.host, User: asking.user }, how)
    : config.compute(asking.host, how)
  const all = (name: string): readonly string[] => [options[name] ?? []].flat().filter(value => value !== '')
  const one = (name: string): string | undefined => all(name)[0]

  const address = asking.address ?? one('hostname')?.replaceAll('%h', asking.host) ?? asking.host
  const port = asking.port ?? Number(one('port') ?? 22)
  const user = asking.user ?? one('user') ?? asking.localUser
  const fill = filler({ ...asking, address, port, user })
  const files = (names: readonly string[]) => names.filter(name => name !== 'none').map(fill)
  const orElse = (values: readonly string[], otherwise: readonly string[]) => (values.length > 0 ? values : otherwise)
  const agent = one('identityagent')
  return {
    address,
    port,
    user,
    identityFiles: files(orElse(all('identityfile'), defaultIdentities)),
    agent: agent === undefined || agent === 'SSH_AUTH_SOCK' || agent === 'none' ? undefined : fill(agent),
    knownHostsFiles: files([
      ...orElse(all('userknownhostsfile'), defaultKnownHosts),
      ...orElse(all('globalknownhostsfile'), globalKnownHosts),
    ]),
    jumps: all('proxyjump')
      .filter(jump => jump !== 'none')
      .flatMap(jump => jump.split(',')),
  }
}

const defaultIdentities = ['~/.ssh/id_ed25519', '~/.ssh/id_ecdsa', '~/.ssh/id_rsa']
const defaultKnownHosts = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']
const globalKnownHosts = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']

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
