// The line that a login shell gets: one that csh reads as POSIX shells do.
import { quoteWord } from '../shell/quote.ts'

/**
 * Starts `sh` on a script, whatever the login shell is.
 *
 * csh ends a quoted word at a line break and minds `!` in it. A script with either is carried in octal numbers, which
 * `printf` of the `sh` turns back; `$1` is gone by then, and lines have the numbers that they had.
 *
 * @source tcsh(1), "Lexical structure": `'` quotes all but `!` and the line break. POSIX.1-2017, `printf`: `%b`, `\0ddd`
 */
export const startingSh = (script: string): string =>
  /[\n!]/.test(script)
    ? `exec /bin/sh -c 'eval "shift; $(printf %b "$1")"' sh ${quoteWord(inOctal(script))}`
    : `exec /bin/sh -c ${quoteWord(script)}`

const inOctal = (script: string): string =>
  script.replace(/[\n!\\]/g, letter => `\\0${letter.charCodeAt(0).toString(8).padStart(3, '0')}`)
