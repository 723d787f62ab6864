// How each host of an inventory is reached: through its provider, or by its own variables.
import { homedir, userInfo } from 'node:os'
import { resolve } from 'node:path'
import { connectionOf } from '../inventory/connection.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Target } from '../transport/target.ts'
import { usualIdentities, usualKnownHosts } from './connections.ts'
import { labTarget, loadLab } from './lab.ts'
import { labDirectory } from './lab-commands.ts'
import type { Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

export type TargetOf = (host: string) => Target & { readonly become?: string }

export type Targets = {
  readonly problems: readonly Problem[]
  /** Brings the nodes up where the inventory has a provider for them. */
  open(): Promise<TargetOf>
}

type Here = { readonly settings: Settings; readonly around: Surroundings }

export const createTargets = (inventory: Inventory, here: Here): Targets => {
  const { provider } = inventory
  if (provider?.name === 'lab') return { problems: [], open: () => openLab(inventory, here) }
  if (provider) return { problems: [noProvider(provider)], open: () => Promise.reject(noProvider(provider)) }
  const targets = new Map<string, ReturnType<TargetOf>>()
  const problems = inventory.hosts.flatMap(host => {
    const { connection, problems } = connectionOf(host)
    targets.set(host.name, sshTarget(host, connection, here))
    return problems
  })
  return { problems, open: async () => host => targets.get(host) ?? unreachable(host) }
}

const unreachable = (host: string): never => {
  throw new Error(`no target for ${host}`)
}

const openLab = async (inventory: Inventory, { settings, around }: Here): Promise<TargetOf> => {
  const { connectionOf, labStatus, labUp } = await loadLab()
  const dir = labDirectory(settings.state)
  const there = await labStatus(dir)
  if (!there) around.stderr.write('Bringing the lab up …\n')
  const lab = there ?? (await labUp({ dir, nodes: Math.max(2, inventory.hosts.length) }))
  return host => labTarget(host, connectionOf(lab, host))
}

const noProvider = ({ name, span }: NonNullable<Inventory['provider']>): Problem =>
  new Problem({
    code: 'provider-unknown',
    summary: `There is no provider \`${name}\``,
    span,
    wanted: 'lab, or no provider for nodes that are there',
    exit: exitCodes.input,
  })

type Connection = ReturnType<typeof connectionOf>['connection']

const sshTarget = (host: Host, connection: Connection, { settings, around }: Here): ReturnType<TargetOf> => ({
  host: host.name,
  address: connection.address,
  port: connection.port ?? 22,
  user: connection.user ?? userInfo().username,
  identityFiles: connection.identityFile ? [fromHome(connection.identityFile, settings.site)] : usualIdentities(),
  knownHostsFiles: usualKnownHosts(),
  connectTimeoutMs: 10_000,
  ...(around.agent !== undefined && { agent: around.agent }),
  ...(connection.password && { password: connection.password }),
  ...(connection.become && { become: connection.become.user }),
  ...(connection.become?.password && { becomePassword: connection.become.password }),
})

const fromHome = (path: string, site: string): string =>
  path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(site, path)
