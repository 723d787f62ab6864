// The figures in bench/README.md stand between two markers a part; what is around them is written by people.

const markers = (part: string) =>
  [`<!-- ${part}: begin, written by \`npm run bench\` -->`, `<!-- ${part}: end -->`] as const

/** @throws {Error} One of the markers is gone. */
export const withFigures = (readme: string, part: string, figures: string): string => {
  const [begin, end] = markers(part)
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`bench/README.md has lost its markers\n${begin}\n${end}`)
  return `${readme.slice(0, from + begin.length)}\n${figures.trim()}\n${readme.slice(to)}`
}
