// Lays a playbook over an inventory: what would be asked of whom, or all that is wrong with the two. Pure.
import type { ZodType } from 'zod'
import type { Inventory } from '../inventory/inventory.ts'
import { matchHosts } from '../inventory/pattern.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import { tasksOf } from '../playbook/parse.ts'
import type { Play, Playbook, Step, TaskStep, WrittenVariables } from '../playbook/playbook.ts'
import { distinct, fillWorksheet, hostVariables, missingOf } from '../playbook/worksheet.ts'
import { render, type Variables } from '../template/render.ts'
import { Template } from '../template/template.ts'
import { secretsIn } from '../template/tree.ts'
import type { NamedFiles } from './arguments.ts'
import { growHold, growStep, type StepPlan } from './grow-step.ts'
import type { Outline, OutlineBlock, OutlineNode, OutlinePlay } from './outline.ts'
import type { Registry } from './registry.ts'
import { type Choosable, chooseSteps, type Selection } from './selection.ts'

export type OutlineInputs = {
  readonly playbook: Playbook
  readonly inventory: Inventory
  readonly registry: Registry
  /** The schema that a play's `worksheet:` names, by file. */
  readonly worksheets: ReadonlyMap<string, ZodType>
  readonly namedFiles: NamedFiles
  readonly extra?: WrittenVariables | undefined
  readonly limit?: string | undefined
  readonly selection: Selection
  readonly lab: boolean
  /** What the provider of the nodes tells of them; templates can name it. */
  readonly facts?: Variables
  /** Hears of every secret that an argument holds, also of one that a template made; some only while the run goes on. */
  readonly onSecrets?: (secrets: readonly Secret[]) => void
}

export type BuiltOutline = {
  readonly outline: Outline
  /** Every secret that a template can name, to be masked wherever it would be seen. */
  readonly secrets: readonly Secret[]
  readonly problems: readonly Problem[]
}

export const buildOutline = (inputs: OutlineInputs): BuiltOutline => {
  const { playbook, inventory, limit, selection } = inputs
  const problems: Problem[] = [...inventory.problems, ...playbook.problems]
  const limited = limit === undefined ? undefined : matchHosts(limit, inventory)
  problems.push(...(limited?.problems ?? []))
  const choice = chooseSteps(playbook.plays.flatMap(choosables), selection, {
    hosts: inventory.hosts.map(({ name }) => name),
  })
  problems.push(...choice.problems)
  const standing = { ...standingVariables(inventory), ...inputs.facts }
  const registers = new Set(playbook.plays.flatMap(play => allTasks(play).flatMap(step => step.register ?? [])))
  const secrets = new Set<Secret>()
  const plays = playbook.plays.map((play, index) => {
    const allHosts = hostsOf(play, { inventory, standing, problems })
    // Who may take a hold is asked of every node of the failover list, so each of them has variables.
    const asked = [...new Set([...allHosts, ...inventory.cluster.failoverList])]
    const variables = playVariables(play, asked, { ...inputs, standing, problems })
    for (const secret of secretsIn([...variables.values()])) secrets.add(secret)
    const around = { when: [], vars: {}, tags: [] }
    const plan: StepPlan = {
      ...inputs,
      play,
      variables,
      registers,
      around,
      asked,
      problems,
      isSelected: choice.isSelected,
    }
    const hosts = limited ? allHosts.filter(host => limited.hosts.includes(host)) : allHosts
    return growPlay(plan, { index, hosts, allHosts })
  })
  const outline: Outline = {
    playbook: playbook.name,
    playbookFile: playbook.file,
    inventory: inventory.file,
    cluster: inventory.cluster.name,
    lab: inputs.lab,
    order: inventory.cluster.failoverList,
    plays,
  }
  return { outline, secrets: [...secrets], problems: distinct(problems) }
}

/** Names that every template can use, and nobody can set. */
const standingVariables = ({ groups, cluster }: Inventory): Variables => ({
  groups: Object.fromEntries(groups.map(({ name, hosts }) => [name, hosts])),
  failover_list: cluster.failoverList,
  preferred_node: cluster.failoverList[0],
  cluster_name: cluster.name,
})

type Gathering = { readonly standing: Variables; readonly problems: Problem[] }

/** Under the failover list in its order, else as the pattern has them. */
const hostsOf = (
  { hosts: { pattern, span }, strategy }: Play,
  { inventory, standing, problems }: Gathering & { readonly inventory: Inventory },
): readonly string[] => {
  try {
    const text = pattern instanceof Template ? String(render(pattern, standing)) : pattern
    const matched = matchHosts(text, inventory, span)
    problems.push(...matched.problems)
    if (strategy === 'linear') return matched.hosts
    const outside = matched.hosts.filter(host => !inventory.cluster.failoverList.includes(host))
    problems.push(...outside.map(host => notInList(host, span)))
    return inventory.cluster.failoverList.filter(host => matched.hosts.includes(host))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problems.push(error)
    return []
  }
}

const notInList = (host: string, span: Problem['fields']['span']): Problem =>
  new Problem({
    code: 'host-not-in-failover-list',
    summary: `\`${host}\` is not in the failover list, so nobody knows when its turn is`,
    ...(span && { span }),
    wanted: 'hosts of the failover list, under `strategy: failover`',
    help: 'add it to `failover_list:` in the inventory, or write `strategy: linear`',
    exit: exitCodes.input,
  })

/** What each host of a play sees, before the variables of blocks and steps. */
const playVariables = (
  play: Play,
  hosts: readonly string[],
  { inventory, worksheets, extra, standing, problems }: OutlineInputs & Gathering,
): ReadonlyMap<string, Variables> => {
  const schema = play.worksheet && worksheets.get(play.worksheet.file)
  const filled = inventory.hosts
    .filter(({ name }) => hosts.includes(name))
    .map(host => {
      const written = hostVariables(host, play, { extra })
      const known = { ...standing, inventory_hostname: host.name, group_names: host.groups }
      const sheet = schema && fillWorksheet(schema, written, { owner: host.span, known })
      return { host, variables: { ...written.variables, ...sheet?.values, ...known }, problems: sheet?.problems ?? [] }
    })
  problems.push(...missingOf(filled))
  return new Map(filled.map(({ host, variables }) => [host.name, variables]))
}

const growPlay = (plan: StepPlan, at: Pick<OutlinePlay, 'index' | 'hosts' | 'allHosts'>): OutlinePlay => ({
  ...at,
  name: plan.play.name,
  strategy: plan.play.strategy,
  ...(plan.play.reads && { reads: true }),
  nodes: plan.play.steps.map(step => growNode(step, plan, at.allHosts)),
  handlers: plan.play.handlers.map(step => growStep(step, plan, at.allHosts)),
})

const growNode = (step: Step, plan: StepPlan, hosts: readonly string[]): OutlineNode => {
  if (step.type === 'task') return growStep(step, plan, hosts)
  tellWaiting(step, plan.problems)
  const inner: StepPlan = {
    ...plan,
    around: {
      when: [...plan.around.when, ...step.when],
      vars: { ...plan.around.vars, ...step.vars.variables },
      tags: [...plan.around.tags, ...step.tags],
    },
  }
  const block: OutlineBlock = {
    type: 'block',
    name: step.name,
    ...growHold(step, inner),
    nodes: step.block.map(child => growNode(child, inner, hosts)),
  }
  return block
}

/** `rescue` and `always` change what a failure means; until they do here, they are refused. */
const tellWaiting = ({ rescue, always, span }: Extract<Step, { type: 'block' }>, problems: Problem[]): void => {
  const key = rescue.length > 0 ? 'rescue' : always.length > 0 ? 'always' : undefined
  if (key === undefined) return
  problems.push(
    new Problem({
      code: 'key-unsupported',
      summary: `\`${key}\` is not supported yet`,
      span,
      help: 'a hold gives back what it took, also after a failure; write the other steps after the block',
      exit: exitCodes.input,
    }),
  )
}

const allTasks = (play: Play): readonly TaskStep[] => [...tasksOf(play.steps), ...play.handlers]

const choosables = (play: Play): readonly Choosable[] => [
  ...withTags(play.steps, play.tags),
  ...withTags(play.handlers, play.tags),
]

const withTags = (steps: readonly Step[], around: readonly string[]): readonly Choosable[] =>
  steps.flatMap(step => {
    const tags = [...around, ...step.tags]
    return step.type === 'task' ? [{ id: step.id, tags }] : withTags(step.block, tags)
  })
