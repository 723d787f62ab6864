// A hold around a block on one host: asked of every node, taken when a step needs it, proved, given back.
import { type Change, isKnown, nameOf, notKnownYet } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Rest } from '../model/receipt.ts'
import type { OutlineHold } from '../plan/outline.ts'
import { hostDollar } from '../shell/dollar.ts'
import type { HoldState } from '../task/hold.ts'
import { digest } from '../text/canonical.ts'
import type { Context } from './context.ts'
import { asProblem, onlyLooking, recordOf } from './problems.ts'
import { createPromises } from './promises.ts'
import { createReceipts } from './receipts.ts'
import { createWorld } from './world.ts'

/** A hold as the looks of the steps inside see it. */
export type HeldThing = {
  readonly name: string
  readonly provides: readonly Change[]
  /** Tells this volume from another of the same name; what is attested of another does not count. */
  readonly identity: Identity
  isHeldBy(host: string): boolean
}

export type Lease = HeldThing & {
  readonly host: string
  /** Takes it, unless it is taken already. In a dry run only asks whether it could be taken. */
  acquire(): Promise<void>
  /** Gives it back, if it was taken, if taking it went wrong half-way, or if an earlier run left it. */
  release(): Promise<void>
}

export type Identity =
  | { readonly type: 'none' }
  /** Nobody can see it before the hold is taken. */
  | { readonly type: 'hidden'; readonly name: string }
  /** What every receipt of a step inside rests on. */
  | { readonly type: 'seen'; readonly value: Json; readonly rest: Rest }

export const restsOf = (holds: readonly HeldThing[]): readonly Rest[] =>
  holds.flatMap(({ identity }) => (identity.type === 'seen' ? [identity.rest] : []))

type Place = { readonly outline: OutlineHold; readonly host: string; readonly context: Context }
type Holding = Place & {
  readonly identity: Identity
  /** Nodes that were told to be taken on trust: once is enough. */
  readonly trusted: Set<string>
}

export const openLease = async (place: Place): Promise<Lease> => {
  const { outline, host, context } = place
  const { module } = outline
  let holding: Holding = { ...place, trusted: new Set(), identity: await onlyLooking(lookAtIdentity(place)) }
  const isLeft = context.leftHeld?.(module.name, host)
  let state: 'open' | 'left' | 'asked' | 'begun' | 'held' = isLeft ? 'left' : 'open'

  return {
    name: module.name,
    host,
    provides: module.provides(outline.argsFor(host)),
    get identity() {
      return holding.identity
    },
    isHeldBy: candidate => state === 'held' && candidate === host,
    async acquire() {
      if (state === 'held' || (state === 'asked' && context.mode === 'dry-run')) return
      const held = await askForAll(holding).catch(error => {
        throw error instanceof Problem ? error.with({ state: `the ${module.name} was not taken on ${host}` }) : error
      })
      if (context.mode === 'dry-run') {
        state = 'asked'
        return
      }
      context.emit({ type: 'hold-intended', hold: module.name, host })
      state = 'begun'
      await take(holding, held)
      if (holding.identity.type === 'hidden') holding = { ...holding, identity: await lookAtIdentity(place) }
      state = 'held'
    },
    async release() {
      if (context.mode === 'dry-run') {
        if (state !== 'open') context.promises.add(host, givenBack(module.name), `hold ${module.name} on ${host}`)
        return
      }
      if (state === 'left') return giveBackLeft(holding)
      if (state !== 'held' && state !== 'begun') return
      if (state === 'held' && context.keepHolds) return context.emit({ type: 'hold-kept', hold: module.name, host })
      await giveBack(holding, state)
      state = 'open'
    },
  }
}

/** What a dry run foretells of a hold at the end of its block, also where an earlier run left it. */
const givenBack = (name: string): Change => ({ kind: 'hold', key: name, before: notKnownYet, after: { held: false } })

const lookAtIdentity = async ({ outline, host, context }: Place): Promise<Identity> => {
  const ref = outline.module.identity?.(outline.argsFor(host))
  if (!ref) return { type: 'none' }
  const value = await (await plainWorld(host, context)).look(ref)
  if (!isKnown(value)) return { type: 'hidden', name: nameOf(ref) }
  return { type: 'seen', value, rest: { kind: ref.kind, key: ref.key, digest: digest(value) } }
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

/** @throws {Problem} Why it cannot be taken, as far as that can be told before. */
const askForAll = async (holding: Holding): Promise<HoldState> => {
  const own = await askEveryNode(holding)
  if (own.obstacle && !isWhollyHeld(own)) throw own.obstacle.with({ host: holding.host, span: holding.outline.span })
  return own
}

/**
 * Asks each node of the failover list whether it holds, not only those of this run.
 *
 * @returns What the node that wants it answered: it may hold already.
 */
const askEveryNode = async (holding: Holding): Promise<HoldState> => {
  const { host, context, outline } = holding
  const others = context.outline.order.filter(node => node !== host)
  const asked = [
    onlyLooking(askNode(holding, host)),
    ...others.map(async node => ({ node, ...(await askOther(holding, node)) })),
  ] as const
  // All are waited for: of several problems the first node's is told, whoever answers first.
  await Promise.allSettled(asked)
  const [own, ...answers] = await Promise.all(asked)
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

const askNode = async ({ outline, context, identity }: Holding, node: string): Promise<HoldState> => {
  try {
    const world = await plainWorld(node, context)
    const asked = { world, args: outline.argsFor(node), place: context.placeOf(node) }
    return await outline.module.look(identity.type === 'seen' ? { ...asked, identity: identity.value } : asked)
  } catch (error) {
    // What stands in the way stands on that node, and not on the one that asks.
    throw error instanceof Problem ? error.with({ host: node }) : error
  }
}

/** Who cannot be asked is unknown, and unknown blocks, unless a person has answered for the node. */
const askOther = async (holding: Holding, node: string): Promise<HoldState> => {
  const { context, outline, host } = holding
  const reason = context.assumeReleased.get(node)
  if (context.promises.find(node, { kind: 'hold', key: outline.module.name }))
    return { held: false, because: 'a step before gives it back' }
  try {
    return await askNode(holding, node)
  } catch (error) {
    if (!(error instanceof Problem) || !isOutOfReach(error)) throw error
    if (reason === undefined) throw nodeNotAsked({ outline, host }, node, error)
    if (!holding.trusted.has(node)) context.emit({ type: 'released-assumed', host: node, reason })
    holding.trusted.add(node)
    return { held: false, because: `assumed: ${reason}` }
  }
}

/** No answer came, in contrast to an answer that stands in the way. */
const isOutOfReach = ({ exit }: Problem): boolean => exit === exitCodes.unreachable || exit === exitCodes.unknown

const nodeNotAsked = ({ outline, host }: Pick<Holding, 'outline' | 'host'>, node: string, cause: Problem): Problem =>
  new Problem({
    code: 'holder-unknown',
    summary: `${node} cannot be asked whether it holds the ${outline.module.name}, so ${host} may not take it`,
    host,
    span: outline.span,
    seen: [cause.message, cause.fields.seen].filter(Boolean).join(': '),
    wanted: 'an answer from every node of the failover list',
    help: `bring ${node} up, or make sure that it is off or holds nothing and say so: --assume-released ${node} --reason "…"`,
    exit: exitCodes.unreachable,
    cause,
  })

const take = async (holding: Holding, before: HoldState): Promise<void> => {
  const { outline, host, context } = holding
  const { name } = outline.module
  const started = context.now()
  if (isWhollyHeld(before))
    context.emit({ type: 'notice', text: `${host} holds the ${name} already: ${before.because}` })
  else await outline.module.acquire(await handling(holding))
  // Asked of every node once more: somebody else may have taken it between the asking and the taking.
  const after = await askEveryNode(holding)
  if (!isWhollyHeld(after))
    throw notProved(holding, { code: 'hold-not-taken', wanted: `${host} holds it`, seen: after.because })
  context.emit({ type: 'hold-acquired', hold: name, host, ms: context.now() - started })
}

const isWhollyHeld = ({ held, isWhole = true }: HoldState): boolean => held && isWhole

/**
 * An earlier run left it, and no step of this one needed it: it is given back, unless something else stands in its place.
 * That somebody has taken it on the same node since then is not seen.
 */
const giveBackLeft = async (holding: Holding): Promise<void> => {
  const { context, host, outline } = holding
  const { name } = outline.module
  const seen = await askNode(holding, host).catch(asProblem)
  if (seen instanceof Problem)
    return context.emit({
      type: 'notice',
      text: `an earlier run left the ${name} on ${host}; it stays as it is: ${seen.message}`,
    })
  if (seen.held) context.emit({ type: 'notice', text: `an earlier run left the ${name} on ${host}: ${seen.because}` })
  await giveBack(holding, 'begun')
}

const giveBack = async (holding: Holding, state: 'held' | 'begun'): Promise<void> => {
  const { outline, host, context } = holding
  const { name } = outline.module
  const started = context.now()
  try {
    // Where taking it went wrong, nothing of it may have come.
    if (state === 'held' || (await askNode(holding, host)).held) await letGo(holding)
    const after = await askNode(holding, host)
    if (after.held)
      throw notProved(holding, { code: 'hold-not-released', wanted: `${host} holds it no more`, seen: after.because })
  } catch (error) {
    const own = asProblem(error).with({ host })
    const problem = isOutOfReach(own) ? notKnownToBeFree(holding, own) : own
    context.emit({ type: 'hold-failed', hold: name, host, problem: recordOf(problem) })
    throw problem
  }
  context.emit({ type: 'hold-released', hold: name, host, ms: context.now() - started })
}

/** Where a lost connection hides how it ended, the node is asked over a new one, and it is done again if it has to be. */
const letGo = async (holding: Holding): Promise<void> => {
  const { module } = holding.outline
  try {
    await module.release(await handling(holding))
  } catch (error) {
    if (!(error instanceof Problem) || !isOutOfReach(error)) throw error
    if ((await askNode(holding, holding.host)).held) await module.release(await handling(holding))
  }
}

const notKnownToBeFree = ({ outline: { module }, host }: Holding, cause: Problem): Problem =>
  new Problem({
    ...cause.fields,
    state: `whether ${host} still holds the ${module.name} is not known: no other node may take it`,
    help: `bring ${host} within reach, then run it again: it is released first`,
    exit: exitCodes.unknown,
  })

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
