// What Python's texts can do, for filters and methods alike.
import { ValueFault } from './values.ts'

export type Ends = { readonly chars: string | undefined; readonly only?: 'start' | 'end' }

/** Without white space, or without these letters, at its ends. */
export const strip = (text: string, { chars, only }: Ends): string => {
  const goes = (sign: string) => (chars === undefined ? /\s/.test(sign) : chars.includes(sign))
  let [from, to] = [0, text.length]
  while (only !== 'end' && from < to && goes(text.charAt(from))) from += 1
  while (only !== 'start' && to > from && goes(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

/** @source Jinja, `do_title`: only a dash, white space and what opens begin a word, so `foo_bar` is one. */
export const titled = (text: string): string =>
  text.toLowerCase().replace(/(?:^|[-\s({[<])[^-\s({[<]/gu, part => part.toUpperCase())

/** @source Python, `str.title`: whatever is no letter begins a word, also the apostrophe in `it's`. */
export const titledByLetters = (text: string): string =>
  text.toLowerCase().replace(/(?:^|[^\p{L}])\p{L}/gu, part => part.toUpperCase())

/** Nothing but small letters, and one at least, beside what is no letter. */
export const isLower = (text: string): boolean => text !== text.toUpperCase() && text === text.toLowerCase()

export const isUpper = (text: string): boolean => text !== text.toLowerCase() && text === text.toUpperCase()

type Replacing = { readonly old: string; readonly by: string; readonly most?: number | undefined }

export const replaced = (text: string, { old, by, most = -1 }: Replacing): string => {
  if (most < 0) return text.replaceAll(old, () => by)
  const parts = text.split(old)
  const kept = parts.splice(Math.min(parts.length, Math.floor(most) + 1))
  return [parts.join(by), ...kept].join(old)
}

type Splitting = {
  readonly separator: string | undefined
  /** At how many places; everywhere where nothing is said. */
  readonly most?: number | undefined
  readonly fromEnd?: boolean
}

/** Without a separator: words, however much white space is between. */
export const splitText = (text: string, { separator, most = -1, fromEnd = false }: Splitting): string[] => {
  if (separator === '') throw new ValueFault('a text cannot be cut at nothing')
  const parts = separator === undefined ? text.split(/\s+/).filter(word => word !== '') : text.split(separator)
  if (most < 0 || parts.length <= most + 1) return parts
  if (separator === undefined) return fromEnd ? lastWords(text, most) : firstWords(text, most)
  const cut = fromEnd ? parts.length - most : most
  const [first, last] = [parts.slice(0, cut), parts.slice(cut)]
  return fromEnd ? [first.join(separator), ...last] : [...first, last.join(separator)]
}

const firstWords = (text: string, most: number): string[] => {
  let left = text.trimStart()
  const words: string[] = []
  for (let at = 0; at < most; at += 1) {
    const word = /^\S+/.exec(left)?.[0] ?? ''
    words.push(word)
    left = left.slice(word.length).trimStart()
  }
  return [...words, left]
}

const lastWords = (text: string, most: number): string[] => {
  let left = text.trimEnd()
  const words: string[] = []
  for (let at = 0; at < most; at += 1) {
    const from = left.length - (/\S+$/.exec(left)?.[0].length ?? 0)
    words.unshift(left.slice(from))
    left = left.slice(0, from).trimEnd()
  }
  return [left, ...words]
}

/** @source Python, `str.center`: of an odd number of blanks one more stands left where the width is odd. */
export const centered = (text: string, width: number, sign = ' '): string => {
  const blanks = Math.max(0, width - [...text].length)
  const left = Math.floor(blanks / 2) + (blanks & width & 1)
  return sign.repeat(left) + text + sign.repeat(blanks - left)
}
