// A review, or the record of a run, as one HTML file: nothing is fetched, nothing in it runs but what is here, and every text is only text.
import { createHash } from 'node:crypto'
import { printableLines } from '../printable.ts'
import type { Block, Document, Piece, Section, Text } from './blocks.ts'
import { documentOf } from './document.ts'
import { styleSheet } from './html-style.ts'
import type { Review } from './model.ts'

export const reviewHtml = (review: Review): string => documentHtml(documentOf(review))

export const documentHtml = (document: Document): string => {
  const style = styleSheet(document.mark)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(document.title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<div class="page">
${bodyHtml(document)}
</div>
<script>${script}</script>
</body>
</html>
`
}

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

/** Opens and closes all folds by button, and opens them for a printer that knows no other way. */
const script = `
const folds = () => [...document.querySelectorAll('details')]
for (const button of document.querySelectorAll('button[data-open]'))
  button.addEventListener('click', () => { for (const fold of folds()) fold.open = button.dataset.open === 'yes' })
let closed = []
addEventListener('beforeprint', () => { closed = folds().filter(fold => !fold.open); for (const fold of closed) fold.open = true })
addEventListener('afterprint', () => { for (const fold of closed) fold.open = false })
document.querySelector('.tools').hidden = false
`

const bodyHtml = ({ title, lead, sections }: Document): string => `<header>
<h1>${escaped(title)}</h1>
<p class="lead">${textHtml(lead)}</p>
</header>
<nav aria-label="Contents">
<ol>
${sections.map(({ id, title: name }) => `<li><a href="#${escaped(id)}">${escaped(name)}</a></li>`).join('\n')}
</ol>
<div class="tools" hidden>
<button type="button" data-open="yes">Open all</button>
<button type="button" data-open="no">Close all</button>
</div>
</nav>
<main id="main">
${sections.map(sectionHtml).join('\n')}
</main>`

const sectionHtml = ({ id, title, blocks }: Section): string =>
  `<section id="${escaped(id)}">\n<h2>${escaped(title)}</h2>\n${blocksHtml(blocks, 3)}\n</section>`

const blocksHtml = (blocks: readonly Block[], level: number): string =>
  blocks.map(block => blockHtml(block, level)).join('\n')

const blockHtml = (block: Block, level: number): string => {
  switch (block.type) {
    case 'paragraph':
      return `<p>${textHtml(block.text)}</p>`
    case 'part':
      return `${headingHtml(block.title, level)}\n${blocksHtml(block.blocks, level + 1)}`
    case 'list':
      return `<ul>${items(block.items)}</ul>`
    case 'facts':
      return `<dl>${block.facts.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${textHtml(value)}</dd>`).join('')}</dl>`
    case 'counts':
      return `<ul class="counts">${block.counts.map(({ count, word, tone }) => `<li class="${tone}"><b>${count}</b> ${escaped(word)}</li>`).join('')}</ul>`
    case 'table':
      return tableHtml(block)
    case 'code':
      return `<pre><code>${block.lines.map(escaped).join('\n')}</code></pre>`
    case 'diff':
      return `<pre class="diff"><code>${block.lines.map(diffLine).join('')}</code></pre>`
    case 'call':
      return `<ul class="call ${block.tone}">${items(block.items)}</ul>`
    case 'line':
      return `<p class="no-return" role="separator"><span>${textHtml(block.text)}</span></p>`
    case 'fold':
      return foldHtml(block, level)
  }
}

const items = (all: readonly Text[]): string => all.map(item => `<li>${textHtml(item)}</li>`).join('')

const headingHtml = (text: Text, level: number): string => {
  const tag = `h${Math.min(level, 6)}`
  return `<${tag}>${textHtml(text)}</${tag}>`
}

type Fold = Extract<Block, { type: 'fold' }>

const foldHtml = ({ title, id, isOpen, blocks }: Fold, level: number): string =>
  [
    `<details${id === undefined ? '' : ` id="${escaped(id)}"`}${isOpen ? ' open' : ''}>`,
    `<summary>${headingHtml(title, level)}</summary>`,
    blocksHtml(blocks, level + 1),
    '</details>',
  ].join('\n')

type Table = Extract<Block, { type: 'table' }>

/** Wider than a narrow screen, it is moved by itself, with the keyboard too. */
const tableHtml = ({ columns, rows }: Table): string => {
  const cell = (tag: 'td' | 'th scope="col"', html: string, index: number) =>
    `<${tag}${columns[index]?.align === 'right' ? ' class="right"' : ''}>${html}</${tag.slice(0, 2)}>`
  const head = columns.map(({ title }, index) => cell('th scope="col"', escaped(title), index)).join('')
  const body = rows.map(row => `<tr>${row.map((text, index) => cell('td', textHtml(text), index)).join('')}</tr>`)
  return `<div class="scroll" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`
}

const diffLine = (line: string): string => `<span${diffClass(line)}>${escaped(line)}\n</span>`

const diffClass = (line: string): string => {
  if (line.startsWith('---') || line.startsWith('+++') || line.startsWith('@@')) return ' class="at"'
  if (line.startsWith('+')) return ' class="come"'
  return line.startsWith('-') ? ' class="go"' : ''
}

const textHtml = (text: Text): string => text.map(pieceHtml).join('')

const pieceHtml = (piece: Piece): string => {
  if (typeof piece === 'string') return escaped(piece)
  if ('code' in piece) return `<code>${escaped(piece.code)}</code>`
  if ('strong' in piece) return `<strong>${escaped(piece.strong)}</strong>`
  const text = escaped(piece.text)
  return `<a href="#${escaped(piece.to)}">${piece.isCode ? `<code>${text}</code>` : text}</a>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  printableLines(text)
    .join('\n')
    .replace(/[&<>"']/g, sign => entities[sign] ?? '')
