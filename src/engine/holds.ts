// A hold around a block on one host: asked of every node, taken when a step needs it, proved, given back.
import type { Change } from '../model/change.ts'
import { Problem } from '../model/problem.ts'
import type { Rest } from '../model/receipt.ts'
import type { OutlineHold } from '../plan/outline.ts'
import { hostDollar } from '../shell/dollar.ts'
import type { HoldState } from '../task/hold.ts'
import { digest } from '../text/canonical.ts'
import type { Context } from './context.ts'
import { recordOf } from './problems.ts'
import { createPromises } from './promises.ts'
import { createReceipts } from './receipts.ts'
import { createWorld } from './world.ts'

/** A hold as the looks of the steps inside see it. */
export type HeldThing = {
  readonly name: string
  readonly provides: readonly Change[]
  /** Tells this volume from another of the same name. */
  readonly identity: string
  isHeldBy(host: string): boolean
}

export type Lease = HeldThing & {
  readonly host: string
  /** What every receipt of a step inside rests on. */
  readonly identityRest: readonly Rest[]
  /** Takes it, unless it is taken already. In a dry run only asks whether it could be taken. */
  acquire(): Promise<void>
  /** Gives it back, if it was taken. */
  release(): Promise<void>
}

type Holding = { readonly outline: OutlineHold; readonly host: string; readonly context: Context }

export const openLease = async (holding: Holding): Promise<Lease> => {
  const { outline, host, context } = holding
  const { module } = outline
  const identityRest = await lookAtIdentity(holding)
  let state: 'open' | 'asked' | 'held' = 'open'

  return {
    name: module.name,
    host,
    provides: module.provides(outline.argsFor(host)),
    identity: identityRest.map(rest => rest.digest.slice(0, 12)).join(),
    identityRest,
    isHeldBy: candidate => state === 'held' && candidate === host,
    async acquire() {
      if (state === 'held' || (state === 'asked' && context.mode === 'dry-run')) return
      const held = await askEveryNode(holding)
      state = 'asked'
      if (context.mode === 'dry-run') return
      await take(holding, held)
      state = 'held'
    },
    async release() {
      if (state !== 'held') return
      if (context.keepHolds) return context.emit({ type: 'hold-kept', hold: module.name, host })
      await giveBack(holding)
      state = 'open'
    },
  }
}

const lookAtIdentity = async ({ outline, host, context }: Holding): Promise<readonly Rest[]> => {
  const ref = outline.module.identity?.(outline.argsFor(host))
  if (!ref) return []
  const value = await (await plainWorld(host, context)).look(ref)
  return [{ kind: ref.kind, key: ref.key, digest: digest(value) }]
}

/** Looks without promises or holds: at what is there now. */
const plainWorld = async (host: string, { nodes }: Context) =>
  createWorld({
    host,
    $: hostDollar(await nodes.shell(host))({ nothrow: true }),
    promises: createPromises(),
    receipts: createReceipts(),
    holds: [],
  })

/**
 * Asks each node of the failover list whether it holds, not only those of this run.
 *
 * @returns What the node that wants it answered: it may hold already.
 */
const askEveryNode = async (holding: Holding): Promise<HoldState> => {
  const { host, context, outline } = holding
  const others = context.outline.order.filter(node => node !== host)
  const [own, ...answers] = await Promise.all([
    askNode(holding, host),
    ...others.map(async node => ({ node, ...(await askOther(holding, node)) })),
  ])
  const holder = answers.find(answer => answer.held)
  if (!holder) return own
  throw new Problem({
    code: 'held-by-another-node',
    summary: `${host} cannot take the ${outline.module.name}: ${holder.node} holds it`,
    host,
    span: outline.span,
    seen: `${holder.node}: ${holder.because}`,
    wanted: 'no other node of the failover list holds it',
    help: `find out who uses it on ${holder.node}, and release it there`,
  })
}

const askNode = async ({ outline, context }: Holding, node: string): Promise<HoldState> => {
  const world = await plainWorld(node, context)
  return outline.module.look({ world, args: outline.argsFor(node), place: context.placeOf(node) })
}

/** Who cannot be asked is unknown, and unknown blocks, unless a person has answered for the node. */
const askOther = async (holding: Holding, node: string): Promise<HoldState> => {
  const { context, outline, host } = holding
  const reason = context.assumeReleased.get(node)
  try {
    await context.nodes.shell(node)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (reason === undefined) throw nodeNotAsked({ outline, host }, node, error)
    context.emit({ type: 'released-assumed', host: node, reason })
    return { held: false, because: `assumed: ${reason}` }
  }
  return askNode(holding, node)
}

const nodeNotAsked = ({ outline, host }: Pick<Holding, 'outline' | 'host'>, node: string, cause: Problem): Problem =>
  new Problem({
    code: 'holder-unknown',
    summary: `${node} cannot be asked whether it holds the ${outline.module.name}, so ${host} may not take it`,
    host,
    span: outline.span,
    seen: `${node}: ${cause.message}`,
    wanted: 'an answer from every node of the failover list',
    help: `bring ${node} up, or make sure that it is off or holds nothing and say so: --assume-released ${node} --reason "…"`,
    exit: cause.exit,
    cause,
  })

const take = async (holding: Holding, before: HoldState): Promise<void> => {
  const { outline, host, context } = holding
  const { name } = outline.module
  const started = context.now()
  context.emit({ type: 'hold-intended', hold: name, host })
  if (before.held) context.emit({ type: 'notice', text: `${host} holds the ${name} already: ${before.because}` })
  else await outline.module.acquire(await handling(holding))
  const after = await askNode(holding, host)
  if (!after.held) throw notProved(holding, { code: 'hold-not-taken', wanted: `${host} holds it`, seen: after.because })
  context.emit({ type: 'hold-acquired', hold: name, host, ms: context.now() - started })
}

const giveBack = async (holding: Holding): Promise<void> => {
  const { outline, host, context } = holding
  const { name } = outline.module
  const started = context.now()
  try {
    await outline.module.release(await handling(holding))
    const after = await askNode(holding, host)
    if (after.held)
      throw notProved(holding, { code: 'hold-not-released', wanted: `${host} holds it no more`, seen: after.because })
  } catch (error) {
    context.emit({ type: 'hold-failed', hold: name, host, problem: recordOf(error) })
    throw error
  }
  context.emit({ type: 'hold-released', hold: name, host, ms: context.now() - started })
}

const handling = async ({ outline, host, context }: Holding) => ({
  $: hostDollar(await context.nodes.shell(host)),
  args: outline.argsFor(host),
  place: context.placeOf(host),
})

const notProved = (
  { outline, host }: Holding,
  { code, wanted, seen }: { readonly code: string; readonly wanted: string; readonly seen: string },
): Problem =>
  new Problem({
    code,
    summary: `The ${outline.module.name} on ${host} is not as it was asked for`,
    host,
    seen,
    wanted,
    help: `look at ${host} yourself before anything else touches the ${outline.module.name}`,
  })
