// Lays a playbook over an inventory: what would be asked of whom, or all that is wrong with the two. Pure.
import type { ZodType } from 'zod'
import type { Inventory } from '../inventory/inventory.ts'
import { clusterVariables, magicVariables, standingNames } from '../inventory/magic.ts'
import { matchHosts } from '../inventory/pattern.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import type { BlockStep, Condition, Play, Playbook, Step, TaskStep, WrittenVariables } from '../playbook/playbook.ts'
import { distinct, fillWorksheet, hostVariables, missingOf } from '../playbook/worksheet.ts'
import { render, renderTree, type Variables } from '../template/render.ts'
import { Template } from '../template/template.ts'
import { secretsIn } from '../template/tree.ts'
import { Callable, Lookup, Undefined, ValueFault } from '../template/values.ts'
import type { NamedFiles } from './arguments.ts'
import { withoutEchoes } from './echoes.ts'
import { givenBy, variablesGivenBy, withGiversBehind } from './given.ts'
import { growNothing, inRound, type Round, roundsOf } from './grow-loop.ts'
import { growEnd, growHold, growStep, nothingAround, refusedBy, type StepPlan } from './grow-step.ts'
import { withHolders } from './holders.ts'
import { unknownMembers } from './members-of-results.ts'
import {
  failureNames,
  type Outline,
  type OutlineBlock,
  type OutlineNode,
  type OutlinePlay,
  type OutlineStep,
} from './outline.ts'
import type { Registry } from './registry.ts'
import { type Choice, type Choosable, chooseSteps, type Selection } from './selection.ts'

export type OutlineInputs = {
  readonly playbook: Playbook
  readonly inventory: Inventory
  readonly registry: Registry
  /** The schema that a play's `worksheet:` names, by file. */
  readonly worksheets: ReadonlyMap<string, ZodType>
  readonly namedFiles: NamedFiles
  readonly extra?: WrittenVariables | undefined
  /** What `lookup` gives in a play of this file; nothing can be looked up without it. */
  readonly lookups?: ((playFile: string) => Callable) | undefined
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
  const choosables: Choosable[] = []
  let choice: Choice | undefined
  const standing = { ...clusterVariables(inventory), ...inputs.facts }
  const registers = new Set<string>()
  const secrets = new Set<Secret>()
  const plays = playbook.plays.map((play, index) => {
    const allHosts = hostsOf(play, { inventory, standing, problems })
    // Who may take a hold is asked of every node of the failover list, so each of them has variables.
    const asked = [...new Set([...allHosts, ...inventory.cluster.failoverList])]
    const { variables, topmost } = playVariables(play, asked, { ...inputs, standing, registers, problems })
    for (const secret of secretsIn([...variables.values()])) secrets.add(secret)
    const plan: StepPlan = {
      ...inputs,
      play,
      variables,
      topmost,
      registers,
      give(names) {
        for (const name of names) registers.add(name)
      },
      around: nothingAround,
      asked,
      problems,
      onStep: step => choosables.push(step),
      isSelected: (step, host) => choice?.isSelected(step, host) ?? true,
      refuses,
    }
    const hosts = limited ? allHosts.filter(host => limited.hosts.includes(host)) : allHosts
    return growPlay(plan, { index, hosts, allHosts })
  })
  choice = chooseSteps(choosables, selection, { hosts: inventory.hosts.map(({ name }) => name) })
  problems.push(...choice.problems)
  const isSet = (name: string): boolean =>
    Object.hasOwn(inputs.extra?.variables ?? {}, name) ||
    inventory.hosts.some(host => Object.hasOwn(host.variables, name))
  problems.push(...unknownMembers(playbook, { registry: inputs.registry, isSet }))
  const outline: Outline = {
    playbook: playbook.name,
    playbookFile: playbook.file,
    inventory: inventory.file,
    cluster: inventory.cluster.name,
    lab: inputs.lab,
    order: inventory.cluster.failoverList,
    plays,
  }
  const told = withHolders(withoutEchoes(distinct(problems)), inventory.hosts)
  return { outline, secrets: [...secrets], problems: withGiversBehind(told, playbook, inputs.registry) }
}

type Gathering = { readonly standing: Variables; readonly problems: Problem[] }

/** Names that steps have given so far. */
type Given = { readonly registers: ReadonlySet<string> }

/** Under the failover list in its order, else as the pattern has them. */
const hostsOf = (
  { hosts: { pattern, span }, strategy, order }: Play,
  { inventory, standing, problems }: Gathering & { readonly inventory: Inventory },
): readonly string[] => {
  try {
    const text = pattern instanceof Template ? String(render(pattern, standing)) : pattern
    const matched = matchHosts(text, inventory, span)
    problems.push(...matched.problems)
    if (strategy === 'linear') return inHostOrder(matched.hosts, order, inventory)
    const outside = matched.hosts.filter(host => !inventory.cluster.failoverList.includes(host))
    problems.push(...outside.map(host => notInList(host, span)))
    return inventory.cluster.failoverList.filter(host => matched.hosts.includes(host))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problems.push(error)
    return []
  }
}

/** As the pattern has them, unless the play says otherwise. */
const inHostOrder = (matched: readonly string[], order: Play['order'], { hosts }: Inventory): readonly string[] => {
  if (order === undefined) return matched
  const inInventory = hosts.map(({ name }) => name).filter(name => matched.includes(name))
  const sorted = [...matched].sort((one, other) => (one < other ? -1 : Number(one > other)))
  const orders = {
    inventory: inInventory,
    reverse_inventory: inInventory.toReversed(),
    sorted,
    reverse_sorted: sorted.toReversed(),
  }
  return orders[order]
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
  {
    inventory,
    worksheets,
    extra,
    standing,
    lookups = noLookups,
    registers,
    problems,
  }: OutlineInputs & Gathering & Given,
): Pick<StepPlan, 'variables' | 'topmost'> => {
  const schema = play.worksheet && worksheets.get(play.worksheet.file)
  const functions = functionsFor({ inventory, play, extra, schema, standing, registers, lookup: lookups(play.file) })
  const filled = inventory.hosts
    .filter(({ name }) => hosts.includes(name))
    .map(host => {
      const written = hostVariables(host, play, { extra, schema })
      const known = { ...standing, ...magicVariables(host, inventory), ...functions }
      const sheet = schema && fillWorksheet(schema, written, { owner: host.span, known })
      const variables = { ...written.variables, ...sheet?.values, ...known }
      const topmost = { ...valuesOf(Object.keys(extra?.variables ?? {}), variables), ...known }
      return { host, variables, topmost, problems: sheet?.problems ?? [] }
    })
  problems.push(...missingOf(filled))
  return {
    variables: new Map(filled.map(({ host, variables }) => [host.name, variables])),
    topmost: new Map(filled.map(({ host, topmost }) => [host.name, topmost])),
  }
}

type Functions = Pick<OutlineInputs, 'inventory' | 'extra'> &
  Given & {
    readonly play: Play
    readonly schema: ZodType | undefined
    readonly standing: Variables
    readonly lookup: Callable
  }

/** What other hosts have, as it is written: results and variables that steps give are each host's own. */
const functionsFor = ({ inventory, play, extra, schema, standing, registers, lookup }: Functions): Variables => {
  const hosts = new Map(inventory.hosts.map(host => [host.name, host]))
  const hostvars: Lookup = new Lookup(
    name => {
      const host = hosts.get(name)
      if (!host) return undefined
      const own = {
        ...hostVariables(host, play, { extra, schema }).variables,
        ...standing,
        ...magicVariables(host, inventory),
        lookup,
        hostvars,
      }
      return new Lookup(
        each => {
          if (Object.hasOwn(own, each)) return settled(own[each as keyof typeof own], own)
          return registers.has(each) ? new Undefined(each, { start: 0, end: 0 }, givenElsewhere(each)) : undefined
        },
        () => Object.keys(own),
      )
    },
    () => [...hosts.keys()],
  )
  return { hostvars, lookup }
}

const givenElsewhere = (name: string): string =>
  `what a step gives as \`${name}\` is seen on its own host alone: write \`run_once: true\` at that step, and \`${name}\` here`

/** @throws {Problem} with the place of what is wrong with it. */
const settled = (value: unknown, variables: Variables): unknown => {
  const { value: filled, problems } = renderTree(value, variables)
  if (problems[0]) throw problems[0]
  return filled
}

const noLookups = (): Callable =>
  new Callable(() => {
    throw new ValueFault('nothing can be looked up here')
  })

const valuesOf = (names: readonly string[], variables: Variables): Variables =>
  Object.fromEntries(names.map(name => [name, variables[name]]))

const growPlay = (plan: StepPlan, at: Pick<OutlinePlay, 'index' | 'hosts' | 'allHosts'>): OutlinePlay => ({
  ...at,
  name: plan.play.name,
  strategy: plan.play.strategy,
  ...(plan.play.reads && { reads: true }),
  ...courseOf(plan.play, at.hosts),
  nodes: growNodes(plan.play.steps, plan, at.allHosts),
  handlers: plan.play.handlers.flatMap(step => growTask(step, plan, at.allHosts)),
})

const courseOf = ({ serial, anyErrorsFatal, maxFailPercentage }: Play, hosts: readonly string[]) => ({
  ...(serial.length > 0 && { batches: batchesOf(hosts, serial) }),
  ...(anyErrorsFatal && { endsTogether: true }),
  ...(maxFailPercentage !== undefined && { maxFailPercentage }),
})

/** The last size holds for all that is left. */
const batchesOf = (hosts: readonly string[], serial: Play['serial']): readonly (readonly string[])[] => {
  const batches: (readonly string[])[] = []
  for (let left = hosts; left.length > 0; ) {
    const size = sizeOf(serial[Math.min(batches.length, serial.length - 1)] ?? left.length, hosts.length)
    batches.push(left.slice(0, size))
    left = left.slice(size)
  }
  return batches
}

/** @source Ansible, "Setting the batch size with serial": a share is rounded down, and is at least one host. */
const sizeOf = (serial: Play['serial'][number], all: number): number =>
  typeof serial === 'number' ? serial : Math.max(1, Math.floor((all * Number.parseFloat(serial)) / 100))

const growNodes = (steps: readonly Step[], plan: StepPlan, hosts: readonly string[]): readonly OutlineNode[] =>
  steps.flatMap((step): readonly OutlineNode[] => {
    if (step.type === 'flush') {
      // What is behind it may rest on what the handlers gave.
      for (const handler of plan.play.handlers) plan.give(givenBy(handler, plan.registry))
      return [{ type: 'flush' }]
    }
    if (step.type === 'end') return [growEnd(step, plan, hosts)]
    const { loop } = step
    if (step.type === 'task') return growTask(step, plan, hosts)
    if (loop === undefined) return [growNode(step, plan, hosts)]
    const rounds = roundsOf({ ...step, loop }, plan, hosts)
    return rounds.map(round => growNode(step, { ...plan, around: inRound(plan.around, round) }, hosts, round))
  })

/** A step for each item of its loop, where it has one. */
const growTask = (step: TaskStep, plan: StepPlan, hosts: readonly string[]): readonly OutlineStep[] => {
  const grown = growItems(step, plan, hosts)
  const given = givenBy(step, plan.registry)
  for (const name of given) if (standingNames.has(name)) plan.problems.push(nobodyGives(name, step.span))
  plan.give(given)
  return grown
}

const nobodyGives = (name: string, span: Span): Problem =>
  new Problem({
    code: 'variable-name',
    summary: `\`${name}\` is there by itself, and no step can give it`,
    span,
    help: 'choose another name; docs/variables.md has those that are there by themselves',
    exit: exitCodes.input,
  })

const growItems = (step: TaskStep, plan: StepPlan, hosts: readonly string[]): readonly OutlineStep[] => {
  const { loop } = step
  if (loop === undefined) return [growStep(step, plan, hosts)]
  const rounds = roundsOf({ ...step, loop }, plan, hosts)
  if (rounds.length === 0) return [growNothing(step, plan)]
  return rounds.map(round => {
    // What one item gives as a variable, the next one sees; what is registered is there when all are done.
    if (round.index === 1) plan.give(variablesGivenBy(step, plan.registry))
    return growStep(step, { ...plan, around: inRound(plan.around, round) }, hosts, round)
  })
}

const growNode = (step: BlockStep, plan: StepPlan, hosts: readonly string[], round?: Round): OutlineNode => {
  const inner: StepPlan = {
    ...plan,
    around: {
      ...plan.around,
      when: [...plan.around.when, ...step.when],
      vars: { ...plan.around.vars, ...step.vars.variables },
      tags: [...plan.around.tags, ...step.tags],
      ways: [...plan.around.ways, step.way],
      runOnce: plan.around.runOnce || step.runOnce,
    },
  }
  const block: OutlineBlock = {
    type: 'block',
    name: round === undefined ? step.name : `${step.name} (${round.label})`,
    ...growHold(step, inner),
    nodes: growNodes(step.block, inner, hosts),
    ...(step.rescue.length > 0 && { rescue: growNodes(step.rescue, inRescue(inner), hosts) }),
    ...(step.always.length > 0 && { always: growNodes(step.always, inner, hosts) }),
  }
  return block
}

/** What failed has a name there, as in Ansible. */
const inRescue = (plan: StepPlan): StepPlan => {
  const registers = new Set([...plan.registers, ...failureNames])
  const give = (names: readonly string[]): void => {
    for (const name of names) registers.add(name)
    plan.give(names)
  }
  return { ...plan, registers, give }
}

/** What rests on a step before is not known yet, and refuses nothing. */
const refuses = (conditions: readonly Condition[], known: Variables): boolean => {
  try {
    return refusedBy(conditions, known) !== undefined
  } catch {
    return false
  }
}
