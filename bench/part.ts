// A part of the measurement: it stands between two markers of its own in bench/README.md.

export type Asked = {
  readonly root: string
  /** Numbers of hosts, one after the other; else the part's own. */
  readonly sizes?: readonly number[] | undefined
  readonly rounds?: number | undefined
  /** Only to see whether it works. */
  readonly isQuick: boolean
  /** Without those that take minutes. */
  readonly isAlone: boolean
  /** Whether what comes of it is written down. */
  readonly writes: boolean
  readonly signal: AbortSignal
  tell(line: string): void
}

export type Part = {
  readonly name: string
  /** @returns Markdown. */
  measure(asked: Asked): Promise<string>
}
