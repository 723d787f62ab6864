// The words of a dialogue with an interactive program: what it may ask, in which order, and what is answered.
import type { Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'

/** One thing that the program may ask. */
export type Prompt = {
  readonly name: string
  /**
   * How the prompt reads. It has to stand at the end of the output; behind it there may only be defaults in brackets,
   * punctuation and blanks. `^` and `$` mean the begin and the end of a line. A pattern may reach over several lines.
   * A prompt that ends its line says so with a `\n`.
   */
  readonly expect: string | RegExp
  /** What to answer, as its author wrote it; `answerOf` makes the text of it. */
  readonly answer?: string
  /** The answer is typed without Enter. */
  readonly press?: boolean
  /** The answer is masked wherever it would be seen. */
  readonly secret?: boolean
  /** It may be left out. */
  readonly optional?: boolean
  /** How often it may come in a row; 1 unless told otherwise. */
  readonly repeat?: number
  /** Longest silence before it comes. */
  readonly withinMs?: number
  /** When it is part of the dialogue, as its author wrote it; `applies` knows what it means. */
  readonly when?: string
  readonly capture?: Capture
  readonly span?: Span
}

/** What is kept of the text between the last answer and this prompt. */
export type Capture =
  /** Each named group of the pattern becomes a value of that name. */
  | { readonly type: 'groups'; readonly pattern: RegExp; readonly optional?: boolean }
  /** Each line above the prompt's own that fits a pattern with the groups `key` and `value` becomes a pair of one record. */
  | { readonly type: 'list'; readonly name: string; readonly pattern: RegExp; readonly optional?: boolean }

export type Captured = Readonly<Record<string, string | Readonly<Record<string, string>>>>

export type Dialogue = {
  readonly prompts: readonly Prompt[]
  /** Output counts as finished after this much silence; 150 unless told otherwise. */
  readonly settleMs?: number
  /** Longest silence before a prompt that names no time of its own; a minute unless told otherwise. */
  readonly withinMs?: number
  /** Longest silence between the last answer and the end; ten minutes unless told otherwise. */
  readonly endWithinMs?: number
  /** Exit statuses that mean that it went well; 0 unless told otherwise. */
  readonly endExits?: readonly number[]
  readonly span?: Span
}

/** The meaning of answers and conditions, which belongs to another floor. */
export type Voice = {
  /** The text to type for a prompt. */
  answerOf(prompt: Prompt, captured: Captured): string | Secret
  /** Whether a prompt is part of the dialogue as things stand. */
  applies?(prompt: Prompt, captured: Captured): boolean
}

/** What the machine is told. `at` is a clock in milliseconds that only goes forward. */
export type DialogueInput =
  | { readonly type: 'output'; readonly text: string; readonly at: number }
  | { readonly type: 'tick'; readonly at: number }
  /** The answer that was asked for has been sent. */
  | { readonly type: 'answered'; readonly at: number }
  /** `null` when nobody knows how it ended. */
  | { readonly type: 'exited'; readonly exitCode: number | null; readonly at: number }

/** What the machine asks for. */
export type DialogueAction =
  | { readonly type: 'answer'; readonly prompt: Prompt; readonly text: string | Secret }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'ended'; readonly exitCode: number }

/** One side's turn. Secrets are masked. */
export type TranscriptEntry =
  | { readonly type: 'shown'; readonly text: string }
  | { readonly type: 'typed'; readonly prompt: string; readonly text: string }
