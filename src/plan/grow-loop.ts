// The items of a loop, for each host, before anything connects: each is a step of its own, with an address of its own.
import type { StepId } from '../model/address.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import type { BlockStep, Loop, TaskStep } from '../playbook/playbook.ts'
import { namedIn, renderTree, undefinedIn, type Variables } from '../template/render.ts'
import { canonicalJson } from '../text/canonical.ts'
import { describe } from '../text/words.ts'
import { type Around, type StepPlan, seenOn, taskOf } from './grow-step.ts'
import type { OutlineStep } from './outline.ts'

/** What a host sees of one round of a loop; nothing where its loop has no such item. */
export type Round = {
  readonly index: number
  /** What it is called on the screen: the same for all hosts. */
  readonly label: string
  valuesOn(host: string): Values | undefined
  /** What is said of it beside its result, as in Ansible. */
  namesOn(host: string): Variables | undefined
  /** How many rounds a host has. */
  countOn(host: string): number
}

type Values = { readonly item: unknown; readonly variables: Variables }

type Looped = (TaskStep | BlockStep) & { readonly loop: Loop }

/** More than this is a slip of the hand. */
const mostItems = 5000

/** @returns One for each item that any of the hosts has; what is wrong with the loop is told once. */
export const roundsOf = (step: Looped, plan: StepPlan, hosts: readonly string[]): Round[] => {
  const byHost = new Map(hosts.map(host => [host, itemsOn(step, plan, host)]))
  const length = Math.max(0, ...[...byHost.values()].map(items => items.length))
  const countOn = (host: string) => byHost.get(host)?.length ?? 0
  const round = (index: number): Round => {
    const values = new Map(
      [...byHost].flatMap(([host, items]) =>
        index < items.length ? [[host, { item: items[index], variables: variablesOf(step.loop, items, index) }]] : [],
      ),
    )
    const seen = (host: string) =>
      seenOn(host, plan, { own: { ...step.vars.variables, ...values.get(host)?.variables } })
    const label = labelOf(step.loop, { index, values, seen })
    return { index, label, valuesOn: host => values.get(host), namesOn: host => values.get(host)?.variables, countOn }
  }
  return Array.from({ length }, (_, index) => round(index))
}

/** A loop that has no item on any host is told as one step that is skipped, and what it registers has no results. */
export const growNothing = (step: TaskStep, plan: StepPlan): OutlineStep => {
  const { play, around, registry } = plan
  const id: StepId = `${step.id}${around.suffix}`
  const choosable = { id, tags: [...play.tags, ...around.tags, ...step.tags] }
  plan.onStep(choosable)
  return {
    type: 'step',
    id,
    name: step.name,
    taskName: step.module,
    task: taskOf(step, registry),
    span: step.span,
    notify: [],
    ignoreErrors: false,
    runOnce: step.runOnce || around.runOnce,
    ...(step.register !== undefined && { register: step.register }),
    loop: { of: id, index: 0, namesOn: () => undefined, countOn: () => 0 },
    isSelected: host => around.itemsOn(host) !== undefined && plan.isSelected(choosable, host),
    prepare: () => ({ type: 'skipped', because: 'its loop goes through nothing' }),
  }
}

/** The plan for what stands inside of one round. */
export const inRound = (around: Around, { index, valuesOn }: Round): Around => ({
  ...around,
  suffix: `${around.suffix}[${index}]`,
  itemsOn(host) {
    const [outer, own] = [around.itemsOn(host), valuesOn(host)?.variables]
    return outer && own && { ...outer, ...own }
  },
})

const itemsOn = (step: Looped, plan: StepPlan, host: string): readonly unknown[] => {
  const { loop } = step
  // An outer loop has no such item there, so nothing is gone through.
  if (plan.around.itemsOn(host) === undefined) return []
  const known = seenOn(host, plan, { own: step.vars.variables })
  const faults = faultsOf(loop, plan, known)
  if (faults.length > 0) {
    if (!isRefused(step, plan, known)) plan.problems.push(...faults)
    return []
  }
  const { value, problems } = renderTree(loop.over, known)
  plan.problems.push(...problems)
  if (problems.length > 0) return []
  if (Array.isArray(value) && value.length <= mostItems) return value
  plan.problems.push(noList(loop, value))
  return []
}

/** What is never carried out there needs nothing to go through. */
const isRefused = (step: Looped, { around, refuses }: StepPlan, known: Variables): boolean =>
  refuses([...around.when, ...step.when], known)

const variablesOf = ({ itemName, indexName, isExtended }: Loop, items: readonly unknown[], at: number): Variables => ({
  [itemName]: items[at],
  ansible_loop_var: itemName,
  ...(indexName !== undefined && { [indexName]: at, ansible_index_var: indexName }),
  ...(isExtended && { ansible_loop: extended(items, at) }),
})

/** @source Ansible, "Loops", "Extended loop variables". */
const extended = (items: readonly unknown[], at: number): Variables => ({
  index: at + 1,
  index0: at,
  first: at === 0,
  last: at === items.length - 1,
  length: items.length,
  revindex: items.length - at,
  revindex0: items.length - at - 1,
  allitems: items,
  ...(at > 0 && { previtem: items[at - 1] }),
  ...(at < items.length - 1 && { nextitem: items[at + 1] }),
})

type Labelling = {
  readonly index: number
  readonly values: ReadonlyMap<string, { readonly item: unknown }>
  seen(host: string): Variables
}

/** Where hosts go through different things, the number alone is true for all of them. */
const labelOf = ({ label }: Loop, { index, values, seen }: Labelling): string => {
  const labels = [...values].map(([host, { item }]) =>
    tellItem(label === undefined ? item : renderTree(label, seen(host)).value),
  )
  const [first] = labels
  return first !== undefined && labels.every(each => each === first) ? first : `${index}`
}

const longest = 60

const tellItem = (item: unknown): string => {
  const text = typeof item === 'string' || item instanceof Secret ? `${item}` : canonicalJson(item)
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

/** A result of another step is refused also where the loop could do without it: it would be done without for ever. */
const faultsOf = ({ over }: Loop, { registers }: StepPlan, known: Variables): readonly Problem[] => {
  const results = [...namedIn(over, known)].filter(([name]) => registers.has(name))
  return [...results.map(([name, span]) => notStatic(name, span)), ...undefinedIn(over, known, registers)]
}

const notStatic = (name: string, span: Span): Problem =>
  new Problem({
    code: 'loop-not-static',
    summary: `What this loop goes through is known only when another step has given \`${name}\``,
    span,
    wanted: 'items that are known before anything connects: each is a step, which a plan shows and a flag can name',
    help: 'put both steps into a block with a `loop:` over what the first one goes through, or ask with `when:` for each item',
    exit: exitCodes.input,
  })

const noList = ({ span }: Loop, value: unknown): Problem =>
  new Problem({
    code: 'loop-no-list',
    summary: 'A loop goes through a list',
    span,
    seen: Array.isArray(value) ? `a list of ${value.length}` : describe(value),
    wanted: `a list of at most ${mostItems}`,
    help: 'write `… | dict2items` for a mapping, `… | list` for a range',
    exit: exitCodes.input,
  })
