// Names with a range, such as `node[1:3]` or `node-[a:c].example`, as the names that they stand for.

/** More names than this from one pattern is a slip of the hand. */
const mostNames = 10_000

/** @returns Nothing when what stands in the brackets is no range. */
export const expandRange = (pattern: string): readonly string[] | undefined => {
  const [, before, range, after] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(pattern) ?? []
  if (before === undefined || range === undefined || after === undefined)
    return /[[\]]/.test(pattern) ? undefined : [pattern]
  const middle = expandBounds(range)
  const rest = expandRange(after)
  if (middle === undefined || rest === undefined || middle.length * rest.length > mostNames) return undefined
  return middle.flatMap(each => rest.map(end => `${before}${each}${end}`))
}

const expandBounds = (range: string): string[] | undefined => {
  const [, from = '', to = '', step = '1'] = /^(\d+|[a-zA-Z]):(\d+|[a-zA-Z])(?::(\d+))?$/.exec(range) ?? []
  const [first, last] = [numberOf(from), numberOf(to)]
  if (first === undefined || last === undefined || last < first || Number(step) < 1) return undefined
  if (/\d/.test(from) !== /\d/.test(to) || last - first > mostNames) return undefined
  const numbers = Array.from(
    { length: Math.floor((last - first) / Number(step)) + 1 },
    (_, at) => first + at * Number(step),
  )
  return numbers.map(number =>
    /\d/.test(from) ? String(number).padStart(from.length, '0') : String.fromCharCode(number),
  )
}

const numberOf = (bound: string): number | undefined => {
  if (bound === '') return undefined
  return /\d/.test(bound) ? Number(bound) : bound.charCodeAt(0)
}
