// Whether a prompt stands at the end of what a program said: only then does it wait for an answer.
import { withinTime } from '../text/bounded.ts'

/**
 * Looks for a prompt at the end of a text.
 *
 * @throws {TooSlow} When a pattern does not come to its end.
 * @returns How many characters fit, so that of two prompts the closer one wins; undefined when it does not stand there.
 */
export const standsAtEnd = (expect: string | RegExp, text: string): number | undefined => {
  const lengths = matchesOf(expect, text)
    .filter(match => match[0] !== '' && isDecoration(text.slice(match.index + match[0].length)))
    .map(match => match[0].length)
  return lengths.length > 0 ? Math.max(...lengths) : undefined
}

/** How a prompt is written for a person. */
export const showExpect = (expect: string | RegExp): string =>
  typeof expect === 'string' ? JSON.stringify(expect) : `/${expect.source}/${expect.flags}`

/** Words of a dialogue are found in linear time; a pattern of its author's may be a trap. */
const matchesOf = (expect: string | RegExp, text: string): readonly RegExpExecArray[] => {
  const find = () => [...text.matchAll(toPattern(expect))]
  return typeof expect === 'string' ? find() : withinTime(find)
}

const toPattern = (expect: string | RegExp): RegExp =>
  typeof expect === 'string'
    ? new RegExp(`${/^\w/.test(expect) ? '(?<!\\w)' : ''}${escapeRegExp(expect)}`, 'g')
    : new RegExp(expect.source, [...new Set(`${expect.flags.replace('y', '')}gm`)].join(''))

/** What stands behind a prompt is short: a program can print a prompt and megabytes of brackets after it. */
const isDecoration = (rest: string): boolean => rest.length <= longestDecoration && decoration.test(rest)

const longestDecoration = 2000

/** Defaults in brackets, punctuation, blanks; no word, and no further line. */
const decoration = /^(?:[ \t:?.>#$*=-]|\([^()\n]*\)|\[[^[\]\n]*\]|\{[^{}\n]*\}|<[^<>\n]*>)*$/

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
