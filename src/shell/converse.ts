// Carries out a dialogue with a real program on a terminal, by a real clock.
import { setImmediate } from 'node:timers/promises'
import { isOutOfReach, Problem } from '../model/problem.ts'
import type { Captured, Dialogue, DialogueAction, DialogueInput, Prompt, TranscriptEntry, Voice } from './dialogue.ts'
import { beginDialogue, type DialogueState, hear, nextLook, type Part, transcriptOf } from './dialogue-machine.ts'
import { otherDialogue, tooLong } from './dialogue-problems.ts'
import type { HostShell, Terminal, Typed } from './host-shell.ts'

export type ConverseOptions = Voice & {
  /** Longest time from start to end; no limit unless told. */
  readonly withinMs?: number
  /** Awaited before an answer is typed, so that it can be written down first. */
  readonly onAnswer?: (prompt: Prompt) => Promise<void> | void
  /** Gives a new connection to the node, where the terminal's is lost: a program that nobody hears may go on. */
  readonly reconnect?: () => Promise<HostShell>
  /** Hears of each turn when it is complete, also of those before a failure. Secrets are masked. */
  readonly onEntry?: (entry: TranscriptEntry) => void
}

export type Conversation = {
  readonly exitCode: number
  readonly transcript: readonly TranscriptEntry[]
  readonly captured: Captured
}

/**
 * Answers a program until it ends.
 *
 * When the dialogue fails the program is ended, on the node, before this rejects. Exit status other than 0 is an answer.
 * A program that outlives its connection is left alone when that is lost, and what was typed to it before is not typed
 * again: the dialogue goes on behind it.
 *
 * @throws {Problem} `prompt-unknown`, `prompt-out-of-order`, `dialogue-changed`, `prompt-repeated`, `capture-missed`, `dialogue-silent`,
 *   `dialogue-ended-early`, `dialogue-too-long`, `connection-lost`, and what the callbacks throw.
 */
export const converse = async (
  terminal: Terminal,
  dialogue: Dialogue,
  options: ConverseOptions,
): Promise<Conversation> => {
  const scene = { terminal, part: { dialogue, voice: options }, options, inbox: listen(terminal) }
  const notes = taker(options)
  let state = beginDialogue(performance.now())
  const keep = (next: DialogueState) => {
    state = next
    notes.take(state.entries)
    return state
  }
  try {
    const exitCode = await talk(scene, state, keep)
    const transcript = transcriptOf(state)
    notes.take(transcript)
    return { exitCode, transcript, captured: state.captured }
  } catch (error) {
    const ended = goesOn(terminal, error) ? onItsOwn : await endProgram(terminal, options)
    for (const input of scene.inbox.rest()) if (input.type === 'output') state = hear(scene.part, state, input).state
    notes.take(transcriptOf(state))
    throw error instanceof Problem ? withState(error, ended) : error
  }
}

type Scene = {
  readonly terminal: Terminal
  readonly part: Part
  readonly options: ConverseOptions
  readonly inbox: Inbox
}

/** Turn by turn, until the program has ended; each state is kept, for what comes after a failure. */
const talk = async (
  scene: Scene,
  begin: DialogueState,
  keep: (state: DialogueState) => DialogueState,
): Promise<number> => {
  const { part, inbox, options } = scene
  const deadline = performance.now() + (options.withinMs ?? Number.POSITIVE_INFINITY)
  let state = begin
  for (const typed of scene.terminal.typedBefore ?? []) state = keep(await goAlong(scene, state, typed))
  for (;;) {
    const input = await inbox.next(Math.min(deadline, nextLook(part, state) ?? deadline))
    const step = hear(part, state, input)
    state = keep(step.state)
    if (step.action?.type === 'failed') throw step.action.problem
    if (step.action?.type === 'ended') return step.action.exitCode
    if (step.action?.type === 'answer') state = keep(await answer(scene, state, step.action))
    if (performance.now() >= deadline) throw tooLong({ part, state, due: [] }, options.withinMs ?? 0)
  }
}

/** Goes over what was shown and typed before: the same screen asks the same thing. */
const goAlong = async ({ part, inbox }: Scene, begin: DialogueState, typed: Typed): Promise<DialogueState> => {
  let state = begin
  while (inbox.shown() < typed.shown) {
    const input = await inbox.next(Number.POSITIVE_INFINITY)
    const { state: next, action } = hear(part, state, input)
    state = next
    if (action) throw otherDialogue({ part, state, due: [] }, typed.prompt)
  }
  // It waited then, so it is looked at without waiting now, and a hair later: a sum of two times may be less than both.
  const rested = (nextLook(part, { ...state, lookedAt: Number.NEGATIVE_INFINITY }) ?? state.heardAt) + 1
  const asked = hear(part, state, { type: 'tick', at: rested })
  if (asked.action?.type !== 'answer' || asked.action.prompt.name !== typed.prompt)
    throw otherDialogue({ part, state, due: [] }, typed.prompt)
  const answered = hear(part, asked.state, { type: 'answered', at: performance.now() })
  return { ...answered.state, lookedAt: state.lookedAt }
}

type Answer = Extract<DialogueAction, { type: 'answer' }>

/** Has the answer written down, then types it, unless the program went on talking in between. */
const answer = async (scene: Scene, state: DialogueState, { prompt, text }: Answer): Promise<DialogueState> => {
  const { terminal, part, options, inbox } = scene
  await options.onAnswer?.(prompt)
  await setImmediate()
  if (inbox.hasMore()) return state
  const sent = terminal.write(text, { prompt: prompt.name, shown: inbox.shown() })
  const next = hear(part, state, { type: 'answered', at: performance.now() })
  await sent
  return next.state
}

type Inbox = {
  /** The next input; a tick when nothing came until then. */
  next(until: number): Promise<DialogueInput>
  hasMore(): boolean
  /** How much of the screen has been handed out, in bytes. */
  shown(): number
  rest(): DialogueInput[]
}

const listen = (terminal: Terminal): Inbox => {
  const waiting: { readonly input: DialogueInput; readonly end?: number }[] = []
  let shown = 0
  let wake: (() => void) | undefined
  const put = (input: DialogueInput, end?: number) => {
    waiting.push({ input, ...(end !== undefined && { end }) })
    wake?.()
  }
  terminal.onOutput((text, end) => put({ type: 'output', text, at: performance.now() }, end))
  void terminal.exited.then(exitCode => put({ type: 'exited', exitCode, at: performance.now() }))
  return {
    async next(until) {
      if (waiting.length === 0) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>(resolve => {
          wake = resolve
          if (until !== Number.POSITIVE_INFINITY) timer = setTimeout(resolve, Math.max(0, until - performance.now()))
        })
        clearTimeout(timer)
        // A busy machine lets the timer go off while output already waits to be read.
        await setImmediate()
      }
      const next = waiting.shift()
      shown = next?.end ?? shown
      return next?.input ?? { type: 'tick', at: performance.now() }
    },
    hasMore: () => waiting.length > 0,
    shown: () => shown,
    rest: () => waiting.splice(0).map(({ input }) => input),
  }
}

/** Hands each turn on once; the last one may still grow. */
const taker = ({ onEntry }: ConverseOptions) => {
  let taken = 0
  return {
    take(entries: readonly TranscriptEntry[]) {
      for (const entry of entries.slice(taken)) onEntry?.(entry)
      taken = Math.max(taken, entries.length)
    },
  }
}

const onItsOwn = 'the program goes on by itself; it can be taken up again'

/** Nobody knows what became of the program: to end it now could be to end what goes well. */
const goesOn = ({ typedBefore }: Terminal, error: unknown): boolean => typedBefore !== undefined && isOutOfReach(error)

const endProgram = async (terminal: Terminal, { reconnect }: ConverseOptions): Promise<string> => {
  try {
    await terminal.end()
    const exitCode = await terminal.exited
    return `the program has ended (exit status ${exitCode ?? 'unknown'})`
  } catch {
    return reconnect ? endElsewhere(terminal, reconnect) : notKnown
  }
}

const notKnown = 'whether the program still runs is not known'

const endElsewhere = async (terminal: Terminal, reconnect: () => Promise<HostShell>): Promise<string> => {
  try {
    await terminal.end(await reconnect())
    return 'over a new connection it was made sure that the program has ended'
  } catch {
    return notKnown
  }
}

const withState = (problem: Problem, ended: string): Problem => {
  if (problem.code === 'dialogue-ended-early') return problem
  const { state } = problem.fields
  return new Problem({ ...problem.fields, state: state ? `${state}; ${ended}` : ended })
}
