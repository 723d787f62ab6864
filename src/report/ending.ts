// How a step ended, in one line: what it did where it did something, else why it did nothing.
import { asSign, inWords, type TellSign } from './changes.ts'
import { plural } from './counts.ts'
import type { StepEnded } from './state.ts'

/** Why a step was due reads like a fault behind the sign of one that went well; so that is left to `-v`. */
export const endingOf = (
  { outcome, because, changes, problem, told }: StepEnded,
  tellSign: TellSign = asSign,
): string => {
  if (problem) return problem.summary
  if (told !== undefined) return told
  return outcome === 'changed' ? tellDone(changes, tellSign) || because : because
}

/** `+ file /etc/hosts, ~ service ntp`; an act is done, and all that stays of it is its receipt. */
const tellDone = (changes: StepEnded['changes'], tellSign: TellSign): string => {
  const [first, second, ...more] = changes.filter(({ kind }) => kind !== 'act').map(inWords)
  if (!first) return tellAct(changes)
  const named = [first, ...(second ? [second] : [])].map(({ sign, name }) => `${tellSign(sign)} ${name}`)
  return [...named, ...(more.length > 0 ? [`${plural(more.length, 'change')} more`] : [])].join(', ')
}

/** Taken back, an act is as if it had not been done: nothing says so any more. */
const tellAct = ([act]: StepEnded['changes']): string => {
  if (act === undefined) return ''
  return act.after === 'done' ? 'done; its receipt says so from now on' : 'its receipt is taken away'
}
