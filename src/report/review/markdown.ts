// A review, or the record of a run, as Markdown that reads as well as plain text in a mail: lines are wrapped, tables aligned, nothing is cut.
import { asCode, asText, fence, inCell } from '../markdown-text.ts'
import { padTo, widthOf } from '../printable.ts'
import type { Block, Document, Piece, Section, Text } from './blocks.ts'
import { documentOf } from './document.ts'
import type { Review } from './model.ts'
import { wrap } from './wrap.ts'

const columns = 100

export const reviewMarkdown = (review: Review): string => documentMarkdown(documentOf(review))

export const documentMarkdown = ({ title, lead, sections }: Document): string =>
  `${[`# ${asText(title)}`, wrap(markdown(lead), { columns }), ...sections.map(sectionText)].join('\n\n')}\n`

const sectionText = ({ title, blocks }: Section): string => [`## ${asText(title)}`, blocksText(blocks, 3)].join('\n\n')

/** @param level Of the headings in it. */
const blocksText = (blocks: readonly Block[], level: number): string =>
  blocks
    .map((block, index) => {
      const before = blocks[index - 1]
      const isSameList = block.type === 'list' && before?.type === 'list'
      return `${before === undefined ? '' : isSameList ? '\n' : '\n\n'}${blockText(block, level)}`
    })
    .join('')

const blockText = (block: Block, level: number): string => {
  switch (block.type) {
    case 'paragraph':
      return wrap(safeStart(markdown(block.text)), { columns })
    case 'list':
      return block.items.map(item => itemText(item)).join('\n')
    case 'facts':
      return block.facts.map(([label, value]) => itemText([{ strong: label }, ': ', ...value])).join('\n')
    case 'counts':
      return wrap(block.counts.map(({ count, word }) => `**${count}** ${word}`).join(' · '), { columns })
    case 'table':
      return tableText(block)
    case 'code':
      return fence(block.lines, block.language)
    case 'diff':
      return fence(block.lines, 'diff')
    case 'call':
      return block.items.map(item => wrap(markdown(item), { columns, first: '> - ', rest: '>   ' })).join('\n')
    case 'line':
      return wrap(`──── ${markdown(block.text)} ────`, { columns })
    case 'part':
    case 'fold':
      return [heading(block.title, level), blocksText(block.blocks, level + 1)].join('\n\n')
  }
}

const heading = (text: Text, level: number): string =>
  level > 5 ? `**${markdown(text)}**` : `${'#'.repeat(level)} ${markdown(text)}`

const itemText = (item: Text): string => wrap(markdown(item), { columns, first: '- ', rest: '  ' })

const markdown = (text: Text): string => text.map(pieceText).join('').trim()

const pieceText = (piece: Piece): string => {
  if (typeof piece === 'string') return keepBlanks(piece)
  if ('code' in piece) return asCode(piece.code)
  if ('strong' in piece) return piece.strong === '' ? '' : `**${asText(piece.strong)}**`
  // A mail has no places to jump to.
  return piece.isCode ? asCode(piece.text) : asText(piece.text)
}

/** The blanks around a piece belong to the sentence. */
const keepBlanks = (text: string): string =>
  `${/^\s/.test(text) ? ' ' : ''}${asText(text.trim())}${/\S\s+$/.test(text) ? ' ' : ''}`

/** A paragraph that begins with a sign would be a list or a heading. */
const safeStart = (text: string): string =>
  text.replace(/^(?:[-+>#](?= )|#{2,6}(?= ))/, '\\$&').replace(/^(\d+)([.)])(?= )/, '$1\\$2')

type Table = Extract<Block, { type: 'table' }>

const tableText = ({ columns: titles, rows }: Table): string => {
  const cells = rows.map(row => row.map(cell => inCell(markdown(cell))))
  const heads = titles.map(({ title }) => inCell(asText(title)))
  const widths = heads.map((head, index) => Math.max(3, ...[head, ...cells.map(row => row[index] ?? '')].map(widthOf)))
  const isRight = (index: number) => titles[index]?.align === 'right'
  const pad = (text: string, index: number) => {
    const width = widths[index] ?? 0
    return isRight(index) ? ' '.repeat(Math.max(0, width - widthOf(text))) + text : padTo(text, width)
  }
  const line = (row: readonly string[]) => `| ${row.map(pad).join(' | ')} |`
  const rule = widths.map((width, index) => (isRight(index) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(heads), `| ${rule.join(' | ')} |`, ...cells.map(line)].join('\n')
}
