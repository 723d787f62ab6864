// The answers that an inventory gives already, whether it is finished or not.
import { parseDocument } from 'yaml'
import type { ZodType } from 'zod'
import type { Json } from '../../model/json.ts'
import { type Answers, type Field, fieldsFor } from './field.ts'

/** Which nodes there are decides what else is asked, so it is read twice. */
export const answersIn = (text: string, worksheet: ZodType): Answers => {
  const tree: unknown = parseDocument(text, { logLevel: 'silent' }).toJS()
  return readFields(tree, fieldsFor(worksheet, readFields(tree, fieldsFor(worksheet, new Map()))))
}

const readFields = (tree: unknown, fields: readonly Field[]): Answers =>
  new Map(
    fields.flatMap(({ key, place }) => {
      const value = valueAt(tree, place)
      return value === undefined || value === null ? [] : [[key, value as Json] as const] // YAML holds nothing else
    }),
  )

export const valueAt = (tree: unknown, place: readonly string[]): unknown =>
  place.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
    tree,
  )
