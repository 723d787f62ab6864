// The end of a long text, and said so when something is missing.

/** The last lines of a text; a first line tells how many are not shown. Undefined when there is nothing to show. */
export const tail = (text: string, lines = 20): string | undefined => {
  const all = text.trimEnd().split('\n')
  if (all.length === 1 && all[0] === '') return undefined
  const left = all.length - lines
  return left > 0 ? [`… ${left} lines before`, ...all.slice(-lines)].join('\n') : all.join('\n')
}
