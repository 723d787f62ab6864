// Whole diffs; a long one can be closed on a screen, and says how long it is.
import { plural } from '../../counts.ts'
import type { Block } from '../blocks.ts'

/** More lines than this can be closed. */
const longDiff = 40

export const diffBlocks = (lines: readonly string[]): readonly Block[] => {
  if (lines.length === 0) return []
  const diff: Block = { type: 'diff', lines }
  if (lines.length <= longDiff) return [diff]
  const body = lines.filter(line => !line.startsWith('---') && !line.startsWith('+++'))
  const [added, removed] = ['+', '-'].map(sign => body.filter(line => line.startsWith(sign)).length)
  const title = `Diff of ${plural(lines.length, 'line')}: ${added} come, ${removed} go`
  return [{ type: 'fold', title: [title], isOpen: false, blocks: [diff] }]
}
