// `--assume-released NODE --reason TEXT`: a person answers for nodes that cannot be asked.
import { exitCodes, Problem } from '../model/problem.ts'
import { didYouMean } from '../text/did-you-mean.ts'

export type AssumedFlags = { readonly assumeReleased?: readonly string[]; readonly reason?: string }

export type Assumed = {
  /** Node to reason. */
  readonly released: ReadonlyMap<string, string>
  readonly problems: readonly Problem[]
}

/** @param order The failover list: no other node is ever asked. */
export const readAssumed = ({ assumeReleased = [], reason = '' }: AssumedFlags, order: readonly string[]): Assumed => {
  const strangers = assumeReleased.filter(node => !order.includes(node))
  const problems = strangers.map(node => notAsked(node, order))
  if (assumeReleased.length > 0 && reason.trim() === '') problems.push(noReason())
  if (assumeReleased.length === 0 && reason !== '') problems.push(noNode())
  return { released: new Map(assumeReleased.map(node => [node, reason])), problems }
}

const notAsked = (node: string, order: readonly string[]): Problem =>
  new Problem({
    code: 'host-unknown',
    summary: `--assume-released names \`${node}\`, which is not in the failover list`,
    help: didYouMean(node, order),
    exit: exitCodes.input,
  })

const noReason = (): Problem =>
  new Problem({
    code: 'reason-missing',
    summary: '--assume-released needs a reason',
    wanted: 'how you know that the node holds nothing',
    help: 'add --reason "…"; it is kept in the journal',
    exit: exitCodes.input,
  })

const noNode = (): Problem =>
  new Problem({
    code: 'node-missing',
    summary: '--reason says why, and no node is named',
    help: 'add --assume-released NODE, or leave out --reason',
    exit: exitCodes.input,
  })
