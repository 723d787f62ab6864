// What keys make of the line that they are typed into, as a terminal edits it, and what of that is shown.
import type { Screen } from '../screen.ts'

export type Edited = {
  readonly text: string
  /** How many keys were typed. */
  readonly keys: number
  readonly last: string
  /** Only letters and what a terminal itself takes away again: then the text is known without looking. */
  readonly isPlain: boolean
}

export const nothingTyped: Edited = { text: '', keys: 0, last: '', isPlain: true }

export const edit = (line: Edited, key: string): Edited => {
  const next = { ...line, keys: line.keys + 1, last: key }
  if (key === '\x7f' || key === '\b') return { ...next, text: [...line.text].slice(0, -1).join('') }
  if (key === '\x15') return { ...next, text: '' }
  if (key === '\x17') return { ...next, text: line.text.replace(/\S+\s*$/, '') }
  if (/^[\x00-\x1f]/.test(key)) return { ...next, isPlain: false }
  return { ...next, text: line.text + key }
}

/** What stands behind the prompt now. */
export const shownOf = (prompt: string, { line }: Pick<Screen, 'line'>): string =>
  line.startsWith(prompt) ? line.slice(prompt.length) : ''

/** Cuts what a terminal sent into keys: an escape sequence is one. */
export const keysOf = (text: string): readonly string[] =>
  text.match(/\x1b\[[\d;]*[A-Za-z~]|\x1bO[A-Za-z]|[\s\S]/gu) ?? []
