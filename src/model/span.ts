// A place in a text that somebody wrote: where a value stands, and how that line reads.

export type Span = {
  readonly file: string
  /** Line, counted from 1. */
  readonly line: number
  /** Column, counted from 1, in UTF-16 units. */
  readonly column: number
  /** How many columns the place is wide; at least 1. */
  readonly width: number
  /** The whole line as it was written, without its line break; empty where it is not to be shown. */
  readonly excerpt: string
  /** By how many columns the place stands elsewhere in that line, where something before it is masked. */
  readonly moved?: number
}

/** A place as a journal names it: without the text there, which may be a secret. */
export type Place = {
  /** From the project's folder. */
  readonly file: string
  /** Counted from 1; none where only the file is known. */
  readonly line?: number
}

/** `file:line:column`, the form that editors and terminals turn into a link. */
export const formatSpan = ({ file, line, column }: Span): string => `${file}:${line}:${column}`
