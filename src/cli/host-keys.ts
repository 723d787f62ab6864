// The key that each host shows must be the one that it showed when the plan was made.
import type { PlanBody } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { OpenNodes } from './connections.ts'

/**
 * Reaches every host of a plan at once.
 *
 * @param released Nodes that a person answers for: of these nobody expects an answer.
 * @returns A problem for each host with another key, and for each that cannot be reached.
 */
export const changedHostKeys = async (
  then: PlanBody['hostKeys'],
  nodes: OpenNodes,
  released: ReadonlyMap<string, string>,
): Promise<readonly Problem[]> => {
  const reached = await Promise.all(then.map(({ host }) => reach(host, nodes)))
  const now = await nodes.hostKeys()
  return then.flatMap(({ host, fingerprint }, index) => {
    const problem = reached[index]
    if (problem) return released.has(host) ? [] : [isDistrust(problem) ? asDrift(problem, fingerprint) : problem]
    return now.get(host) === fingerprint ? [] : [otherKey(host, { before: fingerprint, now: now.get(host) ?? 'none' })]
  })
}

const reach = async (host: string, nodes: OpenNodes): Promise<Problem | undefined> => {
  try {
    await nodes.shell(host)
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.with({ host })
    throw error
  }
}

/** The key itself was refused, not the way to the host. */
const isDistrust = ({ code }: Problem): boolean => code.startsWith('host-key-')

const asDrift = ({ fields }: Problem, fingerprint: string): Problem =>
  new Problem({ ...fields, wanted: [fields.wanted, `${fingerprint}, as planned`].join('; '), exit: exitCodes.drift })

const otherKey = (host: string, keys: { readonly before: string; readonly now: string }): Problem =>
  new Problem({
    code: 'host-key-moved',
    summary: `${host} shows another host key than when the plan was made`,
    host,
    seen: `${keys.now} (now)`,
    wanted: `${keys.before} (then)`,
    help: 'find out whether it is the same node, set up anew; if so, make the plan again',
    exit: exitCodes.drift,
  })
