// How things stand after an `apply` that failed: what of its changes was made is looked at, not concluded.
import type { Answer } from '../model/answer.ts'
import { type Change, nameOf } from '../model/change.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { canonicalJson } from '../text/canonical.ts'
import { type CheckOptions, checkStep } from './check.ts'

/** The error with its state, where it has none of its own and can have one. */
export const withStanding = async (
  error: unknown,
  options: CheckOptions,
  intended: readonly Change[],
): Promise<unknown> => {
  if (!(error instanceof Problem) || error.fields.state !== undefined || error.exit === exitCodes.unknown) return error
  return error.with({ state: await findStanding(options, intended) })
}

const findStanding = async (options: CheckOptions, intended: readonly Change[]): Promise<string> => {
  const { step } = options
  if (step.task.opaque || intended.length === 0)
    return `the step \`${step.name}\` had begun: only its own words tell what it did until then`
  try {
    const { answer } = await checkStep({ ...options, justDone: false })
    return tellStanding(intended, answer)
  } catch {
    return 'how far it came is not known: the look at it failed too'
  }
}

const tellStanding = (intended: readonly Change[], answer: Answer): string => {
  if (answer.type === 'same') return 'all the same it is now as it should be'
  if (answer.type === 'unknown') return `how far it came cannot be told: ${answer.until}`
  const open = intended.filter(change => answer.changes.some(left => isSameChange(left, change)))
  if (open.length === intended.length) return 'nothing of it was done'
  const made = intended.filter(change => !open.includes(change))
  return [`begun: ${names(made)}`, ...(open.length > 0 ? [`not done: ${names(open)}`] : [])].join('; ')
}

const isSameChange = (one: Change, other: Change): boolean =>
  nameOf(one) === nameOf(other) && canonicalJson(one.before) === canonicalJson(other.before)

const names = (changes: readonly Change[]): string => changes.map(nameOf).join(', ')
