// Figures go between the markers, and nothing else of the page moves.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withFigures } from '../../bench/readme.ts'

const readme = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8')

describe('bench/README.md', () => {
  it('takes new figures in place of the old ones', () => {
    const first = withFigures(readme, 'one\n')
    const second = withFigures(first, 'two\n')
    expect(second).toBe(first.replace('\none\n', '\ntwo\n'))
    expect(withFigures(second, 'one')).toBe(first)
  })

  it('must have its markers', () => {
    expect(() => withFigures('# What a run costs\n', 'one')).toThrow('has lost its markers')
  })
})
