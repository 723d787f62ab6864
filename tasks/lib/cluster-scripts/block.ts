// The marked part of a script, which is ours: found, taken out and put in, while all around it stays as it is.
import { Problem } from '#task'

const begin = /^# begin run\b/
const end = /^# end run\b/

/** Which lines the block has, without its line breaks. */
type Block = { readonly from: number; readonly to: number }

export const linesOf = (script: string): readonly string[] => script.split(/\r?\n/)

/**
 * The block of a script, marks and all.
 *
 * @throws {Problem} `script-marks-broken` where the marks are not one pair; what is between is then anybody's guess.
 */
export const findBlock = (lines: readonly string[], name: string): Block | undefined => {
  const begins = lines.flatMap((line, at) => (begin.test(line) ? [at] : []))
  const ends = lines.flatMap((line, at) => (end.test(line) ? [at] : []))
  const [from, to] = [begins[0], ends[0]]
  if (from === undefined && to === undefined) return undefined
  if (from !== undefined && to !== undefined && from < to && begins.length + ends.length === 2) return { from, to }
  throw marksBroken(
    name,
    [...begins, ...ends].sort((one, other) => one - other),
  )
}

/** The block of a script that was generated as a whole, where there always is one. */
export const blockOf = (generated: string, name: string): readonly string[] => {
  const lines = linesOf(generated)
  const block = findBlock(lines, name)
  if (block === undefined) throw new Error(`the template of the ${name} has no marked block`)
  return lines.slice(block.from, block.to + 1)
}

/** The lines without the block and the empty line that belongs to it: as they were before it was put in. */
export const withoutBlock = (lines: readonly string[], name: string): readonly string[] => {
  const block = findBlock(lines, name)
  if (block === undefined) return lines
  const after = lines[block.to + 1] === '' ? block.to + 2 : block.to + 1
  return [...lines.slice(0, block.from), ...lines.slice(after)]
}

const marksBroken = (name: string, at: readonly number[]): Problem =>
  new Problem({
    code: 'script-marks-broken',
    summary: `The marks of our part of the ${name} are not one pair, so nobody can tell what is ours`,
    seen: `marks in line ${at.map(index => index + 1).join(', ')}`,
    wanted: 'one line `# begin run` and, below it, one line `# end run`',
    help: 'take the marks away, and what is ours with them; the next run puts it in anew',
  })
