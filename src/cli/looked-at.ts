// Acts whose end nobody knew, and of which a person now says what they found on the node.
import { addressOf } from '../model/address.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { type Outline, outlinedHandlers, outlinedSteps } from '../plan/outline.ts'
import { didYouMean } from '../text/did-you-mean.ts'

export type LookedAt = { readonly again?: readonly string[]; readonly done?: readonly string[] }

/** @throws {Problem} `step-unknown` where an address is none of this run. */
export const lookedAt = (outline: Outline, { again = [], done = [] }: LookedAt) => {
  const known = [...outlinedSteps(outline), ...outlinedHandlers(outline)].map(addressOf)
  const [stranger] = [...again, ...done].filter(address => !known.includes(address))
  if (stranger === undefined) return { again: new Set(again), takenAsDone: new Set(done) }
  throw new Problem({
    code: 'step-unknown',
    summary: `No step of this run is ${stranger}`,
    wanted: 'a step with its node, such as install/installer@node2',
    state: 'nothing was begun',
    help: didYouMean(stranger, known) ?? 'the problem that asked for a person names it',
    exit: exitCodes.input,
  })
}
