// Lines of a text.

/** Every line with its line break; the last may have none. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** With a line break at the end of the last. */
export const closed = (lines: readonly string[]): readonly string[] => {
  const last = lines.at(-1)
  return last === undefined || last.endsWith('\n') ? lines : [...lines.slice(0, -1), `${last}\n`]
}
