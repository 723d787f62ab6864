// Slips of the hand that a person sees at once when shown, and for which YAML has only general words.
import type { YAMLError } from 'yaml'
import type { Special } from './yaml-problems.ts'

type At = {
  /** The whole line, without its break. */
  readonly line: string
  /** Where it begins in the text. */
  readonly from: number
  /** Where the library found something wrong. */
  readonly start: number
}

/** What stands on the line of an error, where it explains the error better than the library does. */
export const slipOf = (error: YAMLError, text: string): Special | undefined => {
  const [start] = error.pos
  const from = text.lastIndexOf('\n', start - 1) + 1
  const end = text.indexOf('\n', start)
  const line = text.slice(from, end === -1 ? text.length : end).replace(/\r$/, '')
  const at = { line, from, start }
  return indentedBy(at) ?? missingBlank(error, at) ?? innerQuote(at) ?? wholeValue(error, at)
}

/** A key that begins there; and the line of another of its name, as far to the right, where there is one above. */
export const keyAt = (start: number, text: string): { readonly key: string; readonly other: number | undefined } => {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const key = /^(?:"[^"]*"|'[^']*'|[^:,}\n]*[^:,}\s])/.exec(text.slice(start))?.[0] ?? text.charAt(start)
  const column = start - from
  const isOther = (line: string) =>
    line.slice(column).startsWith(key) &&
    /^\s*:/.test(line.slice(column + key.length)) &&
    /^[\s-]*$/.test(line.slice(0, column))
  const at = text.slice(0, from).split('\n').findLastIndex(isOther)
  return { key, other: at === -1 ? undefined : at + 1 }
}

/** Signs that look like blanks or dashes, and are none to YAML. */
const indentedBy = ({ line, from }: At): Special | undefined => {
  const indent = /^\s*/.exec(line)?.[0] ?? ''
  const tab = indent.indexOf('\t')
  const foreign = indent.search(/[^ \t]/)
  if (tab !== -1)
    return {
      summary: 'A tab indents this line',
      help: 'indent with spaces; YAML forbids tabs there',
      pos: [from + tab, from + indent.length],
    }
  if (foreign !== -1)
    return {
      summary: 'This line is indented with blanks that do not break, which are no blanks to YAML',
      help: 'they come from a web page or a document: type the blanks anew',
      pos: [from + foreign, from + indent.length],
    }
  if (!/^[–—−]/.test(line.trimStart())) return undefined
  const at = from + indent.length
  return { summary: 'This line begins with a long dash', help: 'type a plain one: `-`', pos: [at, at + 1] }
}

/** `-name: x`, `hosts:all`. */
const missingBlank = ({ code }: YAMLError, { line, from }: At): Special | undefined => {
  const dash = /^\s*(?=-[\w"']+:(?: |$))/.exec(line)
  if (dash !== null && code === 'BLOCK_AS_IMPLICIT_KEY') {
    const at = from + dash[0].length
    return { summary: 'A dash needs a blank after it', help: `write \`- ${line.trim().slice(1)}\``, pos: [at, at + 1] }
  }
  const [, before, key, value] = /^(\s*(?:- +)*)([\w-]+):(?!\/\/)(\S.*)$/.exec(line) ?? []
  if (before === undefined || code !== 'MULTILINE_IMPLICIT_KEY') return undefined
  const at = from + before.length
  return {
    summary: 'A colon needs a blank after it',
    help: `write \`${key}: ${value}\``,
    pos: [at, from + line.length],
  }
}

const key = /^\s*(?:- +)*(?:[^\s:#'"{[]+: +)/

/** `'The agents' user'`: the quote within ends the text. */
const innerQuote = ({ line, from, start }: At): Special | undefined => {
  const opening = key.exec(line)?.[0].length ?? -1
  const before = line.slice(0, start - from).trimEnd()
  if (line.charAt(opening) !== "'" || !before.endsWith("'") || !line.trimEnd().endsWith("'")) return undefined
  const inner = line.trimEnd().slice(opening + 1, -1)
  if (inner.includes('"') || inner.includes('\\')) return undefined
  return {
    summary: 'The quote within ends this text',
    help: `write "${inner}"`,
    pos: [from + before.length - 1, from + before.length],
  }
}

/** Where a letter follows right behind a quote, that quote was meant to be within the text, and the last one to end it. */
const unquoted = (value: string): string =>
  /^(["']).*?\1\S.*\1$/.test(value) ? value.slice(1, -1) : value.replace(/^(["'])(.*?)\1/, '$2')

const wantQuotes = new Set(['BAD_SCALAR_START', 'BAD_ALIAS', 'BLOCK_AS_IMPLICIT_KEY', 'UNEXPECTED_TOKEN'])

const colonWithin = {
  summary: 'There is a second `key: value` within a value',
  also: ', or start the inner mapping on a line of its own',
}

/** What to write instead, in quotes: the value of a key up to the end of its line. */
const wholeValue = ({ code, message, pos }: YAMLError, { line, from, start }: At): Special | undefined => {
  const before = key.exec(line)?.[0].length
  if (before === undefined || !wantQuotes.has(code)) return undefined
  const value = line.slice(before).trimEnd()
  const isRest = code === 'UNEXPECTED_TOKEN'
  if (isRest ? !/scalar at node end/.test(message) : start !== from + before) return undefined
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && !value.includes(': ')) return undefined
  const plain = isRest ? unquoted(value) : value
  const quoted = plain.includes('"') ? (plain.includes("'") ? undefined : `'${plain}'`) : `"${plain}"`
  if (quoted === undefined || /[\\\p{C}]/u.test(plain) || plain.length > 80) return undefined
  const summary = { ...summaries, BLOCK_AS_IMPLICIT_KEY: colonWithin.summary }[code]
  if (summary === undefined) return undefined
  return { summary, help: `write ${quoted}${code === 'BLOCK_AS_IMPLICIT_KEY' ? colonWithin.also : ''}`, pos }
}

const summaries: Partial<Record<YAMLError['code'], string>> = {
  BAD_SCALAR_START: 'A value cannot start with this character',
  BAD_ALIAS: 'A value that starts with * needs quotes, else it repeats another one',
  UNEXPECTED_TOKEN: 'Something follows after the end of this value',
}
