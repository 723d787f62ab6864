// How each host of an inventory is reached: through its provider, or by its own variables.
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { connectionOf } from '../inventory/connection.ts'
import type { Host, Inventory } from '../inventory/inventory.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { distinct } from '../playbook/worksheet.ts'
import type { Variables } from '../template/render.ts'
import type { ReachableTarget } from './connections.ts'
import { type Lab, labDirectory, labTarget, loadLab } from './lab.ts'
import type { LoginPasswords } from './secret-sources.ts'
import type { Settings } from './settings.ts'
import { type SshWay, sshWay } from './ssh-way.ts'
import type { Surroundings } from './surroundings.ts'

export type TargetOf = (host: string) => ReachableTarget

export type Targets = {
  readonly problems: readonly Problem[]
  /** Brings the nodes up where the inventory has a provider for them. */
  open(): Promise<TargetOf>
}

type Here = {
  readonly settings: Settings
  readonly around: Surroundings
  /** For hosts whose inventory has none. */
  readonly passwords: LoginPasswords
}

export const createTargets = (inventory: Inventory, here: Here): Targets => {
  const { provider } = inventory
  if (provider?.name === 'lab') return { problems: [], open: () => openLab(inventory, here) }
  if (provider) return { problems: [noProvider(provider)], open: () => Promise.reject(noProvider(provider)) }
  const targets = new Map<string, ReturnType<TargetOf>>()
  const problems = inventory.hosts.flatMap(host => {
    const { connection, problems } = connectionOf(host)
    const way = sshTarget(host, connection, here)
    targets.set(host.name, way.target)
    return [...problems, ...way.problems]
  })
  return { problems: distinct(problems), open: async () => host => targets.get(host) ?? unreachable(host) }
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
  if (!there || lab.lane !== 'full') around.stderr.write(labHead(lab))
  return host => labTarget(host, connectionOf(lab, host))
}

/** Which kind this machine grants, found out by trying, and what such a lab cannot show. */
const labHead = ({ lane, lacks }: Lab): string =>
  `The lab is of the kind ${lane}${lacks.length > 0 ? `, and lacks: ${lacks.join('; ')}` : ''}.\n`

/** What templates can name of nodes that a provider brings up. */
export const providerFacts = async ({ provider }: Inventory, { state }: Settings): Promise<Variables> => {
  if (provider?.name !== 'lab') return {}
  const { lacks, network } = await (await loadLab()).labOutlook(labDirectory(state))
  return {
    lab_network: network,
    lab_has_second_user: !lacks.includes('chown to a second user'),
    lab_has_own_network: !lacks.includes('a network of its own'),
  }
}

const noProvider = ({ name, span }: NonNullable<Inventory['provider']>): Problem =>
  new Problem({
    code: 'provider-unknown',
    summary: `There is no provider \`${name}\``,
    span,
    wanted: '`lab`, or no `provider:` for nodes that are there already',
    exit: exitCodes.input,
  })

type Connection = ReturnType<typeof connectionOf>['connection']

/** The inventory counts more than `~/.ssh/config`, which counts more than what is usual. */
const sshTarget = (host: Host, connection: Connection, here: Here): SshWay => {
  const { target: found, problems } = sshWay({ ...connection, host: connection.address }, here)
  const target: ReachableTarget = {
    ...found,
    ...here.passwords,
    host: host.name,
    ...(connection.hostKeyChecking && { hostKeyChecking: connection.hostKeyChecking }),
    ...(connection.identityFile && { identityFiles: [fromHome(connection.identityFile, here.settings.site)] }),
    ...(connection.passphrase && { passphrase: connection.passphrase }),
    ...(connection.password && { password: connection.password }),
    ...(connection.legacyAlgorithms && { legacyAlgorithms: connection.legacyAlgorithms }),
    ...(connection.become && { become: connection.become.user, becomeMethod: connection.become.method }),
    ...(connection.become?.password && { becomePassword: connection.become.password }),
  }
  return { problems, target }
}

const fromHome = (path: string, site: string): string =>
  path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(site, path)
