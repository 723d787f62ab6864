// Who holds a thing: every node of the failover list is asked, and who cannot be asked is unknown, which blocks.
import { isKnown, nameOf } from '../../model/change.ts'
import { exitCodes, isOutOfReach, Problem } from '../../model/problem.ts'
import type { OutlineHold } from '../../plan/outline.ts'
import type { HoldState } from '../../task/hold.ts'
import { digest } from '../../text/canonical.ts'
import { type Context, lookingAt } from '../context.ts'
import { onlyLooking } from '../problems.ts'
import { createPromises } from '../promises.ts'
import { createReceipts } from '../receipts.ts'
import { createWorld, type WorldOptions } from '../world.ts'
import type { Identity } from './held-thing.ts'

export type HoldPlace = { readonly outline: OutlineHold; readonly host: string; readonly context: Context }
export type Holding = HoldPlace & {
  readonly identity: Identity
  /** Nodes that were told to be taken on trust: once is enough. */
  readonly trusted: Set<string>
}

/** @param when Looks ahead, or may use what was seen so. */
export const lookAtIdentity = async (
  { outline, host, context }: HoldPlace,
  when?: 'early' | 'now',
): Promise<Identity> => {
  const ref = outline.module.identity?.(outline.argsFor(host))
  if (!ref) return { type: 'none' }
  const by = `hold ${outline.module.name} at ${outline.span.file}:${outline.span.line}`
  const see: WorldOptions['see'] = when && ((ref, home, look) => context.ahead[when](ref, { home, host, by }, look))
  const value = await plainWorld(host, context, see).look(ref)
  if (!isKnown(value)) return { type: 'hidden', name: nameOf(ref) }
  return { type: 'seen', value, rest: { kind: ref.kind, key: ref.key, digest: digest(value) } }
}

/** Looks without promises or holds: at what is there now. */
const plainWorld = (host: string, { nodes, outline }: Context, see?: WorldOptions['see']) =>
  createWorld({
    host,
    order: outline.order,
    $of: lookingAt(nodes),
    promises: createPromises(),
    receipts: createReceipts(),
    holds: [],
    ...(see && { see }),
  })

/** @throws {Problem} Why it cannot be taken, as far as that can be told before. */
export const askForAll = async (holding: Holding): Promise<HoldState> => {
  const own = await askEveryNode(holding)
  if (own.obstacle && !isWhollyHeld(own)) throw own.obstacle.with({ host: holding.host, span: holding.outline.span })
  return own
}

/**
 * Asks each node of the failover list whether it holds, not only those of this run.
 *
 * @returns What the node that wants it answered: it may hold already.
 */
export const askEveryNode = async (holding: Holding): Promise<HoldState> => {
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

export const askNode = async ({ outline, context, identity }: Holding, node: string): Promise<HoldState> => {
  try {
    const world = plainWorld(node, context)
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
    if (!isOutOfReach(error)) throw error
    if (reason === undefined) throw nodeNotAsked({ outline, host }, node, error)
    if (!holding.trusted.has(node)) context.emit({ type: 'released-assumed', host: node, reason })
    holding.trusted.add(node)
    return { held: false, because: `assumed: ${reason}` }
  }
}

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

export const isWhollyHeld = ({ held, isWhole = true }: HoldState): boolean => held && isWhole
