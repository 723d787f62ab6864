// One command in a shell that goes on living: how it is wrapped, and how its answer is cut out of the streams.
import { randomUUID } from 'node:crypto'
import type { CommandResult } from '../shell/host-shell.ts'
import { quoteWord } from '../shell/quote.ts'
import { MarkerReader } from './marker-reader.ts'

export type Frame = {
  /** What to send to the shell. */
  readonly text: string
  /** Takes a piece of a stream. @returns What stands behind the end of the answer; nothing while it goes on. */
  hear(stream: 'stdout' | 'stderr', piece: Buffer): Buffer | undefined
  /** The answer, when both streams are through. */
  result(): CommandResult | undefined
  /** Bytes that came so far. */
  readonly size: () => number
}

/**
 * Wraps a script into a frame.
 *
 * The script runs by `eval` in a subshell: a syntax error, `exit`, `set -e`, `cd`, a trap or a variable end with it.
 * Each stream carries a random marker before and after, which the script never sees; so no output can pass for the end.
 *
 * @param input Shell code that writes the command's input, or a redirection; without it stdin is empty.
 */
export const frame = (script: string, input?: string): Frame => {
  const [begin, end] = [marker(), marker()]
  const body = `( eval ${quoteWord(script)} )`
  const fed = input === undefined ? `${body} </dev/null` : `${input} 2>/dev/null | ${body}`
  const text = `echo ${begin}; echo ${begin} >&2; ${fed}; echo ${end} $?; echo ${end} >&2\n`
  return { text, ...frameReader(begin, end) }
}

/** The same for a `sh` that does nothing else: the script reads that shell's own stdin. */
export const soleFrame = (script: string): Frame => {
  const [begin, end] = [marker(), marker()]
  const text = `echo ${begin}; echo ${begin} >&2; ( eval ${quoteWord(script)} ); echo ${end} $?; echo ${end} >&2`
  return { text, ...frameReader(begin, end) }
}

/** Shell code that writes a text. `printf` is part of the shell, so no process list shows it. */
export const printing = (text: string): string => `printf %s ${quoteWord(text)}`

/** Of 122 random bits, which Node.js keeps in store: bytes asked for one by one cost a call each. */
const marker = (): string => randomUUID().replaceAll('-', '')

const frameReader = (begin: string, end: string): Omit<Frame, 'text'> => {
  const streams = { stdout: new Section(begin, end, exitStatus), stderr: new Section(begin, end, nothing) }
  return {
    size: () => streams.stdout.size + streams.stderr.size,
    hear: (stream, piece) => streams[stream].feed(piece),
    result() {
      const [stdout, stderr] = [streams.stdout.found, streams.stderr.found]
      return stdout && stderr
        ? { exitCode: Number(stdout.said), stdout: `${stdout.before}`, stderr: `${stderr.before}` }
        : undefined
    },
  }
}

const exitStatus = /^\d{1,3}$/
const nothing = /^$/

/** What lies between two markers of one stream. What a daemon of an earlier frame says before the first is dropped. */
class Section {
  readonly #begin: MarkerReader
  readonly #end: MarkerReader
  #hasBegun = false
  found: ReturnType<MarkerReader['feed']>

  constructor(begin: string, end: string, said: RegExp) {
    this.#begin = new MarkerReader(begin, nothing)
    this.#end = new MarkerReader(end, said)
  }

  get size(): number {
    return this.#begin.size + this.#end.size
  }

  /** @returns What stands behind it. */
  feed(piece: Buffer): Buffer | undefined {
    if (this.#hasBegun) return this.#hearEnd(piece)
    const begun = this.#begin.feed(piece)
    if (!begun) return undefined
    this.#hasBegun = true
    return this.#hearEnd(begun.after)
  }

  #hearEnd(piece: Buffer): Buffer | undefined {
    this.found = this.#end.feed(piece)
    return this.found?.after
  }
}
