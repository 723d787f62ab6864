// What nodes, programs and journals say is only text, wherever it is shown: nothing of it moves a cursor, opens a tag,
// begins a line of its own, or turns the direction of writing.
import { describe, expect, it, vi } from 'vitest'
import { personAt } from '../../src/cli/person.ts'
import { tellEarlier } from '../../src/cli/resume-words.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { Problem } from '../../src/model/problem.ts'
import {
  foldAll,
  type PlainOptions,
  plainView,
  planJson,
  planMarkdown,
  planOf,
  planText,
  replay,
  reviewHtml,
  reviewMarkdown,
  reviewOf,
  treeView,
} from '../../src/report/index.ts'
import { formatProblem } from '../../src/text/excerpt.ts'
import { plan } from './review/a-plan.ts'
import { mixedRun } from './review/a-run.ts'
import { dryRun, failedRun, firstMs, goodRun, unheard } from './story.ts'
import { openTerminal } from './tree/terminal.ts'

const hostile =
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u001bP1$q\u001b\\\r\u0008\u202egnitirw\u2066\u200b\n::error::forged\r\n</code></pre><script>alert(1)</script><img src=x onerror=alert(1)>\n# forged\n```\n| a | b |\n[x](javascript:alert(1))\ud800'

/** Words of our own: what they are is checked elsewhere, and no node says them. */
const own = new Set([
  'type',
  'outcome',
  'evidence',
  'mode',
  'at',
  'strategy',
  'answer',
  'code',
  'play',
  'digest',
  'created',
  'validUntil',
  'run',
  'origin',
  'sha256',
  // Names of ours, or of an inventory, which refuses what nobody sees.
  'step',
  'host',
  'hosts',
  'order',
  'hold',
  'kind',
  'within',
  'handler',
  'cluster',
  'playbook',
])

/** The same, with every free text ended by the hostile one. */
const spoiled = <Value>(value: Value, key = ''): Value => {
  const spoil = (each: unknown, name: string): unknown => {
    if (typeof each === 'string') return own.has(name) ? each : each + hostile
    if (Array.isArray(each)) return each.map(item => spoil(item, name))
    if (typeof each !== 'object' || each === null) return each
    return Object.fromEntries(Object.entries(each).map(([below, inner]) => [below, spoil(inner, below)]))
  }
  return spoil(value, key) as Value // only texts are longer than they were
}

/** What is shown, apart from our own line breaks, obeys nobody. */
const expectTame = (text: string): void => {
  const wild = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/
  expect(text.split('\n').filter(line => wild.test(line))).toEqual([])
}

const runs: readonly (readonly [string, readonly RunEvent[]])[] = [
  ['a good run', spoiled(goodRun())],
  ['a failed run', spoiled(failedRun())],
  ['a dry run', spoiled(dryRun())],
]

const plain = (events: readonly RunEvent[], options: PlainOptions): string => {
  let text = ''
  const view = plainView(more => {
    text += more
  }, options)
  replay(events, view)
  return text
}

describe.each(runs)('%s of a hostile node', (_, events) => {
  it('is tame as plain lines, and no line of it is forged', () => {
    const text = plain(events, { verbose: true, diff: true })
    expectTame(text)
    expect(text.split('\n').filter(line => /^(?:::error|# forged)/.test(line))).toEqual([])
  })

  it('is tame on a terminal', () => {
    vi.useFakeTimers({ now: firstMs })
    const terminal = openTerminal()
    const view = treeView({ stream: terminal, colour: false })
    view.open()
    for (const event of events) {
      view.show(event)
      vi.advanceTimersByTime(100)
    }
    view.close()
    vi.useRealTimers()
    // The terminal of the tests knows the escapes that are ours, and fails on any other.
    expectTame(terminal.lines().join('\n'))
    expect(terminal.bytes).not.toMatch(/\u001b\]|\u009b|\u202e/)
  })

  it('is tame when it is told before a resume', () => {
    expectTame(tellEarlier(foldAll(events), '2026-11-23-0612'))
  })
})

it('a plan is tame as text and as Markdown, and whole as JSON', () => {
  const found = planOf(foldAll(spoiled(dryRun())))
  if (!found) throw new Error('a dry run has a plan')
  expectTame(planText(found, { colour: false, diff: true }))
  expectTame(planMarkdown(found))
  expect(() => JSON.parse(planJson(found))).not.toThrow()
})

describe.each([
  ['a review', reviewOf(spoiled(plan), { file: 'plan.json' })],
  ['a report', reviewOf(spoiled(plan), { file: 'plan.json', events: spoiled(mixedRun()) })],
])('%s of a hostile node', (_, review) => {
  it('is tame as HTML: no tag and no attribute of its own', () => {
    const html = reviewHtml(review)
    expectTame(html)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toMatch(/<img|onerror=[^&]*>|href="javascript/)
    for (const tag of html.match(/<[^>]+>/g) ?? []) expect(tag).not.toMatch(/ on\w+=/)
  })

  it('is tame as Markdown: no heading, no table and no link of its own', () => {
    const markdown = reviewMarkdown(review)
    expectTame(markdown)
    const outside = markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '').replace(/(`+)[^`\n][^\n]*?\1/g, '')
    expect(outside.match(/^# forged|(?<!\\)<script|(?<!\\)\[x\]\(javascript/gm) ?? []).toEqual([])
  })
})

it('a problem is tame on stderr', () => {
  expectTame(formatProblem(new Problem(spoiled(unheard))))
})

it.each([
  [{}, '  Not done yet'],
  [{ isToCopy: true }, 'Not done yet'],
] as const)('a person is asked in tame words: %j', async (how, line) => {
  const written: string[] = []
  const stderr = { ...openTerminal(), write: (more: string) => void written.push(more) }
  const person = personAt({ isTerminal: true, stderr }, { suspend: () => {}, resume: () => {} })
  void person.ask({ title: `Do it${hostile}`, lines: [`Not done yet: ${hostile}`], prompt: '', ...how })
  await vi.waitFor(() => expect(written.join('')).toContain(`\n${line}`))
  expectTame(written.join(''))
})
