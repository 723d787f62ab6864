// A failure that the user can mend: what is wrong, where, what was seen and wanted, what to do, how to go on.
import type { Json } from './json.ts'
import { formatSpan, type Span } from './span.ts'

/** What the process ends with; the table is in docs/exit-codes.md. */
export const exitCodes = {
  done: 0,
  failed: 1,
  input: 2,
  drift: 3,
  locked: 4,
  waits: 5,
  unreachable: 6,
  unknown: 7,
  changes: 10,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Something that a fault can be about: the same thing is the same text. */
export type Topic = `variable ${string}` | `arguments ${string}` | `word ${string}`

export const variableTopic = (name: string): Topic => `variable ${name}`

/** The arguments of one step, by the place where they begin. */
export const argumentsTopic = (owner: Span): Topic => `arguments ${formatSpan(owner)}`

/** A word of a template, by its place. */
export const wordTopic = (place: Span): Topic => `word ${formatSpan(place)}`

export type ProblemFields = {
  /** Stable, kebab-case; a user can search for it. */
  readonly code: string
  /** One sentence: what is wrong. No blame, no guess. */
  readonly summary: string
  /** Where it was written. */
  readonly span?: Span
  readonly host?: string
  /** Address of the step, such as `install/mount@node2`. */
  readonly step?: string
  readonly seen?: string
  readonly wanted?: string
  /** What was already changed, and how things stand now. */
  readonly state?: string
  /** What to do: a line to paste or to edit. */
  readonly help?: string
  /** The command that goes on from here. */
  readonly then?: string
  /** Text that belongs to it, such as the tail of a transcript; shown indented, last. */
  readonly excerpt?: string
  readonly exit?: ExitCode
  /** What a step that failed hands on all the same, such as the exit status of a command. */
  readonly result?: Json
  readonly cause?: unknown
  /** What is wrong. */
  readonly about?: Topic
  /** Where one of these is wrong, that may be all that is wrong here: it is not told beside that. */
  readonly restsOn?: readonly Topic[]
}

/**
 * An error that is the world's or the input's, not ours: shown without a stack.
 *
 * Everything else that is thrown is a bug of this program and is shown with its stack.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly fields: ProblemFields

  constructor(fields: ProblemFields) {
    super(fields.summary, { cause: fields.cause })
    this.fields = fields
  }

  get code(): string {
    return this.fields.code
  }

  get exit(): ExitCode {
    return this.fields.exit ?? exitCodes.failed
  }

  /** The same problem, with what only a caller further up knows; what is there already stays. */
  with(more: Partial<ProblemFields>): Problem {
    const told = Object.fromEntries(Object.entries(this.fields).filter(([, value]) => value !== undefined))
    return new Problem({ ...this.fields, ...more, ...told })
  }
}

/** The code by which a report finds the line behind which nothing is taken back. */
export const noWayBackCode = 'no-way-back'

/** Names the command that goes on from a problem, as a field of it. */
export const goOnWith = (command: string): Pick<ProblemFields, 'then'> =>
  // biome-ignore lint/suspicious/noThenProperty: nobody awaits the fields of a problem
  ({ then: command })

/** Several faults of one input, told at once. */
export class Problems extends Error {
  override readonly name = 'Problems'
  readonly all: readonly Problem[]

  constructor(all: readonly Problem[]) {
    super(all.map(problem => problem.message).join('\n'))
    this.all = all
  }

  get exit(): ExitCode {
    return this.all[0]?.exit ?? exitCodes.input
  }
}

/** A connection that stood and went away. */
export const isConnectionLost = (error: unknown): error is Problem =>
  error instanceof Problem && error.code === 'connection-lost'

/** No answer came, in contrast to an answer that stands in the way: what was asked or begun may be done all the same. */
export const isOutOfReach = (error: unknown): error is Problem =>
  error instanceof Problem && (error.exit === exitCodes.unreachable || error.exit === exitCodes.unknown)
