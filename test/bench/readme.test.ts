// Figures go between the markers, and nothing else of the page moves.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { partNames } from '../../bench/options.ts'
import { withFigures } from '../../bench/readme.ts'

const readme = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8')

describe('bench/README.md', () => {
  it.each(partNames)('takes new figures of %s in place of the old ones', part => {
    const first = withFigures(readme, part, 'one\n')
    const second = withFigures(first, part, 'two\n')
    expect(second).toBe(first.replace('\none\n', '\ntwo\n'))
    expect(withFigures(second, part, 'one')).toBe(first)
  })

  it('must have its markers', () => {
    expect(() => withFigures('# What a run costs\n', 'start', 'one')).toThrow('has lost its markers')
  })
})
