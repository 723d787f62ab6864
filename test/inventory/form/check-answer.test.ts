// What a person types is the value that the inventory would have, by its own schema; or it is told why not.
import { expect, it } from 'vitest'
import { z } from 'zod'
import { checkAnswer } from '../../../src/inventory/form/check-answer.ts'
import type { Field } from '../../../src/inventory/form/field.ts'

const field = (schema: z.ZodType, more: Partial<Field> = {}): Field => ({
  key: 'it',
  place: ['all', 'vars', 'it'],
  about: 'it',
  schema,
  isOptional: false,
  isSecret: false,
  isAsked: () => true,
  ...more,
})
const text = field(z.string())
const whole = field(z.int().min(1).max(9))
const truth = field(z.boolean())
const list = field(z.array(z.string()).min(1))
const optional = field(z.string().optional(), { isOptional: true })
const secret = field(z.string(), { isSecret: true })

it.each([
  [text, ' two words ', 'two words'],
  [text, '389', '389'],
  [text, 'yes', 'yes'],
  [whole, '5', 5],
  [field(z.union([z.literal(389), z.literal(636)])), '636', 636],
  [truth, 'y', true],
  [truth, 'No', false],
  [truth, 'off', false],
  [list, 'a, b c → d', ['a', 'b', 'c', 'd']],
  [list, 'a', ['a']],
  [secret, 'env:NAME', { secret: 'env:NAME' }],
  [secret, 'ask', { secret: 'ask' }],
  [whole, '{{ other }}', '{{ other }}'],
] as const)('is a value: %#', (one, typed, value) => expect(checkAnswer(one, typed)).toEqual({ type: 'value', value }))

it.each([
  [whole, '0', 'must be at least 1'],
  [whole, 'x', 'must be a whole number, 1 to 9'],
  [truth, 'maybe', 'must be true or false'],
  [field(z.enum(['nss', 'lvm'])), 'lvn', 'must be nss or lvm'],
  [field(z.string().regex(/^x/, 'an x')), 'y', 'must be an x'],
  [text, '', 'needed: a text'],
  [text, '{{ open', '{{ is not closed'],
  [secret, 'Sesam-4711', expect.stringContaining('The secret itself has no place here')],
  [secret, 'env:', expect.stringContaining('env:NAME')],
] as const)('is told why it is none: %#', (one, typed, because) =>
  expect(checkAnswer(one, typed)).toEqual({ type: 'wrong', because }),
)

it('never says a secret that was typed', () =>
  expect(JSON.stringify(checkAnswer(secret, 'Sesam-4711'))).not.toContain('Sesam'))

it('takes what is offered where nothing is typed, and checks that too', () => {
  expect(checkAnswer(whole, '', 5)).toEqual({ type: 'value', value: 5 })
  expect(checkAnswer(whole, '', 77)).toEqual({ type: 'wrong', because: 'must be at most 9' })
  expect(checkAnswer(optional, '', 'offered')).toEqual({ type: 'value', value: 'offered' })
})

it('leaves out what can be left out', () => {
  expect(checkAnswer(optional, '')).toEqual({ type: 'left-out' })
  expect(checkAnswer(optional, '-', 'offered')).toEqual({ type: 'left-out' })
  expect(checkAnswer(text, '-')).toEqual({ type: 'value', value: '-' })
})
