// The text that a command is given, as a variable of its shell: what puts it into a file starts no program for it.
import { part } from './quote.ts'

/**
 * The first line of a script that has its input, a text without NUL, in `$given`.
 *
 * It reads it from stdin, in any shell and behind whatever is put before it; where a script begins with it, who carries
 * it out may set the variable instead. It is not exported, so no process list shows it. The dot keeps the line breaks at
 * the end, which a shell drops from what it takes.
 */
export const readingGiven = part`given=$(cat; echo .); given=\${given%.}
`

/** What follows where a script begins with it; nothing where it does not. */
export const behindReading = (script: string): string | undefined =>
  script.startsWith(readingGiven.script) ? script.slice(readingGiven.script.length) : undefined
