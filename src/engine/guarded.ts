// A block with `until`, `rescue` or `always`: its parts in their order, and what a failure in one of them means.
import { exitCodes, Problem } from '../model/problem.ts'
import {
  failureNames,
  isMeta,
  type OutlineBlock,
  type OutlineNode,
  type OutlinePlay,
  type OutlineStep,
  stepsOf,
} from '../plan/outline.ts'
import { restKnownAfter } from '../template/values.ts'
import type { Context } from './context.ts'
import type { Failure, Flow } from './flow.ts'
import { createPromises, type Promises } from './promises.ts'
import { handedOn } from './step-end.ts'
import { rest } from './tries.ts'
import type { Turn } from './turn.ts'
import { concealedResult } from './unlogged.ts'

export type Guarding = {
  readonly play: OutlinePlay
  readonly context: Context
  readonly flow: Flow
  readonly turn: Turn
  /** Carries nodes out on hosts, inside the holds around the block. */
  carry(nodes: readonly OutlineNode[], hosts: readonly string[], how?: Carrying): Promise<void>
}

export type Carrying = {
  /** Hears where something is due, or may be. */
  readonly onDue?: (host: string) => void
  readonly context?: Context
  /** The block was not enough as it was carried out before, so none of its acts counts as done. */
  readonly isAgain?: boolean
}

type Failures = Map<string, readonly Failure[]>

export const isGuarded = ({ rescue, always, repeat }: OutlineBlock): boolean =>
  rescue !== undefined || always !== undefined || repeat !== undefined

export const carryOutGuarded = async (block: OutlineBlock, hosts: readonly string[], on: Guarding): Promise<void> => {
  const { flow, play } = on
  const begun = hosts.filter(host => flow.goesOn(play, host))
  const due = new Set<string>()
  const failed = await tryBlock(block, begun, { ...on, onDue: host => due.add(host) })
  await rescue(block, begun, { on, failed, due })
  const toClean = begun.filter(host => failed.get(host)?.every(mayCleanUp) ?? true)
  if (block.always) add(failed, await inPart(block.always, toClean, on, { isCleaning: true }))
  for (const [host, failures] of failed) for (const { problem, ...more } of failures) flow.fail(host, problem, more)
}

type Trying = Guarding & Required<Pick<Carrying, 'onDue'>>

/** Once, or again on the hosts where `until` does not hold, or a step failed by itself. */
const tryBlock = async (block: OutlineBlock, hosts: readonly string[], on: Trying): Promise<Failures> => {
  const { repeat, nodes } = block
  const failed: Failures = new Map()
  let left = hosts
  for (let tries = 1; left.length > 0; tries += 1) {
    const now = await inPart(nodes, left, on, { onDue: on.onDue, isAgain: tries > 1 })
    // Between two tries what is waited for happens by others: what was seen before says nothing any more.
    if (repeat) on.context.ahead.changedAll()
    const isEnd = tries >= (repeat?.tries ?? 1) || on.context.mode === 'dry-run' || on.context.isStopping()
    const again = left.filter(host => isToRepeat(block, host, { on, failures: now.get(host), isEnd, now }))
    for (const host of left)
      if (!again.includes(host) || isEnd) add(failed, new Map([...now].filter(([h]) => h === host)))
    if (!repeat || isEnd) break
    left = again
    if (left.length > 0) tellAgain(block, left, { on, tries })
    await rest(left.length > 0 ? repeat.delayMs : 0, on.context)
  }
  return failed
}

type Judging = {
  readonly on: Guarding
  readonly failures: readonly Failure[] | undefined
  readonly isEnd: boolean
  /** Gets the failure of a host that has had its last try. */
  readonly now: Failures
}

const isToRepeat = ({ repeat, name }: OutlineBlock, host: string, { on, failures, isEnd, now }: Judging): boolean => {
  if (!repeat || failures?.some(({ isOwn }) => !isOwn)) return false
  if (failures) return true
  const verdict = repeat.until.on(host, on.context.registered(host))
  if ('notKnown' in verdict || verdict.isSo) return false
  if (!isEnd) return true
  if (on.context.mode === 'run') now.set(host, [{ problem: notMet(name, host, repeat), isOwn: true }])
  else tellInDryRun(name, host, { on, text: repeat.until.text, tries: repeat.tries })
  return true
}

const tellAgain = (
  { name, repeat }: OutlineBlock,
  hosts: readonly string[],
  { on, tries }: { readonly on: Guarding; readonly tries: number },
): void => {
  const text = `${name} on ${hosts.join(', ')}: try ${tries + 1} of ${repeat?.tries}, until ${repeat?.until.text}`
  on.context.emit({ type: 'notice', text })
}

const tellInDryRun = (
  name: string,
  host: string,
  { on, text, tries }: { readonly on: Guarding; readonly text: string; readonly tries: number },
): void =>
  on.context.emit({
    type: 'notice',
    text: `${name} on ${host}: until ${text} does not hold now; a run carries it out up to ${tries} times`,
  })

const notMet = (name: string, host: string, { until, tries }: NonNullable<OutlineBlock['repeat']>): Problem =>
  new Problem({
    code: 'until-not-met',
    summary: `${name} on ${host} did not come to what was waited for, after ${tries === 1 ? 'one try' : `${tries} tries`}`,
    host,
    wanted: until.text,
    help: 'look at what its steps gave (`run report RUN -v`); more `retries:` or a longer `delay:` give it more time',
  })

type Rescuing = { readonly on: Guarding; readonly failed: Failures; readonly due: ReadonlySet<string> }

/** Takes hosts that are rescued out of those that failed. */
const rescue = async (block: OutlineBlock, hosts: readonly string[], { on, failed, due }: Rescuing): Promise<void> => {
  if (!block.rescue) return
  const toRescue = hosts.filter(host => failed.get(host)?.every(({ isOwn }) => isOwn))
  for (const host of toRescue) nameFailure(host, failed.get(host)?.at(-1), on.context)
  const still = await inPart(block.rescue, toRescue, on, { isCleaning: true })
  for (const host of toRescue)
    if (!still.has(host) && on.flow.goesOn(on.play, host)) tellRescued(block, host, { on, failed })
  for (const [host, failures] of still) failed.set(host, [...(failed.get(host) ?? []), ...failures])
  await leaveOut(
    block,
    hosts.filter(host => !failed.has(host) && !toRescue.includes(host)),
    { on, due },
  )
}

const tellRescued = (block: OutlineBlock, host: string, { on, failed }: Omit<Rescuing, 'due'>): void => {
  for (const { problem } of failed.get(host) ?? [])
    on.context.emit({ type: 'block-rescued', block: block.name, host, step: problem.fields.step ?? '' })
  failed.delete(host)
  // The playbook says what a failure of these means, and that was done.
  for (const step of stepsOf(block.nodes)) on.turn.done(step, host)
}

/** What steps of a rescue can name, as in Ansible. */
const nameFailure = (host: string, failure: Failure | undefined, { registered }: Context): void => {
  const [task, result] = failureNames
  registered(host)[task] = { name: failure?.step?.name ?? '', action: failure?.step?.taskName ?? '' }
  const { problem, result: given } = failure ?? {}
  const told = handedOn({
    outcome: 'failed',
    ...(problem && { problem }),
    ...(given !== undefined && { result: given }),
  })
  registered(host)[result] = failure?.step?.noLog ? concealedResult(told, result) : told
}

/** Nothing failed, so nothing is to be rescued. Where a dry run cannot know that, it tells what the rescue would do. */
const leaveOut = async (
  { name, rescue: nodes = [] }: OutlineBlock,
  hosts: readonly string[],
  { on, due }: Omit<Rescuing, 'failed'>,
): Promise<void> => {
  const { context, flow } = on
  const isOpen = (host: string) => context.mode === 'dry-run' && due.has(host)
  const because = context.mode === 'dry-run' ? `nothing of "${name}" is due` : `nothing of "${name}" failed`
  for (const host of hosts.filter(each => !isOpen(each)))
    for (const step of stepsOf(nodes).filter(each => each.isSelected(host)))
      context.emit({ type: 'step-ended', step: step.id, host, outcome: 'skipped', because, changes: [], ms: 0 })
  const open = hosts.filter(isOpen)
  const [task, result] = failureNames
  for (const host of open)
    for (const each of [task, result])
      context.registered(host)[each] = { [restKnownAfter]: `a step of "${name}" has failed` }
  const part = flow.open(open)
  await on.carry(onlyAfterFailure(nodes, name), open, { context: { ...context, promises: overlay(context.promises) } })
  part.close()
}

/** The same steps, of which nobody can say whether they will be carried out. */
const onlyAfterFailure = (nodes: readonly OutlineNode[], name: string): readonly OutlineNode[] =>
  nodes.flatMap((node): readonly OutlineNode[] => {
    if (isMeta(node)) return []
    if (node.type === 'block') {
      const { rescue: inner, always, repeat: _, ...block } = node
      const all = [...node.nodes, ...(inner ?? []), ...(always ?? [])]
      return [{ ...block, nodes: onlyAfterFailure(all, name) }]
    }
    const open: OutlineStep = {
      ...node,
      ignoreErrors: true,
      prepare(host, registered) {
        const prepared = node.prepare(host, registered)
        if (prepared.type === 'skipped') return prepared
        const args = prepared.type === 'due' ? { value: prepared.args } : prepared.args
        return { type: 'undecided', because: `only if a step of "${name}" fails`, ...(args && { args }) }
      },
    }
    return [open]
  })

/** What only a failure would bring is no ground for what comes after, where nothing fails. */
const overlay = (below: Promises): Promises => {
  const own = createPromises()
  return {
    ...own,
    find: (home, name) => own.find(home, name) ?? below.find(home, name),
    before(host) {
      const [inner, outer] = [own.before(host), below.before(host)]
      return outer?.isForeign ? outer : (inner ?? outer)
    },
  }
}

/** What goes on by itself, cannot be reached, or was not this host's turn, is left as it is. */
const mayCleanUp = ({ problem, isOwn }: Failure): boolean =>
  isOwn || problem.exit === exitCodes.input || problem.code === 'bug'

type InPart = Omit<Carrying, 'context'> & { readonly isCleaning?: boolean }

const inPart = async (
  nodes: readonly OutlineNode[],
  hosts: readonly string[],
  on: Guarding,
  { isCleaning = false, ...how }: InPart,
): Promise<Failures> => {
  const part = on.flow.open(hosts, isCleaning)
  if (hosts.length > 0) await on.carry(nodes, hosts, how)
  return part.close()
}

const add = (all: Failures, more: Failures): void => {
  for (const [host, failures] of more) all.set(host, [...(all.get(host) ?? []), ...failures])
}
