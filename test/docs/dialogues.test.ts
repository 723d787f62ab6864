// docs/dialogues.md: its examples can be read, its excerpts are in the file, its tables are those of the code.
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseDialogue } from '../../src/playbook/dialogue.ts'
import { readText } from './pages.ts'

const page = readText('docs/dialogues.md')

const blocks = [...page.matchAll(/^```yaml ?(.*)\n([\s\S]*?)^```$/gm)].map(([, from = '', text = '']) => ({
  from,
  text,
}))
const keys = [...page.matchAll(/^\| `(\w+)` +\| `(.+?)` +\|/gm)].map(([, key = '', example = '']) => ({ key, example }))
const codes = [...page.matchAll(/^\| `([a-z]+(?:-[a-z]+)+)` +\|/gm)].map(([, code = '']) => code)

const problemsOf = (text: string) => parseDialogue({ file: 'example.yml', text }).problems.map(({ message }) => message)

describe('examples', () => {
  it.each(blocks.filter(({ from }) => from === ''))('read without a fault', ({ text }) => {
    expect(parse(text)).toHaveProperty('prompts')
    expect(problemsOf(text)).toEqual([])
  })

  it.each(blocks.filter(({ from }) => from !== ''))('from $from stand there', ({ from, text }) => {
    for (const prompt of parse(text))
      expect(parse(readText(from)).prompts).toContainEqual(expect.objectContaining(prompt))
    expect(problemsOf(readText(from))).toEqual([])
  })
})

describe('keys of a prompt', () => {
  it.each(keys)('$key can be written as shown', ({ key, example }) => {
    const others = key === 'expect' ? '' : '    expect: Go on?\n'
    expect(problemsOf(`prompts:\n  - ${key}: ${example}\n${others}`)).toEqual([])
  })

  it('are all that the parser knows', () => {
    const [, known = ''] = /promptKeys = \[(.*?)\]/s.exec(readText('src/playbook/dialogue.ts')) ?? []
    expect(keys.map(({ key }) => key)).toEqual([...known.matchAll(/'(\w+)'/g)].map(([, key]) => key))
  })
})

it('the codes are those of src/shell/dialogue-problems.ts', () => {
  const known = [...readText('src/shell/dialogue-problems.ts').matchAll(/code: '([\w-]+)'/g)].map(([, code]) => code)
  expect(codes.toSorted()).toEqual([...new Set(known)].sort())
})
