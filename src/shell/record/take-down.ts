// A person answers a program on a terminal; what stood on the screen and what was typed to it is taken down, turn by turn.
//
// The person's keys go to the program as they are. Enter waits until it was seen what the terminal shows of the answer,
// since what it does not show is a secret; and until the answer is written down.
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../model/problem.ts'
import { reveal, Secret } from '../../model/secret.ts'
import { asksForSecret } from '../../text/asks-for-secret.ts'
import type { TranscriptEntry } from '../dialogue.ts'
import type { Terminal } from '../host-shell.ts'
import { redactEchoed } from '../redact.ts'
import { blankScreen, type Screen, screenText, writeScreen } from '../screen.ts'
import { redrawnEcho } from './redrawn.ts'
import { type Edited, edit, nothingTyped, shownOf } from './typing.ts'

/** One answer of the person. */
export type Turn = {
  /** What was shown since the answer before; the prompt stands at its end. */
  readonly shown: string
  readonly answer: string | Secret
  /** It was one key, and the program did not wait for Enter. */
  readonly press: boolean
}

/** The person at the terminal. */
export type Hand = {
  /** Calls back with each key; those that came before are handed on at once. */
  onKey(listener: (key: string) => void): void
  /** Resolves when nobody is there any more. */
  readonly gone: Promise<void>
  show(text: string): void
}

export type TakingDown = {
  /** Those that are known; an answer that holds one is one. */
  readonly secrets: readonly Secret[]
  /** Hears of a secret before Enter is typed behind it. */
  onSecret(secret: Secret): void
  /**
   * Awaited before the first key of an answer goes to the program. Which key it is cannot be told by then: whether the
   * terminal shows it, or it is the beginning of a secret, is seen only behind it.
   */
  onTyping(prompt: string): void
  /** Awaited before Enter is typed; for a key that the program took without one, as soon as that is seen. */
  onAnswer(prompt: string, answer: string | Secret): void
  onEntry(entry: TranscriptEntry): void
}

export type TakenDown = {
  readonly exitCode: number
  readonly turns: readonly Turn[]
  readonly transcript: readonly TranscriptEntry[]
  /** The program was answered by somebody before; that is not among the turns. */
  readonly isTakenUp: boolean
}

/** The key that ends the program, as other programs that hand keys on have it. */
export const leaveKey = '\x1d'

/**
 * @throws {Problem} `recording-left` where the person goes away: then the program is ended on the node.
 *   `connection-lost`: then it may go on by itself.
 */
export const takeDown = async (terminal: Terminal, hand: Hand, options: TakingDown): Promise<TakenDown> => {
  const session = createSession(terminal, hand, options)
  const keys: (string | 'gone')[] = []
  let wake = () => {}
  const push = (key: string) => {
    keys.push(key)
    wake()
  }
  let exit: { readonly code: number | null } | undefined
  hand.onKey(push)
  void hand.gone.then(() => push(leaveKey))
  void terminal.exited.then(code => {
    exit = { code }
    wake()
  })
  for (;;) {
    const key = exit ? undefined : keys.shift()
    if (key === leaveKey) throw await left(terminal)
    if (key !== undefined)
      await session.type(key, {
        isEnded: () => exit !== undefined,
        isInterrupted: () => keys.some(each => interrupts.includes(each)),
      })
    else if (exit) break
    else
      await new Promise<void>(resolve => {
        wake = resolve
        if (keys.length > 0 || exit) resolve()
      })
  }
  const { code } = exit
  session.end()
  if (code === null) throw lost(terminal)
  return { exitCode: code, ...session.taken(), isTakenUp: (terminal.typedBefore ?? []).length > 0 }
}

const settleMs = 150
/** How long is waited for the program to show what was typed, or to go on. */
const echoMs = 1000
/** How long a terminal that shows what is typed may take to. */
const lateMs = 3000
/** How long keys that were typed ahead wait for the program to come to rest. */
const aheadMs = 3000
/** A line that the program has ended is seldom a prompt; it is taken for one where it stands so long. */
const endedLineMs = 1500
/** How long they wait where nothing was said at all: nobody can tell by what such an answer would be known again. */
const saysNothingMs = 60_000
/** What a person types to be rid of a program does not wait. */
const interrupts = ['\x03', '\x1a', '\x1c', leaveKey]

type Meanwhile = {
  isEnded(): boolean
  /** The person wants to be rid of it: nothing is waited for. */
  isInterrupted(): boolean
}

const createSession = (terminal: Terminal, hand: Hand, options: TakingDown) => {
  const turns: Turn[] = []
  const transcript: TranscriptEntry[] = []
  const secrets: Secret[] = [...options.secrets]
  let screen: Screen = blankScreen
  /** What was shown since the first key of the answer at hand. */
  let since: Screen = blankScreen
  let before: Screen | undefined
  let typed: Edited = nothingTyped
  let heardAt = performance.now()
  /** Until it is seen what the terminal shows of it. */
  let firstKeyAt: number | undefined
  let slowestEchoMs = 0
  /** A slow line shows late what it shows: it would be taken for a secret. */
  const patienceMs = () => Math.max(echoMs, 4 * slowestEchoMs)
  terminal.onOutput(text => {
    heardAt = performance.now()
    screen = writeScreen(screen, text)
    since = writeScreen(since, text)
    if (firstKeyAt !== undefined && echoed() !== '') {
      slowestEchoMs = Math.max(slowestEchoMs, heardAt - firstKeyAt)
      firstKeyAt = undefined
    }
    hand.show(text)
  })

  const note = (entry: TranscriptEntry) => {
    transcript.push(entry)
    options.onEntry(entry)
  }
  const noteShown = (shown: Screen) => {
    const text = redactEchoed(screenText(shown), secrets)
    if (text !== '') note({ type: 'shown', text })
  }
  const isQuiet = () => performance.now() - heardAt >= settleMs
  /** What a page that was drawn anew shows of the answer at hand. */
  let redrawn: string | undefined
  const hasMoved = () => before !== undefined && (screen.above !== before.above || !screen.line.startsWith(before.line))
  /** The program went on without Enter: it broke the line, or wrote over the prompt. */
  const wentOn = () => redrawn === undefined && hasMoved()
  const echoed = () => redrawn ?? (before ? shownOf(before.line, screen) : '')
  let pressed: Pressed | undefined

  const until = async (isSo: () => boolean, withinMs: number, isOver: () => boolean) => {
    for (const end = performance.now() + withinMs; performance.now() < end && !isSo() && !isOver(); ) await sleep(10)
  }

  const isAsking = () => performance.now() - heardAt >= (screen.line.trim() === '' ? endedLineMs : settleMs)
  const hasSaid = () => screenText(screen).trim() !== ''

  const begin = async (isOver: () => boolean) => {
    await until(hasSaid, saysNothingMs, isOver)
    await until(isAsking, aheadMs, isOver)
    before = screen
    since = blankScreen
    noteShown(before)
  }

  const keep = (answer: string | Secret, press: boolean) => {
    const shown = screenText(before ?? screen)
    const prompt = lastLine(shown)
    const masked = answer instanceof Secret
    if (masked) {
      secrets.push(answer)
      options.onSecret(answer)
    }
    options.onAnswer(redactEchoed(prompt, secrets), answer)
    note({ type: 'typed', prompt: redactEchoed(prompt, secrets), text: masked ? String(answer) : answer })
    turns.push({ shown, answer, press })
  }

  const next = (shown: Screen) => {
    screen = shown
    before = undefined
    redrawn = undefined
    firstKeyAt = undefined
    since = blankScreen
    typed = nothingTyped
  }

  const asSecret = (text: string): string | Secret => {
    const isKnown = secrets.some(secret => reveal(secret) !== '' && text.includes(reveal(secret)))
    return isKnown ? new Secret('typed', text) : text
  }

  /** A page that is drawn anew with one sign more is an echo like any other. */
  const settleRedrawn = async (isOver: () => boolean) => {
    if (before === undefined || !hasMoved() || (redrawn === undefined && typed.keys !== 1)) return
    const page = before
    await until(
      () => isQuiet() && redrawnEcho(page, since) !== undefined,
      echoMs / (redrawn === undefined ? 3 : 1),
      isOver,
    )
    const echo = redrawnEcho(page, since)
    if (echo === undefined) return
    redrawn = echo
    since = blankScreen
  }

  const keepPress = () => {
    const key = typed.text || typed.last
    pressed = pressedAt(lastLine(screenText(before ?? screen)), pressed)
    keep(pressed.isKeywise ? new Secret('typed', key) : key, true)
  }

  /** One key that the program took without Enter is an answer of its own. */
  const settlePress = async (isOver: () => boolean) => {
    if (typed.keys === 1 && redrawn === undefined) await until(() => wentOn() || echoed() !== '', echoMs / 2, isOver)
    await settleRedrawn(isOver)
    if (typed.keys !== 1 || !wentOn()) return
    keepPress()
    next(since)
    await begin(isOver)
  }

  /** Waits for the answer to be seen. @returns Whether the terminal shows it for certain, however late that is. */
  const untilSeen = async (isOver: () => boolean) => {
    const isThere = () => echoed() === typed.text
    await until(() => isThere() && isQuiet(), patienceMs(), isOver)
    if (isThere() || isOver() || !(await terminal.showsTyped?.().catch(() => undefined))) return false
    await until(() => isThere() && isQuiet(), lateMs, isOver)
    return true
  }

  const finish = async (isOver: () => boolean) => {
    pressed = undefined
    await settleRedrawn(isOver)
    const isShown = typed.keys > 0 && (await untilSeen(isOver))
    const seen = echoed()
    const isSeen = typed.isPlain ? isShown || seen === typed.text : seen !== '' && !/^[*•.]+$/.test(seen)
    const text = typed.isPlain ? typed.text : isSeen ? seen : typed.text
    const isAskedFor = asksForSecret(lastLine(screenText(before ?? screen)), text)
    keep((isSeen || text === '') && !isAskedFor ? asSecret(text) : new Secret('typed', text), false)
    next(blankScreen)
  }

  return {
    async type(key: string, { isEnded, isInterrupted }: Meanwhile) {
      const isOver = () => isEnded() || interrupts.includes(key) || isInterrupted()
      if (before === undefined) await begin(isOver)
      else await settlePress(isOver)
      if (isEnded()) return
      const isEnter = key === '\r' || key === '\n'
      const about = { prompt: redactEchoed(lastLine(screenText(before ?? screen)), secrets), shown: 0 }
      if (typed.keys === 0 && !isEnter) options.onTyping(about.prompt)
      if (isEnter) {
        await finish(isOver)
        heardAt = performance.now()
      } else {
        if (typed.keys === 0) firstKeyAt = performance.now()
        typed = edit(typed, key)
      }
      await terminal.write(key, about)
    },
    end() {
      if (before && typed.keys === 1) keepPress()
      noteShown(before ? since : screen)
    },
    taken: () => ({ turns, transcript }),
  }
}

type Pressed = { readonly prompt: string; readonly isKeywise: boolean }

/**
 * A text that a program takes key by key looks like one answer after the other; each prompt is the one before, with a
 * sign more. What it is cannot be seen, so it may be a secret.
 */
const pressedAt = (prompt: string, last: Pressed | undefined): Pressed => ({
  prompt,
  isKeywise:
    last !== undefined && (last.isKeywise || (prompt.length > last.prompt.length && prompt.startsWith(last.prompt))),
})

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? ''

const left = async (terminal: Terminal): Promise<Problem> => {
  const state = await terminal.end().then(
    () => 'the program was ended on the node',
    () => 'whether the program still runs is not known',
  )
  return new Problem({
    code: 'recording-left',
    summary: 'The program was left before it came to its end',
    state: `${state}; no dialogue was written`,
    help: 'look at what it has done so far; then record it again',
  })
}

const lost = (_terminal: Terminal): Problem =>
  new Problem({
    code: 'connection-lost',
    summary: 'The connection went away while the program was answered by hand',
    state: 'the program may go on by itself; no dialogue was written',
    help: 'look on the node; to take the program up where it stands, record it again',
    exit: 7,
  })
