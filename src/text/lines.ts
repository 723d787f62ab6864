// The lines of a text, as Python's `splitlines` tells them: what ends the last line begins no other.

/** @source Python, `str.splitlines` */
export const linesOf = (text: string): readonly string[] => linesWithEnds(text).map(line => line.replace(anEnd, ''))

/** Each with what ends it. */
export const linesWithEnds = (text: string): readonly string[] => text.split(afterAnEnd).filter(line => line !== '')

const afterAnEnd = /(?<=[\n\v\f\x85\u2028\u2029]|\r(?!\n))/
const anEnd = /(?:\r\n|[\n\r\v\f\x85\u2028\u2029])$/

/** What a program printed, without the line breaks at its end; blanks there are its own. */
export const withoutBreaks = (text: string): string => {
  let end = text.length
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1
  return text.slice(0, end)
}
