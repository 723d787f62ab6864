// Says in plain words what the YAML library found, and what to write instead.
import type { ErrorCode, YAMLError } from 'yaml'
import { exitCodes, Problem } from '../model/problem.ts'
import { inOtherForm } from './other-forms.ts'
import type { Source } from './source.ts'
import { keyAt, slipOf } from './yaml-slips.ts'

export type Words = { readonly summary: string; readonly help?: string }

export const quotes = 'put quotes around the whole value: key: "value"'

const uneven: Words = {
  summary: 'This line is indented differently from what it belongs to',
  help: 'indent equal things equally',
}

const listOnLine: Words = { summary: 'A list starts on the line of its key', help: 'start it on the next line' }

const words: Partial<Record<ErrorCode, Words>> = {
  BAD_ALIAS: { summary: 'An alias, such as *name, is not complete', help: quotes },
  BAD_DQ_ESCAPE: {
    summary: 'A backslash between double quotes starts an escape, and this one is unknown',
    help: "use single quotes, in which a backslash is itself: 'C:\\new'",
  },
  BAD_INDENT: uneven,
  BAD_SCALAR_START: { summary: 'A value cannot start with this character', help: quotes },
  BLOCK_AS_IMPLICIT_KEY: {
    summary: 'There is a second `key: value` within a value',
    help: 'put quotes around a value that holds a colon and a space, or start the inner mapping on a line of its own',
  },
  BLOCK_IN_FLOW: { summary: 'A list or mapping with dashes or indentation stands within [ ] or { }' },
  KEY_OVER_1024_CHARS: {
    summary: 'A key is longer than 1024 characters',
    help: 'close the quote or bracket before it',
  },
  MISSING_CHAR: { summary: 'Something that was opened here, or that belongs here, is missing' },
  MULTILINE_IMPLICIT_KEY: {
    summary: 'This line has no `key:`',
    help: 'write `key: value`, or indent it below its key',
  },
  MULTIPLE_ANCHORS: { summary: 'A value has two anchors', help: 'remove one `&name`' },
  MULTIPLE_DOCS: { summary: 'A second document starts here', help: 'remove `---`, or put it into a file of its own' },
  MULTIPLE_TAGS: { summary: 'A value has two tags', help: 'remove one' },
  TAB_AS_INDENT: { summary: 'A tab indents this line', help: 'indent with spaces; YAML forbids tabs there' },
  UNEXPECTED_TOKEN: { summary: 'This cannot stand here', help: quotes },
  RESOURCE_EXHAUSTION: { summary: 'This text is nested too deeply to be read' },
}

/** What does not keep the rest from being understood. */
const harmless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED'])

/**
 * The library's errors as problems, one a line: what follows on the same line follows from the first.
 *
 * @returns `isReadable` is false when the tree cannot be trusted. Unknown tags are left out: the tree tells them.
 */
export const yamlProblems = (
  errors: readonly YAMLError[],
  written: Source,
): { readonly problems: readonly Problem[]; readonly isReadable: boolean } => {
  const isReadable = errors.every(({ code }) => harmless.has(code))
  const otherForm = isReadable ? undefined : inOtherForm(written)
  if (otherForm) return { problems: otherForm, isReadable }
  const lines = new Set<number>()
  const starts = new Set<number>()
  const told = errors.filter(
    ({ code, pos: [start] }) => code !== 'TAG_RESOLVE_FAILED' && !starts.has(start) && starts.add(start),
  )
  const problems = told
    .slice(0, mostErrors)
    .map(error => yamlProblem(error, written))
    .filter(({ fields: { span } }) => span !== undefined && !lines.has(span.line) && lines.add(span.line))
    .filter(
      (problem, index, all) => !followsFrom(all[index - 1], problem) && !isBehindTab(all.slice(0, index), problem),
    )
  const more = isReadable ? [] : moreTemplates(written, problems)
  const rest =
    told.length > mostErrors ? [tooMany(told[mostErrors]?.pos[0] ?? 0, told.length - mostErrors, written)] : []
  return { problems: [...problems, ...more, ...rest], isReadable }
}

/** Lines right below one that cannot be read stand at the wrong place because of it. */
const followsFrom = (before: Problem | undefined, { message, fields }: Problem): boolean => {
  // In braces that nothing closes any more, each line below is wrong.
  if (before !== undefined && message === listOnLine.summary) return true
  if (before === undefined || message !== uneven.summary || before.message === message) return false
  return (fields.span?.line ?? 0) - (before.fields.span?.line ?? 0) <= linesBelow
}

/** Below a line that a tab indents nothing stands where it belongs. */
const isBehindTab = (before: readonly Problem[], { message }: Problem): boolean =>
  message === words.UNEXPECTED_TOKEN?.summary && before.some(each => each.message === words.TAB_AS_INDENT?.summary)

const linesBelow = 3

/** More than this is no text with slips, but another kind of text. */
const mostErrors = 300

const tooMany = (at: number, count: number, written: Source): Problem =>
  new Problem({
    code: 'yaml-broken',
    summary: `From here on ${count} more places cannot be read`,
    span: written.span(at, at + 1),
    help: 'mend those before it first, or look whether this is the right file',
    exit: exitCodes.input,
  })

/** YAML stops at the first value in bare braces; whoever wrote one has often written more. */
const moreTemplates = (written: Source, told: readonly Problem[]): Problem[] => {
  const { summary } = quoteTemplate('')
  if (!told.some(problem => problem.message === summary)) return []
  const lines = new Set(told.map(problem => problem.fields.span?.line))
  return [...written.text.matchAll(/^[ ]*(?:- +)*[^\s:#'"]+: +(\{\{[^"\n]*)$/gm)].flatMap(found => {
    const value = found[1]?.trimEnd() ?? ''
    const start = found.index + found[0].indexOf(value)
    const span = written.span(start, start + value.length)
    if (lines.has(span.line)) return []
    return [new Problem({ code: 'yaml-broken', span, exit: exitCodes.input, ...quoteTemplate(value) })]
  })
}

const yamlProblem = (error: YAMLError, written: Source): Problem => {
  const { code, message, pos } = error
  const special = specialCase(error, written.text)
  if (code === 'DUPLICATE_KEY') return keyTwice(pos, written)
  const known = special ?? words[code]
  const [start, end] = special?.pos ?? (known === uneven ? atText(pos, written.text) : pos)
  return new Problem({
    code: 'yaml-broken',
    summary: known?.summary ?? `This is no YAML: ${message}`,
    span: written.span(start, end),
    help: known?.help,
    exit: exitCodes.input,
  })
}

/** The key as a whole, and the line of the other one where it stands in lines. */
const keyTwice = ([start]: readonly [number, number], written: Source): Problem => {
  const { key, other } = keyAt(start, written.text)
  return new Problem({
    code: 'key-duplicate',
    summary: 'This key is there twice; only one of them would count',
    span: written.span(start, start + key.length),
    ...(other !== undefined && { seen: `the other one is on line ${other}` }),
    help: 'remove one of the two',
    exit: exitCodes.input,
  })
}

/** The first letter of a line, where the library marks the blanks before it. */
const atText = ([start]: readonly [number, number], text: string): readonly [number, number] => {
  const at = start + (/^ */.exec(text.slice(start))?.[0].length ?? 0)
  return [at, at + 1]
}

export type Special = Words & { readonly pos?: readonly [number, number] }

/** What one error code of the library says about quite different slips of the hand. */
const specialCase = (error: YAMLError, text: string): Special | undefined =>
  unquotedTemplate(error, text) ?? slipOf(error, text) ?? deeperLine(error, text) ?? byMessage(error, text)

const unquotedTemplate = ({ pos: [start] }: YAMLError, text: string): Special | undefined => {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const end = text.indexOf('\n', from)
  const line = text.slice(from, end === -1 ? text.length : end)
  const [, before, value] = /^(\s*(?:- +)*(?:[^\s:#'"]+: +)?)(\{\{[^"]*)$/.exec(line.trimEnd()) ?? []
  if (before === undefined || value === undefined) return undefined
  const at = from + before.length
  return { ...quoteTemplate(value), pos: [at, at + value.length] }
}

/** To YAML, `{{` opens a mapping within a mapping. */
export const quoteTemplate = (value: string): Words => ({
  summary: 'A value that starts with {{ needs quotes, else YAML reads a mapping',
  help: value.length < 80 ? `write "${value}"` : 'put quotes around it',
})

/** A line below `key: value` that is indented deeper than the key. */
const deeperLine = ({ code, pos: [start] }: YAMLError, text: string): Special | undefined => {
  const lineEnd = text.indexOf('\n', start)
  if (code !== 'BLOCK_AS_IMPLICIT_KEY' || lineEnd === -1 || text.slice(start, lineEnd).includes(': ')) return undefined
  const at = lineEnd + 1 + (/^\s*/.exec(text.slice(lineEnd + 1))?.[0].length ?? 0)
  return { ...uneven, help: 'the key above has a value already; indent both keys equally', pos: [at, at + 1] }
}

const byMessage = ({ code, message, pos }: YAMLError, text: string): Special | undefined => {
  if (/^Sequence item without|^A block sequence may not/.test(message)) return uneven
  const missing = /^Missing closing (["'])quote/.exec(message)?.[1]
  if (missing !== undefined) return { ...unclosedQuote(missing), pos: openingQuote(text.slice(0, pos[0]), missing) }
  const [, kind, closing] = /^Flow (sequence|map) .*end with a (.)$/.exec(message) ?? []
  if (kind !== undefined)
    return {
      summary: `The ${kind === 'map' ? 'mapping' : 'list'} is not closed`,
      help: `close it with ${closing}`,
      pos: openingBracket(text.slice(0, pos[0]), kind === 'map' ? '{}' : '[]'),
    }
  if (code !== 'UNEXPECTED_TOKEN') return undefined
  if (text.startsWith('- ', pos[0])) return listOnLine
  return /scalar at node end/.test(message)
    ? { summary: 'Something follows after the end of this value', help: quotes }
    : undefined
}

const unclosedQuote = (quote: string): Words => ({
  summary: `The quote ${quote} is not closed`,
  help: `close it with ${quote}`,
})

/** The quote that opened the text up to here: the last one that stands where a value starts. */
const openingQuote = (before: string, quote: string): [number, number] => {
  const starts = [...before.matchAll(new RegExp(`(^|[:\\-,\\[{] *|\\n *)${quote}`, 'g'))]
  const last = starts.at(-1)
  const at = last === undefined ? before.length : last.index + last[0].length - 1
  return [at, at + 1]
}

/** The bracket that was opened last and not closed. */
const openingBracket = (before: string, [open = '', close = '']: string): [number, number] => {
  let depth = 0
  for (let at = before.length - 1; at >= 0; at -= 1) {
    if (before[at] === close) depth += 1
    if (before[at] === open) depth -= 1
    if (depth < 0) return [at, at + 1]
  }
  return [before.length, before.length + 1]
}
