import { describe, expect, it } from 'vitest'
import { reviewMarkdown, reviewOf } from '../../../src/report/index.ts'
import { loadScript, plan, planOf } from './a-plan.ts'
import { mixedRun } from './a-run.ts'

const markdown = reviewMarkdown(reviewOf(plan, { file: 'plan.json' }))

describe('a review as Markdown', () => {
  it('is this document', async () => {
    await expect(markdown).toMatchFileSnapshot('golden/review.md')
  })

  it('closes the change as this document', async () => {
    const closed = reviewMarkdown(reviewOf(plan, { file: 'plan.json', events: mixedRun() }))
    await expect(closed).toMatchFileSnapshot('golden/report.md')
  })

  it('has the same bytes for the same plan', () => {
    const again = JSON.parse(JSON.stringify(plan))
    expect(reviewMarkdown(reviewOf(again, { file: 'plan.json' }))).toBe(markdown)
  })

  it('is plain text of lines that a mail carries, but for tables, fences and words without a blank', () => {
    let isFenced = false
    for (const line of markdown.split('\n')) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      if (line.startsWith('```')) isFenced = !isFenced
      else if (!isFenced && !line.startsWith('|') && !line.startsWith('#') && line.includes(' `') === false)
        expect(line.length, line).toBeLessThanOrEqual(100)
    }
  })

  it('folds nothing: a long diff is there with each of its lines', () => {
    for (const line of loadScript) expect(markdown).toContain(`\n+${line}\n`)
  })

  it('keeps the columns of each table in line, whatever is in its cells', () => {
    const steps = plan.body.steps.map(step => ({ ...step, name: 'a | b `c` *d*', because: 'x|y' }))
    const text = reviewMarkdown(reviewOf(planOf({ steps }), { file: 'plan.json' }))
    const tables = text.split('\n\n').filter(block => block.startsWith('|'))
    expect(tables.length).toBeGreaterThan(5)
    for (const table of tables) {
      const bars = table.split('\n').map(row => [...row.replaceAll('\\|', '  ')].filter(sign => sign === '|').length)
      expect(new Set(bars).size, table).toBe(1)
    }
  })

  it('says so where nothing is to be done', () => {
    const steps = plan.body.steps.filter(({ outcome }) => outcome === 'same')
    const text = reviewMarkdown(reviewOf(planOf({ steps, risks: [], holds: [] }), { file: 'plan.json' }))
    expect(text).toContain('**0** would change')
    expect(text).toContain('Nothing is touched.')
    expect(text).toContain('Nothing is changed, so there is nothing to take back.')
  })
})
