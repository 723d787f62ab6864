// One command in a shell that goes on living: how it is wrapped, and how its answer is cut out of the streams.
import { randomUUID } from 'node:crypto'
import { behindReading } from '../shell/given-text.ts'
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

/** What is to be carried out. `input` is what the command reads; without it stdin is empty. */
export type Framed = { readonly script: string; readonly input?: string | undefined }

/**
 * Wraps scripts into frames, of which the shell carries out one after the other.
 *
 * Each runs by `eval` in a subshell: a syntax error, `exit`, `set -e`, `cd`, a trap or a variable end with it.
 * Each stream carries a random marker before the first and behind each, which no script ever sees; so no output can pass
 * for an end. Where a shell shows on stderr what it reads (`set -v`), it stands before what the second and later ones say
 * there.
 *
 * @param areBehind Others are under way, whose end is the begin of these: the shell has nothing to say in between.
 * @returns One for each, in their order; what to send is the text of all.
 */
export const frames = <F extends Framed>(
  scripts: readonly F[],
  { areBehind = false }: { readonly areBehind?: boolean } = {},
): readonly (Frame & { readonly framed: F })[] => {
  const begin = areBehind ? undefined : marker()
  return scripts.map((framed, at) => {
    const [own, end] = [at === 0 ? begin : undefined, marker()]
    const opening = own === undefined ? '' : `echo ${own}; echo ${own} >&2; `
    const text = `${opening}${fed(framed)}; echo ${end} $?; echo ${end} >&2\n`
    return { framed, text, ...frameReader(own, end) }
  })
}

const fed = ({ script, input }: Framed): string => {
  const body = `eval ${quoteWord(script)}`
  if (input === undefined) return `( ${body} ) </dev/null`
  const rest = behindReading(script)
  if (rest !== undefined) return `( given=${quoteWord(input)}; eval ${quoteWord(rest)} ) </dev/null`
  // `printf` is part of the shell, so no process list shows it.
  return `printf %s ${quoteWord(input)} 2>/dev/null | ( ${body} )`
}

/** The same for a `sh` that does nothing else: the script reads that shell's own stdin. */
export const soleFrame = (script: string): Frame => {
  const [begin, end] = [marker(), marker()]
  const text = `echo ${begin}; echo ${begin} >&2; ( eval ${quoteWord(script)} ); echo ${end} $?; echo ${end} >&2`
  return { text, ...frameReader(begin, end) }
}

/** Of 122 random bits, which Node.js keeps in store: bytes asked for one by one cost a call each. */
const marker = (): string => randomUUID().replaceAll('-', '')

/** @param begin Not there where what comes is all its own, since it stands right behind the end of another. */
const frameReader = (begin: string | undefined, end: string): Omit<Frame, 'text'> => {
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
  /** Until it has come. */
  #begin: MarkerReader | undefined
  readonly #end: MarkerReader
  found: ReturnType<MarkerReader['feed']>

  constructor(begin: string | undefined, end: string, said: RegExp) {
    this.#begin = begin === undefined ? undefined : new MarkerReader(begin, nothing)
    this.#end = new MarkerReader(end, said)
  }

  get size(): number {
    return (this.#begin?.size ?? 0) + this.#end.size
  }

  /** @returns What stands behind it. */
  feed(piece: Buffer): Buffer | undefined {
    if (!this.#begin) return this.#hearEnd(piece)
    const begun = this.#begin.feed(piece)
    if (!begun) return undefined
    this.#begin = undefined
    return this.#hearEnd(begun.after)
  }

  #hearEnd(piece: Buffer): Buffer | undefined {
    this.found = this.#end.feed(piece)
    return this.found?.after
  }
}
