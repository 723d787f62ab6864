// What a review is made of, whatever it is written as: sections of blocks, blocks of pieces of text.

/** A text, a value as it was written, something that must be seen, or a way to a section or a step. */
export type Piece =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly to: string; readonly text: string; readonly isCode: boolean }

export type Text = readonly Piece[]

/** How much a thing asks for attention. */
export type Tone = 'plain' | 'good' | 'notice' | 'danger'

export type Column = { readonly title: string; readonly align?: 'right' }

export type Block =
  | { readonly type: 'paragraph'; readonly text: Text }
  /** A part with a heading; the headings inside are of the next level. */
  | { readonly type: 'part'; readonly title: Text; readonly blocks: readonly Block[] }
  | { readonly type: 'list'; readonly items: readonly Text[] }
  | { readonly type: 'facts'; readonly facts: readonly Fact[] }
  | { readonly type: 'counts'; readonly counts: readonly Count[] }
  | { readonly type: 'table'; readonly columns: readonly Column[]; readonly rows: readonly Row[] }
  | { readonly type: 'code'; readonly lines: readonly string[]; readonly language: string }
  | { readonly type: 'diff'; readonly lines: readonly string[] }
  /** Something that must not be overlooked. */
  | { readonly type: 'call'; readonly tone: Tone; readonly items: readonly Text[] }
  /** A line across the page, such as a point of no return. */
  | { readonly type: 'line'; readonly text: Text }
  /** The same, and a screen can close it. */
  | {
      readonly type: 'fold'
      readonly title: Text
      readonly id?: string
      readonly isOpen: boolean
      readonly blocks: readonly Block[]
    }

export type Fact = readonly [label: string, value: Text]
export type Count = { readonly count: number; readonly word: string; readonly tone: Tone }
export type Row = readonly Text[]

export type Section = { readonly id: string; readonly title: string; readonly blocks: readonly Block[] }

export type Document = {
  /** Stands at the foot of each printed page; letters, digits and blanks only. */
  readonly mark: string
  readonly title: string
  readonly lead: Text
  readonly sections: readonly Section[]
}

export const code = (text: string): Piece => ({ code: text })
export const strong = (text: string): Piece => ({ strong: text })
export const link = (to: string, text: string): Piece => ({ to, text, isCode: false })
export const codeLink = (to: string, text: string): Piece => ({ to, text, isCode: true })

/** Pieces with commas between them. */
export const listed = (pieces: readonly Piece[]): Text =>
  pieces.flatMap((piece, index) => (index === 0 ? [piece] : [', ', piece]))

export const paragraph = (...text: readonly Piece[]): Block => ({ type: 'paragraph', text })
export const list = (items: readonly Text[]): readonly Block[] => (items.length > 0 ? [{ type: 'list', items }] : [])
export const facts = (all: readonly (Fact | undefined)[]): Block => ({
  type: 'facts',
  facts: all.filter(fact => fact !== undefined),
})
export const table = (titles: readonly (string | Column)[], rows: readonly Row[]): Block => ({
  type: 'table',
  columns: titles.map(title => (typeof title === 'string' ? { title } : title)),
  rows,
})
export const number = (title: string): Column => ({ title, align: 'right' })
