import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/model/events.ts'
import { recordHtml, recordMarkdown, recordOf } from '../../../src/report/index.ts'
import { dryRun, ended, failedRun, goodRun, stamped, started, unheard } from '../story.ts'

const record = (events: readonly RunEvent[]) => {
  const found = recordOf(events)
  if (!found) throw new Error('no run began')
  return found
}

describe('the record of a run without a plan', () => {
  it('is this document', async () => {
    await expect(recordMarkdown(record(failedRun()))).toMatchFileSnapshot('golden/record.md')
  })

  it('tells a run that went well without a word of what is left', () => {
    const text = recordMarkdown(record(goodRun()))
    expect(text).toContain('**9** changed\n')
    expect(text).toContain('## Left to do by hand\n\nNothing.\n')
  })

  it('counts as the screen does: a failure that was let pass is none of the run', () => {
    const passed = ended('node1', 'install/mount', { outcome: 'failed', problem: unheard, ignored: true })
    expect(recordMarkdown(record(stamped([started(), passed])))).toContain(
      '\n**1** failed and let pass · **8** not reached\n',
    )
  })

  it('calls a dry run a dry run', () => {
    expect(recordMarkdown(record(dryRun()))).toMatch(/^# Dry run report: install on msgr1\n/)
  })

  it('is the same as HTML, which fetches nothing', () => {
    const html = recordHtml(record(failedRun()))
    expect(html).toContain('<h2>What happened</h2>')
    expect(html).not.toMatch(/(?:src|href)="(?!#)/)
  })

  it('is none where no run began', () => {
    expect(recordOf([])).toBeUndefined()
  })
})
