// Asks every node of an inventory at the same time, and folds what they say into one value.
import { join } from 'node:path'
import type { Host, Inventory } from '../../inventory/inventory.ts'
import { magicVariables } from '../../inventory/magic.ts'
import { Problems } from '../../model/problem.ts'
import { type Doctor, doctorOf, type NodeReport } from '../../report/index.ts'
import { noDirectory } from '../../task/directory.ts'
import type { Question } from '../../task/question.ts'
import type { Variables } from '../../template/render.ts'
import type { Greeting } from '../../transport/greeting.ts'
import { type OpenNodes, openNodes } from '../connections.ts'
import { readDirectories } from '../directories.ts'
import { readInventory } from '../inputs.ts'
import { createReception } from '../reception.ts'
import type { SecretFlags } from '../secret-flags.ts'
import { secretSources } from '../secret-sources.ts'
import { findSettings } from '../settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { createTargets, providerFacts, type TargetOf } from '../targets.ts'
import { examine } from './examine.ts'
import { askInTurn } from './in-turn.ts'
import { metOf, metRows } from './met.ts'
import { loadQuestions } from './questions.ts'

export type AskFlags = SecretFlags & { readonly inventory?: string }

/** @throws {Problems} where the inventory cannot be read; what it lacks is no fault. */
export const askAll = async (flags: AskFlags, around: Surroundings): Promise<Doctor> => {
  const settings = findSettings(around.cwd)
  const secrets = secretSources(flags, settings, around)
  const inventory = await secrets.settled(() => readInventory(flags, settings, { around, secrets }))
  const facts = await providerFacts(inventory, settings)
  const targets = createTargets(inventory, { settings, around, passwords: secrets.loginPasswords() })
  const { directoryOf, problems } = readDirectories(inventory, settings, facts)
  const all = [...inventory.problems, ...targets.problems, ...problems]
  if (all.length > 0) throw new Problems(all)
  const questions = await loadQuestions(settings, { cache: join(settings.state, 'cache'), cwd: around.cwd })
  const targetOf = await targets.open()
  const reception = createReception(around)
  const greetings = new Map<string, Greeting>()
  const greeted = (host: string, greeting: Greeting) => void greetings.set(host, greeting)
  const nodes = openNodes(targetOf, { directoryOf, company: { ...reception.company, greeted } })
  try {
    const members = membersOf(inventory)
    if (around.isTerminal) around.stderr.write(`Asking ${members.map(({ name }) => name).join(', ')} …\n`)
    const circle = { nodes, inventory, facts }
    const own = questions.filter(({ ofCluster }) => !ofCluster)
    const said = await Promise.all(members.map(host => askOne(host, own, circle)))
    const shared = questions.filter(({ ofCluster }) => ofCluster)
    const reports = await askInTurn(said, shared, (name, open) => askOne(memberOf(members, name), open, circle))
    const met = await meetings(reports, { targetOf, greetings, nodes })
    return doctorOf(inventory.cluster.name, [...metRows.map(name => ({ name })), ...questions], met)
  } finally {
    await nodes.close()
    reception.close()
  }
}

/** In the order of the failover list, where there is one; then whoever else the inventory names. */
const membersOf = ({ cluster, hosts }: Inventory): readonly Host[] => {
  const order = cluster.failoverList.flatMap(name => hosts.filter(host => host.name === name))
  return [...order, ...hosts.filter(host => !order.includes(host))]
}

const memberOf = (members: readonly Host[], name: string): Host => {
  const host = members.find(each => each.name === name)
  if (!host) throw new Error(`${name} is no member`)
  return host
}

type Circle = {
  readonly nodes: OpenNodes
  readonly inventory: Inventory
  readonly facts: Variables
}

const askOne = (host: Host, questions: readonly Question[], { nodes, inventory, facts }: Circle): Promise<NodeReport> =>
  examine(
    {
      host,
      known: { ...facts, ...magicVariables(host, inventory) },
      directory: nodes.directory?.(host.name) ?? noDirectory,
      shell: () => nodes.shell(host.name),
    },
    questions,
  )

type Meetings = {
  readonly targetOf: TargetOf
  readonly greetings: ReadonlyMap<string, Greeting>
  readonly nodes: OpenNodes
}

/** How each was reached comes before what it said. */
const meetings = async (
  reports: readonly NodeReport[],
  { targetOf, greetings, nodes }: Meetings,
): Promise<readonly NodeReport[]> => {
  const keys = await nodes.hostKeys()
  return reports.map(report => {
    const { host } = report
    const met = metOf({ target: targetOf(host), greeting: greetings.get(host), hostKey: keys.get(host) })
    return { ...report, replies: new Map([...met.replies, ...report.replies]), lines: met.lines }
  })
}
