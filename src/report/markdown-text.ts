// Text as it may stand in Markdown: read as what it is, whoever wrote it, and with as few marks as that needs.
import { oneLine } from './printable.ts'

/** What Markdown would take for markup stays text. Inside a word `_` is none, so names keep it. */
export const asText = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*<]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/\[(?=[^\]]*\][([])/g, '\\[')
    .replace(/~~/g, '\\~~')
    .replace(/&(?=#?\w+;)/g, '\\&')

/** A code span: word for word, whatever backticks are in it. */
export const asCode = (text: string): string => {
  const line = oneLine(text)
  if (line === '') return ''
  const mark = '`'.repeat(longestRun([line]) + 1)
  return line.startsWith('`') || line.endsWith('`') ? `${mark} ${line} ${mark}` : `${mark}${line}${mark}`
}

/** A bar would end the cell of a table, in code too. */
export const inCell = (markdown: string): string => markdown.replaceAll('|', '\\|')

/** A fenced block whose fence is longer than any run of backticks inside. */
export const fence = (lines: readonly string[], language: string): string => {
  const mark = '`'.repeat(Math.max(2, longestRun(lines)) + 1)
  return [`${mark}${language}`, ...lines, mark].join('\n')
}

const longestRun = (lines: readonly string[]): number =>
  Math.max(0, ...lines.flatMap(line => (line.match(/`+/g) ?? []).map(run => run.length)))
