// A name may be written in any language, wherever in it ASCII ends.
import { expect, it } from 'vitest'
import { TemplateFault, tokenizeExpression } from '../../src/template/lexer.ts'

it.each([
  ['größe + 1', ['größe', '+', '1']],
  ['über.größe', ['über', '.', 'größe']],
  ['ünder_1é', ['ünder_1é']],
  ['a日b == 日本', ['a日b', '==', '日本']],
  ["'é' ~ é", ['é', '~', 'é']],
  ['a\u00a0and\u00a0b', ['a', 'and', 'b']],
  ['𝒳1', ['𝒳1']],
])('reads %j as %j', (text, words) => {
  const tokens = tokenizeExpression(text).slice(0, -1)
  expect(tokens.map(({ value }) => value)).toEqual(words)
  for (const { type, value, start, end } of tokens) if (type === 'name') expect(text.slice(start, end)).toBe(value)
})

it.each(['a → b', '→', 'a “b”', '1 € 2'])('has no meaning for a sign that is no letter: %j', text => {
  expect(() => tokenizeExpression(text)).toThrow(TemplateFault)
})
