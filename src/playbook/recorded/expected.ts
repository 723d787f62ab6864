// How a prompt that stood on a screen is recognised when it comes again, on another node too.

export type Changing = {
  /** Texts that another site has otherwise, such as values of the worksheet and names of nodes. */
  readonly texts: readonly string[]
}

export type Expected = {
  /** As a dialogue file writes it: a text, or a pattern between slashes. */
  readonly expect: string
  /** What it is called. */
  readonly name: string
  /** The default that the program offered. */
  readonly offered: string | undefined
}

/**
 * @param shown All that was shown since the answer before; the prompt stands at its end.
 * @param above How many lines more than the prompt's own are taken along, to tell it from others of the same words.
 */
export const expectedOf = (shown: string, { texts }: Changing, above = 0): Expected => {
  const lines = shown.split('\n')
  const cursor = lines.at(-1)?.trim() === '' ? trailingBlank(lines) : 0
  const said = lines.slice(0, lines.length - cursor)
  const last = said.at(-1) ?? ''
  const { text, offered } = withoutDefault(last.trim())
  const block = [...blockAbove(said, text, above), text].map(line => line.trim()).filter(line => line !== '')
  const name = nameOf(block)
  if (cursor > 0)
    return { expect: `/${block.map(line => pattern(line, texts)).join('\\s+')}[^\\n\\w]*\\n+/`, name, offered }
  const isFixed = block.length === 1 && !holdsAny(text, texts) && !/^\/.+\/[a-z]*$/s.test(text)
  const expect = isFixed ? text : `/${block.map(line => pattern(line, texts)).join('\\s+')}/`
  return { expect, name, offered }
}

/** How many blank lines stand at the end, the one with the cursor among them. */
const trailingBlank = (lines: readonly string[]): number => {
  const at = lines.findLastIndex(line => line.trim() !== '')
  return at < 0 ? 0 : lines.length - 1 - at
}

/** A menu belongs to its prompt; and a prompt without a word needs the line before it. */
const blockAbove = (lines: readonly string[], prompt: string, above: number): readonly string[] => {
  const before = lines.slice(0, -1)
  const menu = menuIn(before)
  if (menu) return menu
  const filled = before.filter(line => line.trim() !== '')
  const wanted = above + (/[\p{L}\p{N}]/u.test(prompt) ? 0 : 1)
  return wanted === 0 ? [] : filled.slice(-wanted)
}

const option = /^\s*[[(<]?\s*(?:\d{1,2}|[A-Za-z])\s*[\])>.:=-]+\s*\S/

/** Lines that look like options, with at most two others between them and the prompt. */
const menuIn = (lines: readonly string[]): readonly string[] | undefined => {
  let end = lines.length
  while (end > 0 && lines.length - end < 4 && !option.test(lines[end - 1] ?? '')) end -= 1
  let begin = end
  while (begin > 0 && (option.test(lines[begin - 1] ?? '') || lines[begin - 1]?.trim() === '')) begin -= 1
  const options = lines.slice(begin, end).filter(line => line.trim() !== '')
  return options.length >= 2 ? [...options, ...lines.slice(end).filter(line => line.trim() !== '')] : undefined
}

/** Cuts a default off that stands at the end in brackets, with what stands behind it. */
const withoutDefault = (line: string): { readonly text: string; readonly offered: string | undefined } => {
  const [whole, square, angle, curly, round] =
    /\s*(?:\[([^[\]]*)\]|<([^<>]*)>|\{([^{}]*)\}|\(([^()\s]*[\d%.][^()\s]*)\))[\s:?.>#$*=-]*$/.exec(line) ?? []
  const offered = (square ?? angle ?? curly ?? round)?.trim()
  if (whole === undefined || whole === line) return { text: line, offered }
  return { text: line.slice(0, line.length - whole.length), offered }
}

const holdsAny = (line: string, texts: readonly string[]): boolean => texts.some(text => line.includes(text))

/** Blanks may be more or fewer; what another site has otherwise may be anything. */
const pattern = (line: string, texts: readonly string[]): string => {
  const changing = [...texts].sort((one, other) => other.length - one.length).map(escaped)
  const parts = changing.length > 0 ? line.split(new RegExp(`(${changing.join('|')})`)) : [line]
  return parts.map((part, index) => (index % 2 === 1 ? '[^\\n]+?' : escaped(part).replace(/\s+/g, '\\s+'))).join('')
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const nameOf = (block: readonly string[]): string => {
  const words = [...block].reverse().map(line =>
    line
      .replace(/\([^()]*\)|\[[^[\]]*\]/g, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  )
  return (words.find(line => line !== '') ?? 'prompt').slice(0, 48).trim()
}
