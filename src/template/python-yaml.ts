// YAML as Ansible writes it: keys in order of their letters, lists as far to the left as their keys, long texts in lines.
import { isMapping, omit, textOf } from './values.ts'

export type YamlLayout = {
  /** Columns for each step inwards. */
  readonly indent: number
  /** Lists and mappings of plain values alone stand in one line; with `all`, everything does. */
  readonly isFlat: boolean | 'all'
  readonly isSorted: boolean
  /** Where a text goes on in the next line. */
  readonly width: number
}

/** @source PyYAML, `emitter.py`; libyaml, `emitter.c` */
export const pythonYaml = (value: unknown, layout: YamlLayout): string => {
  const page = new Page(layout)
  write(value, page, { column: undefined, within: 'root' })
  return `${page.text}\n`
}

type Pair = readonly [string, unknown]

/** The pairs of a mapping as Python sorts them. */
export const sortedPairs = (mapping: Readonly<Record<string, unknown>>): readonly Pair[] =>
  pairsOf(mapping).toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)))

const pairsOf = (mapping: Readonly<Record<string, unknown>>): readonly Pair[] =>
  Object.entries(mapping).filter(([, value]) => value !== omit)

/** What is written so far, and the column where it goes on. */
class Page {
  readonly layout: YamlLayout
  text = ''

  constructor(layout: YamlLayout) {
    this.layout = layout
  }

  get column(): number {
    return this.text.length - (this.text.lastIndexOf('\n') + 1)
  }

  get isFull(): boolean {
    return this.column > this.layout.width
  }

  put(text: string): void {
    this.text += text
  }

  breakTo(column: number): void {
    this.text += `\n${' '.repeat(column)}`
  }

  pairs(value: Readonly<Record<string, unknown>>): readonly Pair[] {
    return this.layout.isSorted ? sortedPairs(value) : pairsOf(value)
  }
}

type Place = {
  /** Where the lines around it begin; nowhere for the whole. */
  readonly column: number | undefined
  readonly within: 'root' | 'list' | 'mapping' | 'braces'
}

const inwards = ({ column }: Place, { layout }: Page): number => (column === undefined ? 0 : column + layout.indent)

const write = (value: unknown, page: Page, place: Place): void => {
  if (!isCollection(value)) writeScalar(value, page, { ...place, mayBreak: true })
  else if (place.within === 'braces' || isInLine(value, page.layout)) writeInLine(value, page, place)
  else if (Array.isArray(value)) writeItems(value, page, place)
  else if (isMapping(value)) writePairs(value, page, place)
}

const isCollection = (value: unknown): boolean => Array.isArray(value) || isMapping(value)

const membersOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isMapping(value) ? pairsOf(value).map(([, each]) => each) : []

const isInLine = (value: unknown, { isFlat }: YamlLayout): boolean => {
  const members = membersOf(value)
  return members.length === 0 || isFlat === 'all' || (isFlat && !members.some(isCollection))
}

/** What stands below a dash begins right behind it. */
const begin = (page: Page, { first, column, place }: { first: boolean; column: number; place: Place }): void => {
  if (first && place.within === 'root') return
  if (first && place.within === 'list') page.put(' '.repeat(Math.max(1, column - page.column)))
  else page.breakTo(column)
}

const writeItems = (list: readonly unknown[], page: Page, place: Place): void => {
  const column = place.within === 'mapping' ? (place.column ?? 0) : inwards(place, page)
  for (const [at, item] of list.entries()) {
    begin(page, { first: at === 0, column, place })
    page.put('-')
    write(item, page, { column, within: 'list' })
  }
}

const writePairs = (mapping: Readonly<Record<string, unknown>>, page: Page, place: Place): void => {
  const column = inwards(place, page)
  for (const [at, [key, value]] of page.pairs(mapping).entries()) {
    begin(page, { first: at === 0, column, place })
    writeScalar(key, page, { column, within: 'root', mayBreak: false })
    page.put(':')
    write(value, page, { column, within: 'mapping' })
  }
}

const writeInLine = (value: unknown, page: Page, place: Place): void => {
  const column = place.column === undefined ? page.layout.indent : place.column + page.layout.indent
  const inner: Place = { column, within: 'braces' }
  space(page, place)
  page.put(Array.isArray(value) ? '[' : '{')
  const members = Array.isArray(value) ? value : isMapping(value) ? page.pairs(value) : []
  for (const [at, member] of members.entries()) {
    if (at > 0) page.put(',')
    if (page.isFull) page.breakTo(column)
    else if (at > 0) page.put(' ')
    if (Array.isArray(value)) write(member, page, inner)
    else writeInner(member as Pair, page, inner) // members of a mapping are pairs
  }
  page.put(Array.isArray(value) ? ']' : '}')
}

const writeInner = ([key, value]: Pair, page: Page, inner: Place): void => {
  writeScalar(key, page, { ...inner, mayBreak: false })
  page.put(': ')
  write(value, page, inner)
}

/** Behind a colon or a dash. */
const space = (page: Page, { within }: Place): void => {
  if (within === 'list' || within === 'mapping') page.put(' ')
}

const writeScalar = (value: unknown, page: Page, place: Place & { readonly mayBreak: boolean }): void => {
  space(page, place)
  const column = (place.column ?? 0) + page.layout.indent
  const breaks = { column, mayBreak: place.mayBreak }
  if (typeof value !== 'string') page.put(plainText(value))
  else writeText(value, page, { ...breaks, isInBraces: place.within === 'braces' })
}

const writeText = (
  value: string,
  page: Page,
  { isInBraces, ...breaks }: Breaks & { readonly isInBraces: boolean },
): void => {
  if (/[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]| \n|\n /u.test(value)) writeEscaped(value, page, breaks)
  else if (isPlain(value, isInBraces)) writeWords(value, page, breaks)
  else {
    page.put("'")
    writeWords(value.replaceAll("'", "''"), page, breaks)
    page.put("'")
  }
}

const plainText = (value: unknown): string => {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'boolean' ? String(value) : textOf(value)
}

type Breaks = { readonly column: number; readonly mayBreak: boolean }

/** A single blank past the width becomes a line break, and a line break two. */
const writeWords = (text: string, page: Page, { column, mayBreak }: Breaks): void => {
  const parts = text.match(/ +|\n+|[^ \n]+/g) ?? []
  for (const [at, part] of parts.entries()) {
    const isInside = at > 0 && at < parts.length - 1
    if (part.startsWith('\n')) {
      page.put(`\n${part.slice(1)}`)
      page.breakTo(column)
    } else if (part === ' ' && isInside && mayBreak && page.isFull) page.breakTo(column)
    else page.put(part)
  }
}

const writeEscaped = (text: string, page: Page, { column, mayBreak }: Breaks): void => {
  page.put('"')
  const parts =
    JSON.stringify(text)
      .slice(1, -1)
      .match(/ +|[^ ]+/g) ?? []
  for (const [at, part] of parts.entries()) {
    const isInside = at > 0 && at < parts.length - 1
    if (!(part.startsWith(' ') && isInside && mayBreak && page.isFull)) page.put(part)
    else {
      page.breakTo(column)
      if (part.length > 1) page.put(`\\${part.slice(1)}`)
    }
  }
  page.put('"')
}

/** @source YAML 1.1, 5.3 "Indicator Characters"; PyYAML, `analyze_scalar`. */
const isPlain = (text: string, isWithin: boolean): boolean =>
  text !== '' &&
  !/^\s|\s$|\n|^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[-?:](?:\s|$)|:(?:\s|$)|\s#/.test(text) &&
  !(isWithin && /[,?[\]{}:]/.test(text)) &&
  !means.test(text)

/** Texts that YAML 1.1 takes for something else. @source PyYAML, `resolver.py` */
const means = new RegExp(
  [
    '^(?:yes|no|on|off|true|false|null|~|=|<<)$',
    '^[-+]?(?:0b[01_]+|0[0-7_]*|[1-9][\\d_]*|0x[\\da-f_]+|[1-9][\\d_]*(?::[0-5]?\\d)+)$',
    '^[-+]?(?:\\d[\\d_]*\\.[\\d_]*|\\.\\d[\\d_]*)(?:e[-+]\\d+)?$',
    '^[-+]?\\d[\\d_]*(?::[0-5]?\\d)+\\.[\\d_]*$',
    '^[-+]?\\.(?:inf|nan)$',
    '^\\d{4}-\\d\\d?-\\d\\d?(?:$|[Tt\\s])',
  ].join('|'),
  'i',
)
