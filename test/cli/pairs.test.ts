// What stands behind `-e` as pairs: the texts that ansible-core 2.14 makes of the same words. It refuses a single quote
// within a word, which is taken as it is here.
import { expect, it } from 'vitest'
import { readExtraVars } from '../../src/cli/extra-vars.ts'
import { pairsIn } from '../../src/cli/pairs.ts'

const given = async (text: string): Promise<unknown> => {
  const { variables, problems } = await readExtraVars([text], '/nowhere')
  return problems.length > 0 ? problems.map(({ code }) => code) : variables?.variables
}

it.each([
  ['v=1.10', { v: '1.10' }],
  ['v=0644 w=007', { v: '0644', w: '007' }],
  ['v=1e3', { v: '1e3' }],
  ['v=12345678901234567890', { v: '12345678901234567890' }],
  ['v=no w=false x=null', { v: 'no', w: 'false', x: 'null' }],
  ['v=', { v: '' }],
  ['v= w=1', { v: '', w: '1' }],
  ['v=#b w=*x x=&x y=%a z=!x', { v: '#b', w: '*x', x: '&x', y: '%a', z: '!x' }],
  ['v=[1,2]', { v: '[1,2]' }],
  ['v=a=b', { v: 'a=b' }],
  ["v='two words' w=\"and 'three' more\"", { v: 'two words', w: "and 'three' more" }],
  ['v=\'5\' w=""', { v: '5', w: '' }],
  ['v="a \\"b\\" c"', { v: 'a "b" c' }],
  ["v=it's", { v: "it's" }],
  ['v=a\\nb w="c\\td"', { v: 'a\nb', w: 'c\td' }],
  ['v=\\x41\\u00e9 w=\\d\\.', { v: 'Aé', w: '\\d\\.' }],
  ['v=C:\\Temp', { v: 'C:\\Temp' }],
  ['v=ü', { v: 'ü' }],
  ['{"v": 5, "w": false}', { v: 5, w: false }],
  ['{v: 1.5}', { v: 1.5 }],
  ['v=a b', ['variables-wrong']],
  ["v='a b", ['variables-wrong']],
])('%s', async (text, wanted) => expect(await given(text)).toEqual(wanted))

it('keeps a template with blanks together', () => {
  expect(pairsIn('v={{ a | upper }}-x w=2')).toEqual([
    { key: 'v', value: '{{ a | upper }}-x' },
    { key: 'w', value: '2' },
  ])
})
