// Regular expressions as Ansible's modules take them, which are Python's.
import { z } from 'zod'
import { pythonRegex, tried } from '../template/python-regex.ts'

export const regularExpression = z
  .string()
  .min(1)
  .refine(isReadable, 'a regular expression')
  .meta({ title: 'regular expression' })

function isReadable(pattern: string): boolean {
  try {
    pythonRegex(pattern)
    return true
  } catch {
    return false
  }
}

/** Looks for a pattern in a text. @throws {Error} `ValueFault` where it does not come to its end. */
export const findIn = (pattern: string, text: string): RegExpExecArray | null =>
  tried(pythonRegex(pattern), regex => regex.exec(text), text.length)

/** Which of the texts, such as the lines of a file, a pattern is found in. @throws {Error} As `findIn` does. */
export const foundIn = (pattern: string, texts: readonly string[]): readonly boolean[] =>
  tried(
    pythonRegex(pattern),
    regex => texts.map(text => regex.test(text)),
    texts.reduce((longest, { length }) => Math.max(longest, length), 0),
  )

/** A text in which `\1` and `\g<name>` stand for what was found. @source Python, `re.Match.expand` */
export const expanded = (text: string, found: RegExpExecArray): string =>
  text.replace(/\\(?:g<(\w+)>|(\d)|([nt\\]))/g, (_, name?: string, digit?: string, sign?: string) => {
    if (sign !== undefined) return escapes[sign] ?? ''
    const key = name ?? digit ?? ''
    return (/^\d+$/.test(key) ? found[Number(key)] : found.groups?.[key]) ?? ''
  })

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' }
