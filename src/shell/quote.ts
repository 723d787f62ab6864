// Words for a POSIX shell: dash, busybox and bash read back exactly the value that went in.
import { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'

/** One value of a command line. */
export type Word = string | number | boolean

/** What may stand in a `$` template; a list becomes several words. A `Secret` is not among them. */
export type Words = Word | readonly Word[] | Part

/** A part of a script: its own words are written by an author, and all others in it are quoted already. */
export class Part {
  readonly script: string

  private constructor(script: string) {
    this.script = script
  }

  /** Nothing but a template makes one, so no value can become a command. */
  static of(pieces: TemplateStringsArray, ...words: readonly Words[]): Part {
    if (!Object.isFrozen(pieces) || !Array.isArray(pieces.raw)) throw new TypeError('a part is written as a template')
    const quoted = words.map(quote)
    return new Part(pieces.map((piece, at) => piece + (quoted[at] ?? '')).join(''))
  }
}

/**
 * A part of a script, to be put together in a `$` template: as `$` itself it quotes what stands in it.
 *
 * @throws {Problem} `secret-in-command`, `word-with-nul`.
 */
export const part = Part.of

/**
 * Quotes one value, so that a POSIX shell takes it as one word, letter for letter.
 *
 * @throws {Problem} `word-with-nul`: no shell can carry that character in a word.
 * @source POSIX.1-2017, Shell Command Language, 2.2.2 "Single-Quotes"
 */
export const quoteWord = (word: Word): string => {
  const text = String(word)
  if (text.includes('\0')) throw wordWithNul(text)
  return plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/**
 * Quotes a value or a list; the words of a list are joined by blanks, an empty list is nothing at all.
 *
 * @throws {Problem} `secret-in-command`, `word-with-nul`.
 */
export const quote = (words: Words | Secret): string => {
  if (words instanceof Secret) throw secretInCommand(words)
  if (words instanceof Part) return words.script
  return isList(words) ? words.map(word => quote(word)).join(' ') : quoteWord(words)
}

/** The compiler says the same; this is for what it cannot see, such as a template's native values. */
export const assertSpeakable = (words: unknown): void => {
  if (Array.isArray(words)) for (const word of words) assertSpeakable(word instanceof Part ? {} : word)
  else if (words instanceof Secret) quote(words)
  else if (words instanceof Part) return
  else if (!['string', 'number', 'boolean'].includes(typeof words))
    throw new TypeError(`a command takes text, numbers and booleans, not ${words === null ? 'null' : typeof words}`)
}

/** Words that need no quotes. `=` and `~` do: they mean something at the start of a command or word. */
const plain = /^[\w/.:@%+,-]+$/

const isList = (words: Words): words is readonly Word[] => Array.isArray(words)

const secretInCommand = ({ label }: Secret): Problem =>
  new Problem({
    code: 'secret-in-command',
    summary: `The secret ${label} stands in a command line`,
    wanted: 'a secret goes in on stdin, since every user of the node can read a command line',
    help: `write \`$({ input: ${label} })\`…\`\` and read it from stdin in the command`,
  })

const wordWithNul = (text: string): Problem =>
  new Problem({
    code: 'word-with-nul',
    summary: 'A value for a command line holds the character NUL',
    seen: JSON.stringify(text.slice(0, 80)),
    help: 'hand it over as `input`',
  })
