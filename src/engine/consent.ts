// A person's word before each step that is due: yes, skip it, all from here on, or stop the run.
import { addressOf } from '../model/address.ts'
import type { EventBody, RunEvent } from '../model/events.ts'
import { dueInWords } from '../report/index.ts'
import type { Person } from '../task/person.ts'
import { canonicalJson } from '../text/canonical.ts'
import { either } from '../text/words.ts'

export type StepDue = Omit<Extract<EventBody, { type: 'step-asked' }>, 'type'>

export type Consent = {
  /** Who is asked: `user@controller`. */
  readonly by: string
  /**
   * Shows what a step would do, and waits for the word; at once where it was given for the same already.
   *
   * A person who goes away instead of answering has said stop.
   */
  ask(due: StepDue): Promise<'yes' | 'skip' | 'stop'>
  isStopped(): boolean
}

export type ConsentOptions = {
  readonly by: string
  readonly person: Person
  /** The person hears what is shown. */
  readonly isSpoken?: boolean
  /** @returns The event as it was written: what a person is shown is what the journal has. */
  emit(event: EventBody): RunEvent
  /** Set by Ctrl-C, which tells of itself. */
  isStopping(): boolean
}

const words = ['yes', 'skip', 'all', 'stop'] as const
type Word = (typeof words)[number]

export const createConsent = ({ by, person, isSpoken = false, emit, isStopping }: ConsentOptions): Consent => {
  const agreed = new Map<string, string>()
  let isForAll = false
  let isStopped = false
  let last: Promise<unknown> = Promise.resolve()

  const listen = async (due: StepDue): Promise<Word> => {
    const asked = emit({ type: 'step-asked', ...due })
    if (asked.type !== 'step-asked') return 'stop'
    const question = { ...dueInWords(asked, isSpoken), prompt: `${either(words)}: ` }
    for (;;) {
      const said = await person.ask(question)
      const word = said === undefined ? 'stop' : meantBy(said)
      if (!word) continue
      const { step, host } = due
      if (said !== undefined) emit({ type: 'prompt-answered', step, host, prompt: either(words), answer: word })
      if (word === 'stop') await tellStopped(said)
      return word
    }
  }

  const tellStopped = async (said: string | undefined): Promise<void> => {
    isStopped = true
    // Ctrl-C ends the question first, and is heard of in the next turn of the loop.
    await new Promise(resolve => setTimeout(resolve, 50))
    if (!isStopping()) emit({ type: 'run-interrupted', signal: said === undefined ? `${by} went away` : by })
  }

  const decide = async (due: StepDue): Promise<'yes' | 'skip' | 'stop'> => {
    if (isStopped || isStopping()) return 'stop'
    if (isForAll || agreed.get(addressOf(due)) === madeBy(due)) return 'yes'
    const word = await listen(due)
    isForAll ||= word === 'all'
    if (word === 'yes') agreed.set(addressOf(due), madeBy(due))
    return word === 'all' ? 'yes' : word
  }

  return {
    by,
    isStopped: () => isStopped,
    ask(due) {
      // Several nodes may be due at once; who has said all or stop to one of them is not asked for the others.
      const answer = last.then(() => decide(due))
      last = answer.catch(() => {})
      return answer
    },
  }
}

/** The word that begins so, where it is only one: `s` could be skip and stop. */
const meantBy = (said: string): Word | undefined => {
  const begun = said.trim().toLowerCase()
  const meant = words.filter(word => begun !== '' && word.startsWith(begun))
  return meant.length === 1 ? meant[0] : undefined
}

/** What it would make. What is there before may be seen better once a hold is taken; that is no other deed. */
const madeBy = ({ changes }: StepDue): string =>
  canonicalJson(changes.map(({ kind, key, after }) => [kind, key, after]))
