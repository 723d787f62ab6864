// Reads what a command rests on that is about a cluster and about no playbook: settings, inventory, the way to each host.
import { Problems } from '../model/problem.ts'
import { createRedactor } from '../shell/redact.ts'
import { readInventory } from './inputs.ts'
import { maskProblems } from './mask.ts'
import type { SecretFlags } from './secret-flags.ts'
import { secretSources } from './secret-sources.ts'
import { findSettings, type Settings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { createTargets, type TargetOf } from './targets.ts'

export type ClusterFlags = SecretFlags & { readonly inventory?: string }

export type ClusterInputs = {
  readonly settings: Settings
  /** The inventory's file, as the user would type it. */
  readonly inventory: string
  readonly cluster: string
  /** The failover list, then the other hosts. */
  readonly hosts: readonly string[]
  readonly lab: boolean
  readonly targetOf: TargetOf
}

/** @throws {Problems} with all that is wrong, each with its place. */
export const readClusterInputs = async (flags: ClusterFlags, around: Surroundings): Promise<ClusterInputs> => {
  const settings = findSettings(around.cwd)
  const secrets = secretSources(flags, settings, around)
  const inventory = await secrets.settled(() => readInventory(flags, settings, { around, secrets }))
  const passwords = secrets.loginPasswords()
  const targets = createTargets(inventory, { settings, around, passwords })
  const problems = [...inventory.problems, ...targets.problems]
  if (problems.length > 0) throw new Problems(maskProblems(problems, createRedactor(Object.values(passwords)).redact))
  const { name, failoverList } = inventory.cluster
  return {
    settings,
    inventory: inventory.file,
    cluster: name,
    hosts: [...new Set([...failoverList, ...inventory.hosts.map(host => host.name)])],
    lab: inventory.provider?.name === 'lab',
    targetOf: await targets.open(),
  }
}
