// The dialogue as a pure state machine: told what was said and what time it is, it says what to type, or why not.
//
// Nothing is typed blind: an answer goes out only when the output has come to rest and a prompt that is due stands at
// its end. Whatever else the program says or does ends the dialogue with a Problem.
import { reveal, Secret } from '../model/secret.ts'
import { TooSlow, withinTime } from '../text/bounded.ts'
import { captureFrom } from './capture.ts'
import type { Captured, Dialogue, DialogueAction, DialogueInput, Prompt, TranscriptEntry, Voice } from './dialogue.ts'
import {
  captureMissed,
  connectionGone,
  endedEarly,
  outOfOrder,
  patternTooSlow,
  repeated,
  silent,
  timesAnswered,
  tooMuchSaid,
  unknownPrompt,
} from './dialogue-problems.ts'
import { standsAtEnd } from './prompt-match.ts'
import { redactEchoed } from './redact.ts'
import { blankScreen, type Screen, screenText, writeScreen } from './screen.ts'

export type DialogueState = {
  readonly phase: 'listening' | 'answering' | 'over'
  /** What was shown since the last answer. */
  readonly screen: Screen
  /** When the program last said something, or was last answered. */
  readonly heardAt: number
  /** When the machine last looked whether the program waits. */
  readonly lookedAt: number
  /** Index of the prompt that was answered last; -1 before the first. */
  readonly last: number
  /** How often that one was answered in a row. */
  readonly times: number
  /** How many answers were given in all. */
  readonly answers: number
  /** The prompt that is being answered. */
  readonly asked?: Asked
  readonly captured: Captured
  readonly entries: readonly TranscriptEntry[]
  readonly secrets: readonly Secret[]
  /** What the terminal will show of the last answer, first of all. */
  readonly echo: string
}

type Asked = { readonly index: number; readonly captured: Captured; readonly text: string | Secret }

/** What a prompt may at most reach over, in characters: a program can say megabytes before it asks. */
const longestPrompt = 65_536

/** A dialogue together with the meaning of its answers. */
export type Part = { readonly dialogue: Dialogue; readonly voice: Voice }

export type Step = { readonly state: DialogueState; readonly action?: DialogueAction }

export const beginDialogue = (at: number): DialogueState => ({
  phase: 'listening',
  screen: blankScreen,
  heardAt: at,
  lookedAt: at,
  last: -1,
  times: 0,
  answers: 0,
  captured: {},
  entries: [],
  secrets: [],
  echo: '',
})

/** One step of the dialogue. Once it is over it stays so. */
export const hear = (part: Part, state: DialogueState, input: DialogueInput): Step => {
  if (state.phase === 'over') return { state: input.type === 'output' ? shown(state, input.text) : state }
  switch (input.type) {
    case 'output':
      // Output while an answer is under way takes the question back: the program did not wait.
      return told(part, { ...shown(state, input.text), phase: 'listening', asked: undefined, heardAt: input.at })
    case 'answered':
      return { state: answered(part, state, input.at) }
    case 'exited':
      return over(state, ending(part, state, input.exitCode))
    case 'tick':
      return state.phase === 'answering' ? { state } : lookInTime(part, { ...state, lookedAt: input.at })
  }
}

/** A program that does not stop talking would fill the memory of this machine. */
const mostShown = 16 * 2 ** 20

const told = (part: Part, state: DialogueState): Step =>
  state.screen.above.length <= mostShown
    ? { state }
    : over(state, failed(tooMuchSaid({ part, state, due: duePrompts(part, state) }, mostShown)))

/** When the machine wants to be told the time next, which may be now; undefined when only the program can move it. */
export const nextLook = (part: Part, state: DialogueState): number | undefined => {
  if (state.phase !== 'listening') return undefined
  const { settleMs } = timesOf(part)
  return [settleMs, strayMs(part), patienceMs(part, state, duePrompts(part, state))]
    .map(quietMs => state.heardAt + quietMs)
    .filter(time => time > state.lookedAt)
    .sort((one, other) => one - other)[0]
}

/** The whole transcript so far, secrets masked. */
export const transcriptOf = ({ entries, screen, secrets }: DialogueState): readonly TranscriptEntry[] => {
  const text = redactEchoed(screenText(screen), secrets)
  return text === '' ? entries : [...entries, { type: 'shown', text }]
}

const shown = (state: DialogueState, text: string): DialogueState => ({
  ...state,
  screen: writeScreen(state.screen, text),
})

const lookInTime = (part: Part, state: DialogueState): Step => {
  try {
    return look(part, state)
  } catch (error) {
    if (!(error instanceof SlowPrompt)) throw error
    return over(state, failed(patternTooSlow({ part, state, due: [error.index] }, error.index)))
  }
}

const look = (part: Part, state: DialogueState): Step => {
  const quietMs = state.lookedAt - state.heardAt
  if (quietMs < timesOf(part).settleMs) return { state }
  const due = duePrompts(part, state)
  const scene = { part, state, due }
  const seen = bestMatch(part, [...due, ...others(part, due)], screenText(state.screen).slice(-longestPrompt))
  if (seen !== undefined && due.includes(seen)) return ask(part, state, seen)
  if (seen !== undefined && quietMs >= strayMs(part))
    return over(state, failed(timesAnswered(scene, seen) > 0 ? repeated(scene, seen) : outOfOrder(scene, seen)))
  if (quietMs < patienceMs(part, state, due)) return { state }
  return over(state, failed((state.screen.line.trim() === '' ? silent : unknownPrompt)(scene, quietMs)))
}

const ask = (part: Part, state: DialogueState, index: number): Step => {
  const prompt = promptAt(part, index)
  const { capture } = prompt
  const fresh = capture && tried(index, () => withinTime(() => captureFrom(capture, sinceEcho(state))))
  if (prompt.capture && !fresh && !prompt.capture.optional)
    return over(state, failed(captureMissed({ part, state, due: [index] }, index)))
  const captured = { ...state.captured, ...fresh }
  const given = part.voice.answerOf(prompt, captured)
  const answer = prompt.secret && typeof given === 'string' ? new Secret(prompt.name, given) : given
  const text = prompt.press ? answer : withEnter(answer)
  // The secret is known from here on, so that not even an early echo of it is kept.
  const secrets = answer instanceof Secret ? [...state.secrets, answer] : state.secrets
  return {
    state: { ...state, phase: 'answering', asked: { index, captured, text: answer }, secrets },
    action: { type: 'answer', prompt, text },
  }
}

const answered = (part: Part, state: DialogueState, at: number): DialogueState => {
  if (!state.asked) return state
  const { index, captured, text } = state.asked
  const typed: TranscriptEntry = { type: 'typed', prompt: promptAt(part, index).name, text: String(text) }
  return {
    ...state,
    phase: 'listening',
    asked: undefined,
    screen: blankScreen,
    heardAt: at,
    last: index,
    times: index === state.last ? state.times + 1 : 1,
    answers: state.answers + 1,
    captured,
    entries: [...transcriptOf(state), typed],
    echo: text instanceof Secret ? reveal(text) : text,
  }
}

const ending = (part: Part, state: DialogueState, exitCode: number | null): DialogueAction => {
  const due = duePrompts(part, state)
  if (exitCode === null) return failed(connectionGone({ part, state, due }))
  const isMissing = due.some(index => index > state.last && !promptAt(part, index).optional)
  return isMissing ? failed(endedEarly({ part, state, due }, exitCode)) : { type: 'ended', exitCode }
}

/** What may come now: the next ones up to the first that must come, then once more the last one. */
const duePrompts = ({ dialogue: { prompts }, voice }: Part, { last, times, captured }: DialogueState): number[] => {
  const due: number[] = []
  for (const [index, prompt] of prompts.entries()) {
    if (index <= last || voice.applies?.(prompt, captured) === false) continue
    due.push(index)
    if (!prompt.optional) break
  }
  if (last >= 0 && times < (prompts[last]?.repeat ?? 1)) due.push(last)
  return due
}

const others = ({ dialogue }: Part, due: readonly number[]): number[] =>
  [...dialogue.prompts.keys()].filter(index => !due.includes(index))

/** The prompt of which most stands at the end; of equals the first. */
const bestMatch = (part: Part, indexes: readonly number[], text: string): number | undefined => {
  let best: { index: number; length: number } | undefined
  for (const index of indexes) {
    const length = tried(index, () => standsAtEnd(promptAt(part, index).expect, text))
    if (length !== undefined && length > (best?.length ?? 0)) best = { index, length }
  }
  return best?.index
}

/** The pattern of one prompt does not come to its end. */
class SlowPrompt extends Error {
  readonly index: number

  constructor(index: number) {
    super(`the pattern of prompt ${index + 1} is too slow`)
    this.index = index
  }
}

const tried = <Found>(index: number, find: () => Found): Found => {
  try {
    return find()
  } catch (error) {
    throw error instanceof TooSlow ? new SlowPrompt(index) : error
  }
}

const over = (state: DialogueState, action: DialogueAction): Step => ({ state: { ...state, phase: 'over' }, action })

const failed = (problem: Extract<DialogueAction, { type: 'failed' }>['problem']): DialogueAction => ({
  type: 'failed',
  problem,
})

const promptAt = ({ dialogue }: Part, index: number): Prompt => {
  const prompt = dialogue.prompts[index]
  if (!prompt) throw new RangeError(`there is no prompt ${index}`)
  return prompt
}

/** The text since the last answer, without the answer that the terminal shows again. */
const sinceEcho = ({ screen, echo }: DialogueState): string => {
  const text = screenText(screen)
  return echo !== '' && text.startsWith(echo) ? text.slice(echo.length) : text
}

/** A terminal's Enter key is a carriage return. */
const withEnter = (answer: string | Secret): string | Secret =>
  answer instanceof Secret ? new Secret(answer.label, `${reveal(answer)}\r`) : `${answer}\r`

const timesOf = ({ dialogue }: Part) => ({
  settleMs: dialogue.settleMs ?? 150,
  withinMs: dialogue.withinMs ?? 60_000,
  endWithinMs: dialogue.endWithinMs ?? 600_000,
})

/** How long the program may be quiet: as long as the most patient prompt allows that is due. */
const patienceMs = (part: Part, { last }: DialogueState, due: readonly number[]): number => {
  const { withinMs, endWithinMs } = timesOf(part)
  const waits = due.map(index => promptAt(part, index).withinMs ?? withinMs)
  const mayEnd = due.every(index => index <= last || promptAt(part, index).optional)
  return Math.max(...waits, mayEnd ? endWithinMs : 0)
}

/** A line of a report can look like a prompt for a moment; one that stays is a prompt. */
const strayMs = (part: Part): number => Math.min(timesOf(part).settleMs * 10, timesOf(part).withinMs)
