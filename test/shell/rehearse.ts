// Plays a dialogue by a clock of its own: what the program says and how long it is quiet, as data.
import type { Problem } from '../../src/model/problem.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import type { Captured, Dialogue, TranscriptEntry, Voice } from '../../src/shell/dialogue.ts'
import { beginDialogue, hear, nextLook, transcriptOf } from '../../src/shell/dialogue-machine.ts'

/** A text is said at once, a number is a silence in milliseconds, and then it may end. */
export type Cue = string | number | { readonly exit: number | null }

export type Rehearsal = {
  /** All that was typed, with `\r` where Enter was pressed. */
  readonly typed: readonly string[]
  /** How it came out: an exit status, the code of a Problem, or still going on. */
  readonly outcome: number | string
  readonly problem?: Problem
  readonly captured: Captured
  readonly transcript: readonly TranscriptEntry[]
}

/** Answers with the text of the prompt itself unless a voice is given. */
export const rehearse = (dialogue: Dialogue, cues: readonly Cue[], voice: Partial<Voice> = {}): Rehearsal => {
  const part = { dialogue, voice: { answerOf: ({ answer = '' }: { answer?: string }) => answer, ...voice } }
  const typed: string[] = []
  let at = 0
  let state = beginDialogue(at)
  let outcome: number | string = 'going on'
  let problem: Problem | undefined
  const tell = (input: Parameters<typeof hear>[2]) => {
    const { state: next, action } = hear(part, state, input)
    state = next
    if (action?.type === 'ended') outcome = action.exitCode
    if (action?.type === 'failed') [problem, outcome] = [action.problem, action.problem.code]
    if (action?.type !== 'answer') return
    typed.push(action.text instanceof Secret ? reveal(action.text) : action.text)
    tell({ type: 'answered', at })
  }
  const passTime = (until: number) => {
    for (let next = nextLook(part, state); next !== undefined && next <= until; next = nextLook(part, state)) {
      at = Math.max(at, next)
      tell({ type: 'tick', at })
    }
    at = until
  }
  for (const cue of cues) {
    if (typeof cue === 'string') tell({ type: 'output', text: cue, at })
    else if (typeof cue === 'number') passTime(at + cue)
    else tell({ type: 'exited', exitCode: cue.exit, at })
  }
  return { typed, outcome, problem, captured: state.captured, transcript: transcriptOf(state) }
}
