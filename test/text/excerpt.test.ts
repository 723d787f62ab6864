import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { formatProblem, formatProblems, type ProblemStyle } from '../../src/text/excerpt.ts'
import { source } from '../../src/text/source.ts'
import { block } from './describe-problems.ts'

const dialogue = source('d.yml', 'name: x\n\t- expect: Directory for shared storage\n')

describe('a problem reads', () => {
  test('with place, step, what was seen and wanted, and the way on', () => {
    const problem = new Problem({
      code: 'prompt-unknown',
      summary: 'The installer asked something that the dialogue does not know',
      span: dialogue.span(11, 17),
      host: 'node2',
      step: 'install/installer',
      seen: '"Schema must be extended. Continue? (y/n)"',
      wanted: '/Directory for shared storage/',
      state: 'nothing was answered\nnode1 verified · node2 2 of 6 steps',
      help: 'add the prompt to the dialogue',
      // biome-ignore lint/suspicious/noThenProperty: the field of a problem that says how to go on
      then: 'run resume 2026-11-23-0612',
      excerpt: 'Installing…\nSchema must be extended.\n',
    })
    expect(formatProblem(problem)).toBe(
      block(`
error[prompt-unknown] The installer asked something that the dialogue does not know
  d.yml:2:4
    2 |  - expect: Directory for shared storage
      |    ^^^^^^ step install/installer@node2
  seen    "Schema must be extended. Continue? (y/n)"
  wanted  /Directory for shared storage/
  state   nothing was answered
          node1 verified · node2 2 of 6 steps
  help    add the prompt to the dialogue
  then    run resume 2026-11-23-0612
    Installing…
    Schema must be extended.`),
    )
  })

  test('without a place, when it has none', () => {
    const problem = new Problem({
      code: 'host-unreachable',
      summary: 'node1 does not answer',
      host: 'node1',
      help: 'ping it',
    })
    expect(formatProblem(problem)).toBe('error[host-unreachable] node1 does not answer\n  on node1\n  help    ping it')
  })

  test('with a long line cut around its place', () => {
    const text = `key: ${'x'.repeat(200)} HERE ${'y'.repeat(200)}`
    const span = source('f.yml', text).span(text.indexOf('HERE'), text.indexOf('HERE') + 4)
    const [, , line = '', mark = ''] = formatProblem(new Problem({ code: 'c', summary: 's', span })).split('\n')
    expect(line.length).toBeLessThan(130)
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('HERE')
  })

  test('without anything that a terminal would obey', () => {
    const problem = new Problem({ code: 'c', summary: 'a\x1b[2Jb', seen: 'x\x07', excerpt: '\x1b]0;title\x07' })
    expect(formatProblem(problem)).toBe('error[c] a�[2Jb\n  seen    x�\n    �]0;title�')
  })

  test('in colour, when the caller has some', () => {
    const paint = (name: string) => (text: string) => `<${name}>${text}</${name}>`
    const style: ProblemStyle = {
      error: paint('e'),
      place: paint('p'),
      mark: paint('m'),
      label: paint('l'),
      help: paint('h'),
    }
    const problem = new Problem({ code: 'c', summary: 's', span: dialogue.span(0, 4), help: 'do it' })
    expect(formatProblem(problem, style)).toBe(
      '<e>error[c]</e> s\n  <p>d.yml:1:1</p>\n  <l>  1 |</l> name: x\n  <l>    |</l> <m>^^^^</m>\n  <l>help   </l> <h>do it</h>',
    )
  })
})

test('several problems come in the order of their places, and are counted', () => {
  const at = (offset: number) => new Problem({ code: 'c', summary: `at ${offset}`, span: dialogue.span(offset) })
  const printed = formatProblems([at(20), at(3), new Problem({ code: 'c', summary: 'nowhere' })])
  expect(printed.match(/at \d+|nowhere|\d problems/g)).toEqual(['nowhere', 'at 3', 'at 20', '3 problems'])
})
