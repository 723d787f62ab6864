// Shows how a text changes, as a unified diff that tells line ends and a missing last one apart.
import { createHash } from 'node:crypto'
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

export type DiffNames = {
  readonly from: string
  readonly to: string
  /** Unchanged lines around a change, 3 unless told; `all` shows the whole text. */
  readonly context?: number | 'all'
}

/** Of many hosts each has the same change, one after the other. */
let last: { readonly asked: readonly unknown[]; readonly diff: string } | undefined

/** @returns An empty text when both are the same. Ends with a line break otherwise. */
export const unifiedDiff = (before: string, after: string, { from, to, context = 3 }: DiffNames): string => {
  if (before === after) return ''
  const asked = [before, after, from, to, context]
  if (!last?.asked.every((value, at) => value === asked[at]))
    last = { asked, diff: diffOf(before, after, { from, to, context }) }
  return last.diff
}

const diffOf = (before: string, after: string, { from, to, context }: Required<DiffNames>): string => {
  const patch = createTwoFilesPatch(from, to, before, after, undefined, undefined, {
    context: context === 'all' ? Number.MAX_SAFE_INTEGER : context,
    headerOptions: FILE_HEADERS_ONLY,
  })
  return patch.replaceAll('\r\n', '␍\n')
}

/** True where lines would say nothing: a zero byte, or bytes that are no text in UTF-8. */
export const isBinary = (text: string): boolean => text.includes('\0') || text.includes('\uFFFD')

/** What a binary content is known by: `12 bytes, sha256 0123456789ab`. */
export const binaryInWords = (content: string): string =>
  `${Buffer.byteLength(content)} bytes, sha256 ${createHash('sha256').update(content).digest('hex').slice(0, 12)}`

/**
 * The first lines of a long diff, and what is left out.
 *
 * @param longest Lines that are shown at most; a diff of one line more is shown whole.
 */
export const foldDiff = (lines: readonly string[], longest: number): readonly string[] => {
  const rest = lines.slice(longest)
  if (rest.length < 2) return lines
  const [added, removed] = ['+', '-'].map(sign => rest.filter(line => line.startsWith(sign)).length)
  return [...lines.slice(0, longest), `… ${rest.length} more lines of ${lines.length} (+${added} −${removed})`]
}
