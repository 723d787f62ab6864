// YAML as Ansible writes it: keys in order of their letters, lists as far to the left as their keys. Long lines stay whole.
import { isMapping, omit, textOf } from './values.ts'

type Layout = {
  /** Columns for each step inwards. */
  readonly indent: number
  /** Lists and mappings of plain values alone stand in one line. */
  readonly isFlat: boolean
}

export const pythonYaml = (value: unknown, layout: Layout): string => `${linesOf(value, layout).join('\n')}\n`

/** The pairs of a mapping as Python sorts them. */
export const sortedPairs = (mapping: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] =>
  Object.entries(mapping)
    .filter(([, value]) => value !== omit)
    .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))

const isCollection = (value: unknown): boolean => Array.isArray(value) || isMapping(value)

const membersOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isMapping(value) ? sortedPairs(value).map(([, each]) => each) : []

const isBlock = (value: unknown, { isFlat }: Layout): boolean => {
  const members = membersOf(value)
  return members.length > 0 && !(isFlat && !members.some(isCollection))
}

const linesOf = (value: unknown, layout: Layout): readonly string[] => {
  if (!isBlock(value, layout)) return inLine(value).split('\n')
  if (Array.isArray(value)) return value.flatMap(each => itemLines(each, layout))
  return isMapping(value) ? sortedPairs(value).flatMap(([key, each]) => pairLines(key, each, layout)) : []
}

const inwards = (lines: readonly string[], { indent }: Layout): readonly string[] =>
  lines.map(line => (line === '' ? line : `${' '.repeat(indent)}${line}`))

const itemLines = (value: unknown, layout: Layout): readonly string[] => {
  const [first = '', ...others] = linesOf(value, layout)
  const blanks = isBlock(value, layout) ? layout.indent - 1 : 1
  return [`-${' '.repeat(blanks)}${first}`, ...inwards(others, layout)]
}

const pairLines = (key: string, value: unknown, layout: Layout): readonly string[] => {
  const lines = linesOf(value, layout)
  if (isBlock(value, layout)) return [`${scalar(key)}:`, ...(Array.isArray(value) ? lines : inwards(lines, layout))]
  const [first = '', ...others] = lines
  return [`${scalar(key)}: ${first}`, ...inwards(others, layout)]
}

/** Within brackets more signs mean something. */
const inLine = (value: unknown, isWithin = false): string => {
  if (Array.isArray(value)) return `[${value.map(each => inLine(each, true)).join(', ')}]`
  if (!isMapping(value)) return scalar(value, isWithin)
  return `{${sortedPairs(value)
    .map(([key, each]) => `${scalar(key, true)}: ${inLine(each, true)}`)
    .join(', ')}}`
}

const scalar = (value: unknown, isWithin = false): string => {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') return textOf(value)
  const text = textOf(value)
  if (/[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd]| \n|\n /u.test(text)) return JSON.stringify(text)
  if (isPlain(text, isWithin)) return text
  return `'${text.replaceAll("'", "''").replace(/\n+/g, breaks => `\n${breaks}`)}'`
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
