// The figures in bench/README.md stand between two markers; what is around them is written by people.

const begin = '<!-- figures: begin, written by `npm run bench` -->'
const end = '<!-- figures: end -->'

/** @throws {Error} One of the markers is gone. */
export const withFigures = (readme: string, figures: string): string => {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`bench/README.md has lost its markers\n${begin}\n${end}`)
  return `${readme.slice(0, from + begin.length)}\n${figures.trim()}\n${readme.slice(to)}`
}
