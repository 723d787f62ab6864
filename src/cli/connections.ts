// The nodes of an inventory as the engine reaches them: one session each, connected when it is first needed.
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Nodes } from '../engine/context.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { connect, type Session } from '../transport/session.ts'
import type { Target } from '../transport/target.ts'

/** @param targetOf How to reach a host; asked once for each. */
export const openNodes = (targetOf: (host: string) => Target & { readonly become?: string }): Nodes => {
  const sessions = new Map<string, Promise<Session>>()

  const begin = (host: string): Promise<Session> => {
    const session = connect(targetOf(host))
    sessions.set(host, session)
    // A session that has ended is no session: the next command connects again.
    const forget = () => {
      if (sessions.get(host) === session) sessions.delete(host)
    }
    session.then(({ ended }) => ended.then(forget), forget)
    return session
  }

  return {
    async shell(host): Promise<HostShell> {
      const session = await (sessions.get(host) ?? begin(host))
      return session.shell(targetOf(host).become)
    },
    async close() {
      const all = await Promise.allSettled(sessions.values())
      await Promise.all(all.map(async each => each.status === 'fulfilled' && (await each.value.close())))
    },
  }
}

/** Files that OpenSSH's client reads by itself, in its order. */
export const usualIdentities = (): readonly string[] =>
  ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => join(homedir(), '.ssh', name))

export const usualKnownHosts = (): readonly string[] => [
  join(homedir(), '.ssh', 'known_hosts'),
  '/etc/ssh/ssh_known_hosts',
]
