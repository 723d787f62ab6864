// A play as a listr2 tree: listr2 decides what runs next, a leaf only awaits its step.
import { Listr, type ListrTask } from 'listr2'
import { addressOf, stepAddress } from '../model/address.ts'
import type { Begun } from '../model/begun.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import {
  batchOf,
  isFor,
  type OutlineBlock,
  type OutlineEnd,
  type OutlineNode,
  type OutlinePlay,
  type OutlineStep,
  stepsOf,
} from '../plan/outline.ts'
import type { Context } from './context.ts'
import { type Course, createCourse } from './course.ts'
import { askWhetherItEnds } from './end-of-play.ts'
import type { Flow } from './flow.ts'
import { carryOutGuarded, type Guarding, isGuarded } from './guarded.ts'
import { type Lease, openLease } from './hold/lease.ts'
import { asProblem, recordOf } from './problems.ts'
import { carryOutStep } from './step.ts'
import type { StepEnd } from './step-end.ts'
import { createTurn, type Turn } from './turn.ts'

type Scope = {
  readonly play: OutlinePlay
  readonly context: Context
  readonly flow: Flow
  readonly turn: Turn
  /** Handlers that a change has notified, by host. */
  readonly notified: Map<string, Set<string>>
  readonly course: Course
  /** In a further try of a block. */
  readonly isAgain?: boolean
}

/** Where in the tree: for which hosts, inside which holds. */
type Branch = {
  readonly hosts: readonly string[]
  readonly leases: readonly Lease[]
  /** Hears where something is due, or may be. */
  readonly onDue?: (host: string) => void
}

export const growTree = (context: Context, flow: Flow): ListrTask[] => {
  const course = createCourse(context)
  return context.outline.plays.map(play => ({
    title: play.name,
    task: () => {
      context.emit({ type: 'play-started', play: play.index })
      const scope: Scope = { play, context, flow, turn: createTurn(play, context), notified: new Map(), course }
      for (const host of play.hosts) if (flow.goesOn(play, host)) course.lookAhead(host)
      for (const { handler, host, by } of context.resumed?.pendingIn(play.index) ?? [])
        ask(handler, host, { by, scope })
      return subtree(play.strategy === 'failover' ? hostByHost(scope) : batchByBatch(scope))
    },
  }))
}

// A failure is kept in the flow, and the next leaves ask it; so no error travels through listr2.
const subtree = (tasks: readonly ListrTask[], concurrent: number | false = false): Listr =>
  new Listr([...tasks], { concurrent, exitOnError: true, renderer: 'silent', registerSignalListeners: false })

/** Failover: all steps of one node, then the next node. */
const hostByHost = (scope: Scope): ListrTask[] =>
  scope.play.hosts.map(host => ({
    title: host,
    skip: () => !scope.flow.goesOn(scope.play, host),
    task: () =>
      subtree([...growNodes(scope.play.nodes, { hosts: [host], leases: [] }, scope), ...handlersOf([host], scope)]),
  }))

const batchByBatch = (scope: Scope): ListrTask[] =>
  (scope.play.batches ?? [scope.play.hosts]).map(hosts => ({
    title: hosts.join(', '),
    task: () => subtree(stepByStep(hosts, scope)),
  }))

/** Linear: one step on all hosts, then the next step. */
const stepByStep = (hosts: readonly string[], scope: Scope): ListrTask[] => [
  ...growNodes(scope.play.nodes, { hosts, leases: [] }, scope),
  ...handlersOf(hosts, scope),
]

const growNodes = (nodes: readonly OutlineNode[], branch: Branch, scope: Scope): ListrTask[] =>
  nodes.map(node => {
    if (node.type === 'flush') return growFlush(branch, scope)
    if (node.type === 'end') return growEnd(node, branch, scope)
    return node.type === 'step' ? growStep(node, branch, scope) : growBlock(node, branch, scope)
  })

/** Who was notified by then has been carried out, and is notified anew. */
const growFlush = ({ hosts }: Branch, scope: Scope): ListrTask => ({
  title: 'handlers',
  task: async () => {
    await subtree(handlersOf(hosts, scope)).run()
    for (const host of hosts) if (scope.flow.goesOn(scope.play, host)) scope.notified.delete(host)
  },
})

const growEnd = (node: OutlineEnd, branch: Branch, scope: Scope): ListrTask => ({
  title: 'end of the play',
  task: () => askWhetherItEnds(node, branch, scope),
})

const growBlock = (block: OutlineBlock, branch: Branch, scope: Scope): ListrTask => ({
  title: block.name,
  task: () =>
    subtree(
      block.hold
        ? branch.hosts.map(host => growHeld(block, { ...branch, hosts: [host] }, scope))
        : growParts(block, branch, scope),
    ),
})

/** What is guarded has an order of its own: what comes next hangs on how a part ended. */
const growParts = (block: OutlineBlock, branch: Branch, scope: Scope): ListrTask[] =>
  isGuarded(block)
    ? [{ title: block.name, task: () => carryOutGuarded(block, branch.hosts, guarding(branch, scope)) }]
    : growNodes(block.nodes, branch, scope)

const guarding = (branch: Branch, scope: Scope): Guarding => ({
  ...scope,
  async carry(nodes, hosts, { onDue, context = scope.context, isAgain = false } = {}) {
    const tell = (host: string) => {
      onDue?.(host)
      branch.onDue?.(host)
    }
    await subtree(
      growNodes(
        nodes,
        { ...branch, hosts, onDue: tell },
        { ...scope, context, isAgain: isAgain || scope.isAgain === true },
      ),
    ).run()
  },
})

/** What is held is held by one node at a time, so here even a linear play goes host by host. */
const growHeld = (block: OutlineBlock, branch: Branch, scope: Scope): ListrTask => {
  const { name, hold } = block
  const [host = ''] = branch.hosts
  const { context, flow, play } = scope
  return {
    title: `${name} on ${host}`,
    skip: () => !flow.goesOn(play, host) || !isNeeded(block, host, context),
    task: async () => {
      if (!hold) return
      const lease = await openLease({ outline: hold, host, context }).catch(error => {
        flow.fail(host, asProblem(error))
      })
      if (!lease) return
      // Not left to the tree: it is given back also when the run itself breaks.
      try {
        scope.course.opened(hold, host, lease)
        await subtree(growParts(block, { ...branch, hosts: [host], leases: [...branch.leases, lease] }, scope)).run()
      } finally {
        scope.course.closed(hold, host)
        await giveBack(lease, scope)
      }
    },
  }
}

/** A hold around nothing is not even asked for. */
const isNeeded = (block: OutlineBlock, host: string, { registered }: Context): boolean =>
  stepsOf([block]).some(step => step.isSelected(host)) && block.applies(host, registered(host))

/**
 * Given back also after a failure; one that is not given back ends the run: no other node may get it.
 *
 * What goes on by itself on the host may use it: taken away under its feet, a partition is written to no more, but the
 * directory below it is.
 */
const giveBack = async (lease: Lease, { flow, context }: Scope): Promise<void> => {
  const open = context.mode === 'run' && context.begun.on(lease.host).find(begun => goesOn(begun, context))
  if (open) return flow.stop(lease.host, keepTold(lease, open, context))
  await lease.release().catch(error => flow.stop(lease.host, asProblem(error)))
}

/** What is looked at and done over has an end when its connection has; a program of others goes on, for all we know. */
const goesOn = ({ step }: Begun, { outline }: Context): boolean => {
  const known = outline.plays
    .flatMap(({ nodes, handlers }) => [...stepsOf(nodes), ...handlers])
    .find(({ id }) => id === step)
  return known === undefined || known.task.opaque || known.task.lasting === true
}

const keepTold = ({ name, host }: Lease, open: Begun, { emit }: Context): Problem => {
  const problem = new Problem({
    code: 'hold-in-use',
    summary: `The ${name} stays on ${host}: what ${addressOf(open)} set going there may still use it`,
    host,
    seen: `begun by run ${open.run}; its end is not known`,
    wanted: 'an act whose end is known',
    state: `no other node may take the ${name}`,
    help: `go on with the run: it watches what goes on there to its end, and gives the ${name} back`,
    exit: exitCodes.unknown,
  })
  emit({ type: 'hold-failed', hold: name, host, problem: recordOf(problem) })
  return problem
}

const growStep = (step: OutlineStep, branch: Branch, scope: Scope): ListrTask => ({
  title: step.name,
  task: () =>
    subtree(
      hostsOf(step, branch, scope).map(host => growLeaf(step, { ...branch, hosts: [host] }, scope)),
      scope.context.forks,
    ),
})

const hostsOf = (step: OutlineStep, branch: Branch, scope: Scope): readonly string[] =>
  instead(step, branch, scope) ?? branch.hosts.filter(host => isFor(step, host, scope.play))

/** As in Ansible, what runs once goes to the next host where the first is out; a plan names the host. */
const instead = (
  step: OutlineStep,
  { hosts }: Branch,
  { play, flow, context }: Scope,
): readonly string[] | undefined => {
  const [first] = hosts
  if (!step.runOnce || first === undefined || context.follow || flow.goesOn(play, first)) return undefined
  const next = hosts.find(host => flow.goesOn(play, host) && step.isSelected(host))
  return hosts.length > 1 && next !== undefined ? [next] : undefined
}

const growLeaf = (step: OutlineStep, { hosts: [host = ''], leases, onDue }: Branch, scope: Scope): ListrTask => ({
  title: `${step.name} on ${host}`,
  skip: () => !scope.flow.goesOn(scope.play, host),
  task: async () => {
    const { context, turn, flow, play } = scope
    scope.course.lookAhead(host, step)
    const end = await carryOutStep({
      step,
      host,
      leases,
      context,
      isAnew: scope.isAgain === true || play.handlers.includes(step),
      ...(play.reads && { reads: true }),
      assertTurn: () => turn.assertTurnOf(host),
      lookOn: () => scope.course.lookOn(host, step),
    })
    if (end.problem && !end.ignored)
      return play.reads ? flow.tell(end.problem) : flow.fail(host, end.problem, failureOf(step, end))
    if (end.outcome === 'would-change' || end.outcome === 'unknown') onDue?.(host)
    if (end.leftOutBy !== undefined) turn.leftOut(step, host, end.leftOutBy)
    else if (end.outcome !== 'not-reached') turn.done(step, host)
    shareResult(step, host, scope)
    if (isChange(end) || isFinished(step, host, scope)) notify(step, host, scope)
  },
})

const failureOf = (step: OutlineStep, { isOwn = false, result }: StepEnd) => ({
  isOwn,
  step,
  ...(result !== undefined && { result }),
})

const isChange = ({ outcome, isUncounted }: StepEnd): boolean =>
  !isUncounted && (outcome === 'changed' || outcome === 'would-change')

/** A step that an earlier run had begun, and that is as it should be now: its change is made, and nobody was notified. */
const isFinished = (step: OutlineStep, host: string, { context }: Scope): boolean =>
  context.resumed?.wasCutOff(stepAddress(step.id, host)) ?? false

/** What runs once counts for all hosts that go together. */
const shareResult = (step: OutlineStep, from: string, { play, context }: Scope): void => {
  if (!step.runOnce) return
  const given = context.registered(from)
  const shared = [step.register ?? [], step.givesVariables ?? []].flat().filter(name => Object.hasOwn(given, name))
  for (const host of batchOf(from, play)) for (const name of shared) context.registered(host)[name] = given[name]
}

const notify = ({ notify, id }: OutlineStep, host: string, scope: Scope): void => {
  for (const handler of notify) ask(handler, host, { by: id, scope })
}

const ask = (handler: string, host: string, { by, scope }: { readonly by: string; readonly scope: Scope }): void => {
  scope.notified.set(host, (scope.notified.get(host) ?? new Set()).add(handler))
  scope.context.emit({ type: 'handler-notified', handler, host, by })
}

/** Handlers run in the order in which they are written, not in which they were notified. */
const handlersOf = (hosts: readonly string[], scope: Scope): ListrTask[] =>
  scope.play.handlers.map(handler => ({
    title: handler.name,
    task: () =>
      subtree(
        hosts
          .filter(host => [handler.name, ...(handler.listen ?? [])].some(name => scope.notified.get(host)?.has(name)))
          .map(host => growLeaf(handler, { hosts: [host], leases: [] }, scope)),
        scope.context.forks,
      ),
  }))
