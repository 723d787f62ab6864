// What no file of test/corpus can show: there each has the exact text of its faults beside it.
import { describe, expect, test } from 'vitest'
import { formatProblems } from '../../src/text/excerpt.ts'
import { block } from '../text/describe-problems.ts'
import { parse } from './parse-files.ts'

describe('what is wrong with the files of a playbook', () => {
  test('a playbook that is not there', () => {
    expect(formatProblems(parse({}).problems)).toBe('error[file-not-found] There is no file site.yml')
  })

  test('one address in two files of the same name', () => {
    const play = (path: string) => `- hosts: all\n  tasks:\n    - name: Make it\n      file: { path: ${path} }\n`
    const problems = parse({
      'site.yml': `${play('/a')}- import_playbook: more/site.yml\n`,
      'more/site.yml': play('/b'),
    }).problems
    expect(formatProblems(problems)).toBe(
      block(`
error[step-duplicate] Two steps have the address \`site/make-it\`
  more/site.yml:3:13
    3 |     - name: Make it
      |             ^^^^^^^
  seen    the other one is at site.yml:3:13
  help    give one of them another name`),
    )
  })
})
