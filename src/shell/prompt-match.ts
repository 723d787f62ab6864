// Whether a prompt stands at the end of what a program said: only then does it wait for an answer.

/**
 * Looks for a prompt at the end of a text.
 *
 * @returns How many characters fit, so that of two prompts the closer one wins; undefined when it does not stand there.
 */
export const standsAtEnd = (expect: string | RegExp, text: string): number | undefined => {
  const lengths = [...text.matchAll(toPattern(expect))]
    .filter(match => match[0] !== '' && decoration.test(text.slice(match.index + match[0].length)))
    .map(match => match[0].length)
  return lengths.length > 0 ? Math.max(...lengths) : undefined
}

/** How a prompt is written for a person. */
export const showExpect = (expect: string | RegExp): string =>
  typeof expect === 'string' ? JSON.stringify(expect) : `/${expect.source}/${expect.flags}`

const toPattern = (expect: string | RegExp): RegExp =>
  typeof expect === 'string'
    ? new RegExp(`${/^\w/.test(expect) ? '(?<!\\w)' : ''}${escapeRegExp(expect)}`, 'g')
    : new RegExp(expect.source, [...new Set(`${expect.flags.replace('y', '')}gm`)].join(''))

/** Defaults in brackets, punctuation, blanks; no word, and no further line. */
const decoration = /^(?:[ \t:?.>#$*=-]|\([^()\n]*\)|\[[^[\]\n]*\]|\{[^{}\n]*\}|<[^<>\n]*>)*$/

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
