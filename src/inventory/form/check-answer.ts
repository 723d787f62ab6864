// What a person typed, as the value that it means; or why it is none, by the schema that the inventory is checked by.
import type { Json } from '../../model/json.ts'
import { isReference } from '../../template/secrets.ts'
import { compileTemplate } from '../../template/template.ts'
import { truthOf } from '../../text/words.ts'
import { wantedOf, wantedWords } from '../../text/zod-words.ts'
import type { Field } from './field.ts'

export type Checked =
  | { readonly type: 'value'; readonly value: Json }
  | { readonly type: 'left-out' }
  | { readonly type: 'wrong'; readonly because: string }

/** Typed alone, it leaves out what was there or would be. */
export const leaveOut = '-'

/** @param offered What an empty answer means. */
export const checkAnswer = (field: Field, text: string, offered?: Json): Checked => {
  const typed = text.trim()
  if (typed === '' && offered !== undefined) return checkValue(field, offered)
  if (typed === '' || (typed === leaveOut && field.isOptional))
    return field.isOptional ? { type: 'left-out' } : { type: 'wrong', because: `needed: ${wantedOf(field.schema)}` }
  if (field.isSecret) return checkReference(typed)
  if (typed.includes('{{')) return checkTemplate(typed)
  const readings = readingsOf(typed)
  const fits = readings.find(value => field.schema.safeParse(value).success)
  return fits === undefined ? { type: 'wrong', because: whyNot(field, readings) } : { type: 'value', value: fits }
}

/** The same for a value that stands somewhere already, such as in the inventory. */
export const checkValue = (field: Field, value: Json): Checked => {
  if (field.isSecret) {
    const isNamed = typeof value === 'object' && value !== null && 'secret' in value
    return isNamed ? checkReference(String(value.secret)) : { type: 'value', value }
  }
  if (typeof value === 'string' && value.includes('{{')) return checkTemplate(value)
  return field.schema.safeParse(value).success
    ? { type: 'value', value }
    : { type: 'wrong', because: whyNot(field, [value]) }
}

const checkReference = (text: string): Checked =>
  isReference(text)
    ? { type: 'value', value: { secret: text } }
    : {
        type: 'wrong',
        because: 'where it is kept: env:NAME, file:PATH, command:WORDS or ask. The secret itself has no place here',
      }

const checkTemplate = (text: string): Checked => {
  const [problem] = compileTemplate(text, { file: '', line: 0, column: 1, width: 1, excerpt: '' }).problems
  return problem ? { type: 'wrong', because: problem.message } : { type: 'value', value: text }
}

/** All that the words may mean, as YAML would have it; a text first, since it is what stands there. */
const readingsOf = (typed: string): readonly Json[] => {
  const truth = typed.length === 1 ? { y: true, n: false }[typed.toLowerCase()] : truthOf(typed)
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(typed)
  return [
    typed,
    ...(isNumber ? [Number(typed)] : []),
    ...(truth === undefined ? [] : [truth]),
    typed.split(/\s*(?:,|→|\s)\s*/).filter(Boolean),
  ]
}

/** The reading that comes nearest tells it: one of the right type. */
const whyNot = ({ schema }: Field, readings: readonly Json[]): string => {
  const issues = readings.flatMap(
    value => schema.safeParse(value, { reportInput: true }).error?.issues.slice(0, 1) ?? [],
  )
  const issue = issues.find(({ code }) => code !== 'invalid_type') ?? issues[0]
  return `must be ${issue === undefined || issue.code === 'invalid_type' ? wantedOf(schema) : wantedWords(issue, schema)}`
}
