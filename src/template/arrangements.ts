// Lists of lists made of lists: side by side, each with each, in rows and columns.
import { ValueFault } from './values.ts'

type List = readonly unknown[]

/** What stands at the same place of each; up to the end of the shortest, or of the longest where something fills it up. */
export const zipped = (lists: readonly List[], fill?: unknown): unknown[][] => {
  const lengths = lists.map(({ length }) => length)
  const length = fill === undefined ? Math.min(...lengths) : Math.max(...lengths)
  return Array.from({ length }, (_, at) => lists.map(list => (at < list.length ? list[at] : fill)))
}

export const productOf = (lists: readonly List[]): unknown[][] => {
  assertFew(lists.reduce((count, { length }) => count * length, 1))
  return lists.reduce<unknown[][]>((made, list) => made.flatMap(each => list.map(item => [...each, item])), [[]])
}

/** Each choice of so many items, in the order of the list. */
export const combinationsOf = (list: List, size: number): unknown[][] => {
  assertFew(choices(list.length, size))
  if (size <= 0) return [[]]
  return list.flatMap((item, at) => combinationsOf(list.slice(at + 1), size - 1).map(rest => [item, ...rest]))
}

/** Each order of so many items. */
export const arrangements = (list: List, size: number): unknown[][] => {
  assertFew(orders(list.length, size))
  if (size <= 0) return [[]]
  return list.flatMap((item, at) => arrangements(list.toSpliced(at, 1), size - 1).map(rest => [item, ...rest]))
}

/** Rows of so many; the last is filled up where something is given for it. */
export const inRows = (list: List, size: number, fill: unknown): unknown[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => {
    const row = list.slice(at * size, (at + 1) * size)
    const lacking = fill === undefined || fill === null ? 0 : Math.min(10_000, size) - row.length
    return [...row, ...Array.from({ length: Math.max(0, lacking) }, () => fill)]
  })

/** So many parts, the first ones longer by one where it does not come out even. */
export const inColumns = (list: List, count: number, fill: unknown): unknown[][] => {
  assertFew(count)
  const [each, longer] = [Math.floor(list.length / count), list.length % count]
  return Array.from({ length: count }, (_, at) => {
    const from = at * each + Math.min(at, longer)
    const part = list.slice(from, from + each + (at < longer ? 1 : 0))
    return fill !== undefined && fill !== null && longer > 0 && at >= longer ? [...part, fill] : part
  })
}

const orders = (count: number, size: number): number =>
  Array.from({ length: Math.min(size, 20) }, (_, at) => Math.max(0, count - at)).reduce((all, each) => all * each, 1)

const choices = (count: number, size: number): number => orders(count, size) / Math.max(1, orders(size, size))

const assertFew = (count: number): void => {
  if (count > 100_000) throw new ValueFault(`what comes of it would be too long: ${count}, and 100000 is the most`)
}
