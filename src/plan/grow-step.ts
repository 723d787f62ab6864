// One step of a playbook, ready to be asked of a host: conditions, arguments, holds; faults are told before a run.
import type { StepId } from '../model/address.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { BlockStep, Condition, HoldUse, Play, Repeat, Step, TaskStep, Way } from '../playbook/playbook.ts'
import type { Hold } from '../task/hold.ts'
import type { Task } from '../task/task.ts'
import { evaluateCondition, namedIn, undefinedIn, type Variables } from '../template/render.ts'
import { secretsIn } from '../template/tree.ts'
import { type ArgumentsOf, type Filled, fillArguments, type NamedFiles, templatesNamed } from './arguments.ts'
import { variablesGivenBy, withGiven } from './given.ts'
import type { Round } from './grow-loop.ts'
import { growWay } from './grow-way.ts'
import { literalFaults } from './literal-faults.ts'
import { saysItLooks } from './meta.ts'
import type { Ask, OutlineBlock, OutlineEnd, OutlineRepeat, OutlineStep, Prepared, Registered } from './outline.ts'
import type { Registry } from './registry.ts'
import type { Choosable } from './selection.ts'
import { placeFields, placeNotStatic } from './taken-files.ts'

export type Around = {
  readonly when: readonly Condition[]
  readonly vars: Variables
  readonly tags: readonly string[]
  readonly ways: readonly Way[]
  /** One of them says that it is carried out once. */
  readonly runOnce: boolean
  /** `[2]` for each loop around it: the end of each address. */
  readonly suffix: string
  /** What the loops around it give a host; nothing where one of them has no such item there. */
  itemsOn(host: string): Variables | undefined
}

export const nothingAround: Around = {
  when: [],
  vars: {},
  tags: [],
  ways: [],
  runOnce: false,
  suffix: '',
  itemsOn: () => ({}),
}

export type StepPlan = {
  readonly play: Play
  readonly registry: Registry
  readonly namedFiles: NamedFiles
  /** What each host sees, before the variables of blocks and steps. */
  readonly variables: ReadonlyMap<string, Variables>
  /** What nothing lies over: what `-e` gave, and the names that nobody can set. */
  readonly topmost: ReadonlyMap<string, Variables>
  /** Hosts that a hold may be asked of. */
  readonly asked: readonly string[]
  /** Names that the steps before it give when they are carried out: by `register:`, or as variables. */
  readonly registers: ReadonlySet<string>
  /** Hears of the names that a step gives to those behind it. */
  give(names: readonly string[]): void
  /** What the blocks around it say. */
  readonly around: Around
  readonly problems: Problem[]
  /** Hears of the secrets in arguments. */
  readonly onSecrets?: ((secrets: readonly Secret[]) => void) | undefined
  /** Notes a step that flags can name, in the order as written. */
  onStep(step: Choosable): void
  isSelected(step: Choosable, host: string): boolean
  /** Whether conditions say no, as far as that can be told before anything was done. */
  refuses(conditions: readonly Condition[], known: Variables): boolean
}

/** @param round The item of its own loop that it is carried out for. */
export const growStep = (step: TaskStep, plan: StepPlan, hosts: readonly string[], round?: Round): OutlineStep => {
  const { play, registry, around, problems } = plan
  const id: StepId = `${step.id}${around.suffix}`
  const task = taskOf(step, registry)
  const conditions = [...around.when, ...step.when]
  const variables = (host: string, registered: Registered): Variables =>
    seenOn(host, plan, { own: step.vars.variables, registered })
  const isThere = (host: string) => around.itemsOn(host) !== undefined
  const choosable = { id, tags: [...play.tags, ...around.tags, ...step.tags] }
  plan.onStep(choosable)
  const of: ArgumentsOf = { args: step.args, schema: task.args, owner: step.moduleSpan, file: step.file }
  const fill = createFiller(of, { conditions, variables, plan, hosts: hosts.filter(isThere) })
  // When it is done, what it gave is there.
  const asking = () => ({ plan: withGiven([step], plan), variables, hosts: hosts.filter(isThere) })
  const { repeat, changedWhen, failedWhen } = step
  const { registers } = plan
  // Each item of a handler's loop hears the handler's own name.
  const listen = round === undefined ? step.listen : [step.name, ...step.listen]
  const ways = [play.way, ...around.ways, step.way]
  const way = growWay(ways, { variables, hosts: hosts.filter(isThere), registers, problems, span: step.span })
  return {
    type: 'step',
    id,
    name: round === undefined ? step.name : `${step.name} (${way.noLog ? round.index : round.label})`,
    taskName: step.module,
    task,
    span: step.span,
    notify: step.notify.map(({ text }) => text),
    ...(listen.length > 0 && { listen }),
    ...(repeat && { repeat: growRepeat(repeat, asking()) }),
    ...(changedWhen && { changedWhen: growAsk(changedWhen, asking()) }),
    ...(failedWhen && { failedWhen: growAsk(failedWhen, asking()) }),
    ...way,
    ...(saysItLooks(task.args, step.args.tree) && { isLook: true as const }),
    runOnce: step.runOnce || around.runOnce,
    ...(step.source !== undefined && { source: step.source }),
    ...(step.register !== undefined && { register: step.register }),
    ...(task.givesVariables && { givesVariables: variablesGivenBy(step, registry) }),
    ...usesOf(
      [neededBy(of, conditions, plan), ways.map(({ environment }) => environment)],
      variables(hosts[0] ?? '', {}),
      plan,
    ),
    ...(round && {
      loop: {
        of: `${step.id}${around.suffix.replace(/\[\d+\]$/, '')}`,
        index: round.index,
        namesOn: (host: string) => round.namesOn(host),
        countOn: round.countOn,
      },
    }),
    isSelected: host => isThere(host) && plan.isSelected(choosable, host),
    prepare(host, registered): Prepared {
      if (!isThere(host)) return { type: 'skipped', because: 'its loop has no such item on this host' }
      const refused = orNotKnown(() => refusedBy(conditions, variables(host, registered)))
      if ('value' in refused && refused.value !== undefined)
        return { type: 'skipped', because: `when: ${refused.value}` }
      const args = orNotKnown(() => fill(host, registered))
      if ('notKnown' in refused)
        return { type: 'undecided', because: refused.notKnown, ...('value' in args && { args }) }
      return 'notKnown' in args ? { type: 'undecided', because: args.notKnown } : { type: 'due', args: args.value }
    },
  }
}

type Over = { readonly own?: Variables; readonly registered?: Registered }

/** What a host sees in a step; what stands later counts more. The table is docs/variables.md. */
export const seenOn = (
  host: string,
  { variables, around, topmost }: StepPlan,
  { own, registered }: Over = {},
): Variables => ({
  ...variables.get(host),
  ...around.vars,
  ...own,
  ...around.itemsOn(host),
  ...registered,
  ...topmost.get(host),
})

export const growHold = (
  { hold, repeat, block }: Pick<BlockStep, 'hold' | 'repeat' | 'block'>,
  plan: StepPlan,
): Pick<OutlineBlock, 'hold' | 'repeat' | 'applies'> => {
  const variables = (host: string, registered: Registered): Variables => seenOn(host, plan, { registered })
  const isThere = (host: string) => plan.around.itemsOn(host) !== undefined
  const conditions = plan.around.when.map(({ template }) => template)
  const uses = registersIn(conditions, variables(plan.asked[0] ?? '', {}), plan)
  const applies = (host: string, registered: Registered) => {
    if (!isThere(host)) return false
    // Not told yet, or by a step that this run leaves out: each step inside asks for itself.
    if (uses.some(name => !Object.hasOwn(registered, name))) return true
    const refused = orNotKnown(() => refusedBy(plan.around.when, variables(host, registered)))
    return 'notKnown' in refused || refused.value === undefined
  }
  const hosts = [...plan.variables.keys()].filter(isThere)
  const shape = {
    applies,
    ...(repeat && { repeat: growRepeat(repeat, { plan: withGiven(block, plan), variables, hosts }) }),
  }
  const module = hold && holdOf(hold, plan.registry)
  if (!hold || !module) return shape
  const of: ArgumentsOf = { args: hold.args, schema: module.args, owner: hold.span, file: plan.play.file }
  for (const [name, span] of namedIn(of.args.tree, variables(plan.asked[0] ?? '', {})))
    if (plan.registers.has(name)) plan.problems.push(holdNotStatic(name, span))
  const fill = createFiller(of, { conditions: plan.around.when, variables, plan, hosts: plan.asked.filter(isThere) })
  return { ...shape, hold: { module, span: hold.span, argsFor: host => fill(host, {}) } }
}

const holdNotStatic = (name: string, span: Problem['fields']['span']): Problem =>
  new Problem({
    code: 'hold-not-static',
    summary: `What is held here is known only when another step has registered \`${name}\``,
    ...(span && { span }),
    wanted: 'a hold that is known before anything connects: every node is asked for it',
    help: 'name it in the inventory; or ask for the result with `when:` on the block',
    exit: exitCodes.input,
  })

export const growEnd = (
  { when }: Pick<Extract<Step, { type: 'end' }>, 'when'>,
  plan: StepPlan,
  hosts: readonly string[],
): OutlineEnd => {
  const variables = (host: string, registered: Registered): Variables => seenOn(host, plan, { registered })
  const conditions = [...plan.around.when, ...when]
  const needed = conditions.map(({ template }) => template)
  return {
    type: 'end',
    when: growAsk(conditions, { plan, variables, hosts }),
    ...usesOf(needed, variables(hosts[0] ?? '', {}), plan),
  }
}

type Asking = Pick<Filling, 'plan' | 'variables' | 'hosts'>

export const growRepeat = ({ until, tries, delayMs }: Repeat, asking: Asking): OutlineRepeat => ({
  until: growAsk(until, asking),
  tries,
  delayMs,
})

/** Conditions that are asked when the step is done; what nobody defines is told now. */
const growAsk = (conditions: readonly Condition[], { plan, variables, hosts }: Asking): Ask => {
  const templates = conditions.map(({ template }) => template)
  for (const host of hosts) plan.problems.push(...undefinedIn(templates, variables(host, {}), plan.registers))
  return {
    text: conditions.map(({ text }) => text).join(' and '),
    on(host, registered) {
      const refused = orNotKnown(() => refusedBy(conditions, variables(host, registered)))
      return 'notKnown' in refused ? refused : { isSo: refused.value === undefined }
    },
  }
}

/** What a template gives, or that an earlier step has to be done first. */
const orNotKnown = <Value>(give: () => Value): { readonly value: Value } | { readonly notKnown: string } => {
  try {
    return { value: give() }
  } catch (error) {
    const problem = error instanceof Problems ? error.all[0] : error
    if (problem instanceof Problem && problem.code === 'not-known-yet') return { notKnown: problem.message }
    throw error
  }
}

/** Names that another step may register: what rests on one is decided when that step is done, and not before. */
const registersIn = (needed: readonly unknown[], known: Variables, { registers }: StepPlan): readonly string[] => {
  const named = namedIn(needed, known)
  return [...registers].filter(name => named.has(name))
}

/** A name behind `default`, or that is asked for with `is defined`, may stay away. */
const usesOf = (
  needed: readonly unknown[],
  known: Variables,
  plan: StepPlan,
): Pick<OutlineStep, 'uses' | 'doesWithout'> => {
  const uses = registersIn(needed, known, plan)
  const isNeeded = (name: string) => undefinedIn(needed, known, without(plan.registers, name)).length > 0
  const doesWithout = uses.filter(name => !isNeeded(name))
  return { uses, ...(doesWithout.length > 0 && { doesWithout }) }
}

const without = (names: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  new Set([...names].filter(other => other !== name))

type Filling = {
  readonly conditions: readonly Condition[]
  readonly variables: (host: string, registered: Registered) => Variables
  readonly plan: StepPlan
  readonly hosts: readonly string[]
}

/**
 * Fills arguments in for each host now, so that every fault is told before anything connects; what rests on a result
 * of an earlier step is filled in when that is there.
 */
const createFiller = (of: ArgumentsOf, filling: Filling): ((host: string, registered: Registered) => unknown) => {
  const { conditions, variables, plan, hosts } = filling
  const early = new Map<string, Filled>()
  const needed = neededBy(of, conditions, plan)
  for (const host of hosts) {
    const known = variables(host, {})
    const missing = undefinedIn(needed, known, plan.registers)
    if (missing.length > 0) plan.problems.push(...missing)
    else if (registersIn(needed, known, plan).length === 0) early.set(host, fillNow(of, known, { conditions, plan }))
  }
  for (const { problems } of early.values()) plan.problems.push(...problems)
  plan.problems.push(...placesThatRest(of, variables(hosts[0] ?? '', {}), plan))
  // What fits as a whole has no fault in what was written.
  const isWhole = [...early.values()].some(({ value, problems }) => value !== undefined && problems.length === 0)
  if (!isWhole) plan.problems.push(...literalFaults(of))
  return (host, registered) => {
    const filled = early.get(host) ?? fillArguments(of, variables(host, registered), plan.namedFiles)
    plan.onSecrets?.(secretsIn(filled.value))
    if (filled.problems.length > 0) throw new Problems(filled.problems)
    return filled.value
  }
}

/** Where something is written on the controller no step says, since what a step gives comes from a node. */
const placesThatRest = ({ args, schema }: ArgumentsOf, known: Variables, { registers }: StepPlan): readonly Problem[] =>
  placeFields(schema).flatMap(key => {
    const named = [...namedIn(args.tree[key], known)].find(([name]) => registers.has(name))
    return named ? [placeNotStatic(...named)] : []
  })

const neededBy = (of: ArgumentsOf, conditions: readonly Condition[], { namedFiles }: StepPlan): readonly unknown[] => [
  of.args.tree,
  ...templatesNamed(of, namedFiles.file),
  ...conditions.map(({ template }) => template),
]

/** Arguments of a step that is skipped may be as incomplete as its condition says. */
const fillNow = (
  of: ArgumentsOf,
  known: Variables,
  { conditions, plan }: { readonly conditions: readonly Condition[]; readonly plan: StepPlan },
): Filled => {
  try {
    if (refusedBy(conditions, known) !== undefined) return { value: undefined, problems: [] }
    return fillArguments(of, known, plan.namedFiles)
  } catch (error) {
    if (error instanceof Problem) return { value: undefined, problems: [error] }
    throw error
  }
}

/** The first condition that says no, as it was written. */
export const refusedBy = (conditions: readonly Condition[], variables: Variables): string | undefined =>
  conditions.find(({ template }) => !evaluateCondition(template, variables))?.text

/** The parser has told an unknown task; what stands here for it is never asked. */
export const taskOf = ({ module }: TaskStep, registry: Registry): Task => {
  const found = registry.get(module)
  if (found?.type === 'task') return found
  throw new Error(`no task ${module}`)
}

const holdOf = ({ module }: HoldUse, registry: Registry): Hold | undefined => {
  const found = registry.get(module)
  return found?.type === 'hold' ? found : undefined
}
