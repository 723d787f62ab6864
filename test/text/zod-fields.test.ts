// The single values of a schema: in their order, each with what is said of it, however it is wrapped.
import { expect, it } from 'vitest'
import { z } from 'zod'
import { fieldsOf } from '../../src/text/zod-fields.ts'
import { wantedOf } from '../../src/text/zod-words.ts'

const schema = z.looseObject({
  disk: z
    .strictObject({
      kind: z.enum(['a', 'b']).meta({ description: 'which kind', source: '1.2' }),
      size: z.int().min(1).max(9).default(5).meta({ description: 'how large' }),
    })
    .refine(() => true),
  more: z.strictObject({ name: z.string().default('x'), must: z.string() }).prefault({ must: 'y' }),
  place: z.strictObject({ object: z.string().meta({ description: 'which' }) }).optional(),
  word: z.string().meta({ description: 'inner' }).nullish().meta({ title: 'outer' }),
})

const told = fieldsOf(schema).map(({ path, isOptional, usual, meta }) => [path.join('.'), isOptional, usual, meta])

it('are all leaves, with defaults and what their author says', () =>
  expect(told).toEqual([
    ['disk.kind', false, undefined, { description: 'which kind', source: '1.2' }],
    ['disk.size', true, 5, { description: 'how large' }],
    ['more.name', true, 'x', {}],
    ['more.must', false, undefined, {}],
    ['place.object', true, undefined, { description: 'which' }],
    ['word', true, undefined, { description: 'inner', title: 'outer' }],
  ]))

it.each([
  [z.int().min(1).max(65535), 'a whole number, 1 to 65535'],
  [z.int(), 'a whole number'],
  [z.number().min(0), 'a number, 0 or more'],
  [z.enum(['a', 'b']).optional(), 'a or b'],
  [z.union([z.literal(389), z.literal(636)]), '389 or 636'],
  [z.string(), 'a text'],
  [z.string().regex(/^x$/, 'an x'), 'an x'],
  [z.string().meta({ title: 'absolute path' }).nullish(), 'absolute path'],
  [z.boolean().default(true), 'true or false'],
  [z.array(z.string()), 'a list'],
] as const)('what is wanted, in words: %#', (one, words) => expect(wantedOf(one)).toBe(words))
