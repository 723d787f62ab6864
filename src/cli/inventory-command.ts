// `run inventory …`: what an inventory comes to, before anything is done with it. Nothing is connected to.
import type { Command } from 'commander'
import type { Group, Inventory } from '../inventory/inventory.ts'
import { magicVariables } from '../inventory/magic.ts'
import { matchHosts } from '../inventory/pattern.ts'
import { exitCodes, Problems } from '../model/problem.ts'
import { plural } from '../report/index.ts'
import { renderTree, type Variables } from '../template/render.ts'
import type { Act } from './act.ts'
import { hostNamed } from './host-named.ts'
import { readInventory } from './inputs.ts'
import { type SecretFlags, withSecretFlags } from './secret-flags.ts'
import { secretSources } from './secret-sources.ts'
import { findSettings, type Settings } from './settings.ts'
import { isSpokenTo, spokenOption } from './shape.ts'
import type { Surroundings } from './surroundings.ts'
import { providerFacts } from './targets.ts'

type InventoryFlags = SecretFlags & { readonly inventory?: string; readonly screenReader?: true }

export const addInventoryCommands = (run: Command, around: Surroundings, act: Act): void => {
  const inventory = run.command('inventory').description('hosts, groups, order and variables, as they are written')
  const add = (name: string, description: string) =>
    withSecretFlags(inventory.command(name).description(description)).option(
      '-i, --inventory <file>',
      'inventory; the default is named in run.yml',
    )
  const tell = (flags: InventoryFlags, lines: (read: Inventory, facts: Variables) => readonly string[]) =>
    act(async () => {
      const settings = findSettings(around.cwd)
      const read = await readWhole(flags, settings, around)
      for (const line of lines(read, await providerFacts(read, settings))) around.stdout.write(`${line}\n`)
      return exitCodes.done
    })

  add('list', 'the hosts that a pattern means, in their order; all without one')
    .argument('[pattern]', 'such as failover_list:!node3')
    .action((pattern: string | undefined, flags: InventoryFlags) => tell(flags, read => hostsOf(read, pattern)))
  add('graph', 'groups with the groups and hosts in them')
    .addOption(spokenOption())
    .action((flags: InventoryFlags) => tell(flags, isSpokenTo(flags, around) ? graphInWords : graphOf))
  add('order', 'the failover list, the preferred node first').action((flags: InventoryFlags) =>
    tell(flags, ({ cluster }) => cluster.failoverList.map((host, at) => `${at + 1}  ${host}`)),
  )
  add('host', 'the variables of one host, as JSON; secrets are masked')
    .argument('<host>')
    .action((host: string, flags: InventoryFlags) => tell(flags, (read, facts) => [variablesOf(read, host, facts)]))
}

/** @throws {Problems} with all that is wrong, each with its place. */
const readWhole = async (flags: InventoryFlags, settings: Settings, around: Surroundings): Promise<Inventory> => {
  const secrets = secretSources(flags, settings, around)
  const inventory = await secrets.settled(() => readInventory(flags, settings, { around, secrets }))
  if (inventory.problems.length > 0) throw new Problems(inventory.problems)
  return inventory
}

const hostsOf = (inventory: Inventory, pattern = 'all'): readonly string[] => {
  const { hosts, problems } = matchHosts(pattern, inventory)
  if (problems.length > 0) throw new Problems(problems)
  return hosts
}

/** A group's own hosts come before the groups in it: read downwards, it is the order in which hosts are taken. */
const graphOf = ({ groups }: Inventory): readonly string[] => {
  const byName = new Map(groups.map(group => [group.name, group]))
  const below = (group: Group, depth: number): readonly string[] => {
    const inner = innerOf(group, byName)
    const indent = '  '.repeat(depth)
    return [
      `${indent}${group.name}:`,
      ...ownHosts(group, inner).map(host => `${indent}  ${host}`),
      ...inner.flatMap(each => below(each, depth + 1)),
    ]
  }
  const isInner = new Set(groups.flatMap(({ children }) => children))
  return groups.filter(({ name }) => !isInner.has(name)).flatMap(group => below(group, 0))
}

/** A sentence for each group, which names what is in it: how far in a line stands cannot be heard. */
const graphInWords = ({ groups }: Inventory): readonly string[] => {
  const byName = new Map(groups.map(group => [group.name, group]))
  return groups.map(group => {
    const own = ownHosts(group, innerOf(group, byName))
    const parts = [tellAll('host', own), tellAll('group', group.children)].filter(Boolean)
    return `Group ${group.name}: ${parts.join('; ') || 'nothing in it'}.`
  })
}

const innerOf = (group: Group, byName: ReadonlyMap<string, Group>): readonly Group[] =>
  group.children.flatMap(name => byName.get(name) ?? [])

/** Those that are in no group in it. */
const ownHosts = (group: Group, inner: readonly Group[]): readonly string[] => {
  const named = new Set(inner.flatMap(({ hosts }) => hosts))
  return group.hosts.filter(host => !named.has(host))
}

const tellAll = (noun: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${plural(names.length, noun)}, ${names.join(', ')}`

/** @param facts What a provider says of its nodes; it is no variable of the inventory, but may stand in one. */
const variablesOf = (inventory: Inventory, name: string, facts: Variables): string => {
  const host = hostNamed(name, inventory)
  const standing = magicVariables(host, inventory)
  const { value, problems } = renderTree(host.variables, { ...facts, ...host.variables, ...standing })
  if (problems.length > 0) throw new Problems(problems)
  return JSON.stringify({ ...(value as object), group_names: standing.group_names }, null, 2)
}
