// How the directory writes a list of nodes, a mode and a timeout is not known: read off the value that is there, or not at all.
import { ownName } from './entry.ts'
import type { FieldValue, Held } from './fields.ts'

/** Something that was read, and how to write another one in the same form. */
export type Form<Meaning> = {
  readonly value: Meaning
  /** @returns Nothing where the form that is there does not show how. */
  write(other: Meaning): Written | undefined
}

type Written = NonNullable<FieldValue>

/**
 * A list of nodes, best first: names or distinguished names, a value each; or names in one value, with one kind of
 * separator between them.
 *
 * @param known Names of the nodes of the cluster, as the directory writes them.
 * @returns Nothing where it is written otherwise. A single name does not show how a second one would be written, so it
 *   can be read and written for one node only.
 */
export const nodesForm = (seen: FieldValue, known: readonly string[]): Form<readonly string[]> | undefined => {
  const values = textsIn(seen)
  if (!values) return undefined
  const spell = (name: string): string | undefined => known.find(node => isSame(node, name))
  return valuesForm(values, spell) ?? separatedForm(values, spell)
}

type Spell = (name: string) => string | undefined

/** A value each. */
const valuesForm = (values: readonly string[], spell: Spell): Form<readonly string[]> | undefined => {
  const [first = '', ...others] = values
  const isName = first.includes('=') && first.includes(',')
  const rest = isName ? first.slice(first.indexOf(',')) : ''
  const type = isName ? first.slice(0, first.indexOf('=') + 1) : ''
  const nodes = values.map(value => nodeIn(value, { type, rest }))
  if (nodes.some(node => node === undefined || spell(node) === undefined)) return undefined
  return {
    value: nodes.map(node => spell(node ?? '') ?? ''),
    write: wanted => {
      if (wanted.length > 1 && others.length === 0 && !isName) return undefined
      const written = wanted.map(node => `${type}${spell(node) ?? node}${rest}`)
      const [single, ...more] = written
      return more.length === 0 && single !== undefined ? single : written
    },
  }
}

const nodeIn = (value: string, { type, rest }: { type: string; rest: string }): string | undefined => {
  if (rest === '') return value
  const isOfForm = isSame(value.slice(0, type.length), type) && isSame(value.slice(value.indexOf(',')), rest)
  return isOfForm ? ownName(value) : undefined
}

/** All in one value. */
const separatedForm = (
  [text = '', ...others]: readonly string[],
  spell: Spell,
): Form<readonly string[]> | undefined => {
  const [, before = '', list = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? []
  const [separator, ...different] = new Set(list.match(/[\s,;]+/g) ?? [])
  if (others.length > 0 || separator === undefined || different.length > 0) return undefined
  const nodes = list.split(separator)
  if (nodes.some(node => spell(node) === undefined)) return undefined
  return {
    value: nodes.map(node => spell(node) ?? ''),
    write: wanted => `${before}${wanted.map(node => spell(node) ?? node).join(separator)}${after}`,
  }
}

/**
 * A mode: by the codes that the site gives, else a word in whatever case.
 *
 * @param meanings All that it can be.
 */
export const modeForm = <Meaning extends string>(
  seen: FieldValue,
  {
    meanings,
    codes,
  }: { readonly meanings: readonly Meaning[]; readonly codes?: Readonly<Record<string, string>> | undefined },
): Form<Meaning> | undefined => {
  if (typeof seen !== 'string') return undefined
  const coded = meanings.find(meaning => codes?.[meaning] === seen)
  if (coded !== undefined) return { value: coded, write: wanted => codes?.[wanted] }
  const word = meanings.find(meaning => isSame(meaning, seen))
  return word && { value: word, write: wanted => inCaseOf(seen, wanted) }
}

const inCaseOf = (seen: string, word: string): string => {
  if (seen === seen.toUpperCase()) return word.toUpperCase()
  return seen[0] === seen[0]?.toUpperCase() ? `${word[0]?.toUpperCase()}${word.slice(1)}` : word
}

/** Whole units of time. */
export const timeoutForm = (seen: FieldValue, secondsPerUnit: number): Form<number> | undefined =>
  typeof seen === 'string' && /^\d{1,9}$/.test(seen)
    ? { value: Number(seen) * secondsPerUnit, write: seconds => wholeUnits(seconds / secondsPerUnit) }
    : undefined

const wholeUnits = (units: number): string | undefined => (Number.isInteger(units) ? String(units) : undefined)

const textsIn = (seen: FieldValue): readonly string[] | undefined => {
  const values: readonly Held[] = seen === null ? [] : typeof seen === 'string' || 'base64' in seen ? [seen] : seen
  return values.length > 0 && values.every(value => typeof value === 'string') ? values : undefined
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
