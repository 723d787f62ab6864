// docs/manual.yml as values: one row for each numbered step of the manual.
import { parse } from 'yaml'
import { z } from 'zod'
import { readText } from './pages.ts'

const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform(value => (typeof value === 'string' ? [value] : value))

const row = z
  .strictObject({
    number: z.string().optional(),
    text: z.string().min(1),
    step: oneOrMore.optional(),
    why: z.string().min(1).optional(),
    errata: oneOrMore.default([]),
  })
  .refine(({ step, why }) => (step === undefined) !== (why === undefined), 'exactly one of `step` and `why`')

const schema = z.array(z.strictObject({ section: z.string(), steps: z.array(row).min(1) }))

export type Row = z.output<typeof row> & {
  readonly section: string
  /** How a `source:` of a playbook names it, such as `11.2.1 testing, 1`. */
  readonly name: string
}

export const manualRows = (): readonly Row[] =>
  schema
    .parse(parse(readText('docs/manual.yml')))
    .flatMap(({ section, steps }) => steps.map(step => ({ ...step, section, name: nameOf(section, step.number) })))

const nameOf = (section: string, number: string | undefined): string =>
  number === undefined ? section : `${section}, ${number}`

/**
 * What a `source:` names: rows of the manual, or `errata D10`.
 *
 * `11.2.1 preferred node, 2 to 4; testing, 1 and 2` names five rows: a part without a chapter is in the chapter before.
 */
export const namedBy = (source: string): readonly string[] => {
  let chapter = ''
  return source.split(';').flatMap(part => {
    const [, ownChapter, title = '', numbers] = /^\s*(?:(\d[\d.]*)\s+)?([^,]+?)(?:,\s*(.+?))?\s*$/.exec(part) ?? []
    if (title.startsWith('errata ')) return [title]
    chapter = ownChapter ?? chapter
    return numbersIn(numbers).map(number => nameOf(`${chapter} ${title}`, number))
  })
}

const numbersIn = (words: string | undefined): readonly (string | undefined)[] => {
  const [, first, last] = /^(\d+) to (\d+)$/.exec(words ?? '') ?? []
  if (first === undefined || last === undefined) return words?.split(/,| and /).map(word => word.trim()) ?? [undefined]
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => String(Number(first) + index))
}
