// Shows how a text changes, as a unified diff that tells line ends and a missing last one apart.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

export type DiffNames = {
  readonly from: string
  readonly to: string
  /** Unchanged lines around a change; 3 unless told. */
  readonly context?: number
}

/** @returns An empty text when both are the same. Ends with a line break otherwise. */
export const unifiedDiff = (before: string, after: string, { from, to, context = 3 }: DiffNames): string => {
  if (before === after) return ''
  const patch = createTwoFilesPatch(from, to, before, after, undefined, undefined, {
    context,
    headerOptions: FILE_HEADERS_ONLY,
  })
  return patch.replaceAll('\r\n', '␍\n')
}
