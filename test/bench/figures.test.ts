// From measures to figures, and from figures to a table that can be read.
import { describe, expect, it } from 'vitest'
import { figureOf, figuresOf } from '../../bench/figures.ts'
import { tableOf } from '../../bench/install/rows.ts'

const taken = (wallMs: number, cpuMs: number, peakKb: number) => ({ wallMs, cpuMs, peakKb, othersMs: 0, exitCode: 0 })

describe('a figure', () => {
  it.each([
    { of: [3], median: 3, min: 3, max: 3 },
    { of: [9, 1, 2], median: 2, min: 1, max: 9 },
    { of: [10, 2, 4, 100], median: 7, min: 2, max: 100 },
  ])('of $of is its middle and how far the others lie', ({ of, ...figure }) => {
    expect(figureOf(of)).toEqual(figure)
  })

  it('cannot be had from nothing', () => {
    expect(() => figureOf([])).toThrow(RangeError)
  })
})

describe('the ratio of a run to its floor', () => {
  it('is taken in each round, so that a round that was disturbed does not bend it', () => {
    const calm = { run: taken(1000, 500, 100), floor: taken(500, 1000, 50) }
    const disturbed = { run: taken(9000, 500, 100), floor: taken(4500, 1000, 50) }
    const { ratio } = figuresOf([calm, disturbed, calm])
    expect(ratio).toEqual({
      wall: { median: 2, min: 2, max: 2 },
      cpu: { median: 0.5, min: 0.5, max: 0.5 },
      peak: { median: 2, min: 2, max: 2 },
    })
  })

  it('is not there without a floor', () => {
    expect(Object.keys(figuresOf([{ run: taken(1, 1, 1), floor: undefined }]))).toEqual(['run'])
  })
})

describe('the table', () => {
  const withFloor = figuresOf([
    { run: taken(1200, 900, 90_000), floor: taken(600, 450, 30_000) },
    { run: taken(1400, 900, 90_000), floor: taken(700, 450, 30_000) },
  ])

  it('shows a run, its floor and their ratio below each other', () => {
    const row = { errand: 'second run', commands: 55, steps: '23 same', figures: withFloor }
    expect(`\n${tableOf([row])}`).toBe(`
|                  | commands |          wall, s | CPU, s | peak, MB | steps   |
| ---------------- | -------: | ---------------: | -----: | -------: | ------- |
| **second run**   |       55 | 1.30 (1.20–1.40) |   0.90 |       90 | 23 same |
| as many by \`ssh\` |       55 | 0.65 (0.60–0.70) |   0.45 |       30 |         |
| run ÷ \`ssh\`      |          |             2.00 |   2.00 |     3.00 |         |`)
  })
})
