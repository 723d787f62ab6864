// What every form of a doctor's findings counts and groups alike.
import { plural } from '../counts.ts'
import { oneLine } from '../printable.ts'
import type { Cell, Doctor, Finding } from './model.ts'

export type Group = { readonly sign: Cell['sign']; readonly hosts: readonly string[]; readonly text: string }

export const grouped = (cells: readonly Cell[]): readonly Group[] => {
  const keyOf = ({ sign, text }: Cell) => `${sign} ${oneLine(text)}`
  return [...new Set(cells.map(keyOf))].map(key => {
    const same = cells.filter(cell => keyOf(cell) === key)
    return { sign: same[0]?.sign ?? 'ok', hosts: same.map(({ host }) => host), text: oneLine(same[0]?.text ?? '') }
  })
}

/** Of what was not asked nobody can say so. */
export const nothingWrong = ({ length }: Doctor['notAsked']): string =>
  length === 0
    ? 'Nothing is wrong.'
    : `Nothing that was asked is wrong; ${plural(length, 'question')} ${length === 1 ? 'was' : 'were'} not asked.`

/** `2 wrong · 1 not known · 1 to be minded`. */
export const countOf = (findings: readonly Finding[]): string => {
  const words = { wrong: 'wrong', unknown: 'not known', mind: 'to be minded' } as const
  const counts = Object.entries(words).flatMap(([kind, word]) => {
    const count = findings.filter(finding => finding.kind === kind).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  return counts.join(' · ')
}

/** What one value would answer is told in one line. */
export const byReason = (notAsked: Doctor['notAsked']) =>
  [...new Set(notAsked.map(({ because }) => because))].map(because => ({
    because,
    names: notAsked.filter(each => each.because === because).map(({ name }) => name),
  }))
