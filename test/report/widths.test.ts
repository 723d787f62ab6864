// Narrow screens and wide ones: no line is wider than the screen but for one word, and no word is lost at any width.
import { describe, expect, it } from 'vitest'
import { historyText } from '../../src/cli/history-words.ts'
import { locksText } from '../../src/cli/lock-words.ts'
import type { RunEvent } from '../../src/model/events.ts'
import { Problem } from '../../src/model/problem.ts'
import { doctorOf } from '../../src/report/doctor/findings.ts'
import {
  doctorText,
  foldAll,
  type PlainOptions,
  plainView,
  planOf,
  planText,
  replay,
  replayedTree,
  tableLines,
} from '../../src/report/index.ts'
import { widthOf } from '../../src/report/printable.ts'
import { formatProblem, plainStyle } from '../../src/text/excerpt.ts'
import { dryRun, ended, failedRun, goodRun, stamped, started, unheard } from './story.ts'

const wide = '漢字'.repeat(12)
const combined = 'cafe\u0301'.repeat(3)

/** Names and texts that count other columns than they have signs. */
const strange = (): readonly RunEvent[] =>
  stamped([
    started({ mode: 'dry-run' }),
    ended('node1', 'install/mount', {
      outcome: 'would-change',
      because: `${wide} ${combined} and ${'so on '.repeat(20)}`,
      changes: [{ kind: 'file', key: `/${combined}`, before: { type: 'absent' }, after: { owner: wide } }],
    }),
    { type: 'run-ended', exitCode: 0, ms: 1, counts: foldCounts },
  ])
const foldCounts = { same: 0, changed: 0, 'would-change': 1, skipped: 0, unknown: 0, failed: 0, 'not-reached': 8 }

const planned = (events: readonly RunEvent[], columns?: number): string => {
  const plan = planOf(foldAll(events))
  return plan ? planText(plan, columns === undefined ? {} : { columns }) : ''
}

const plain = (events: readonly RunEvent[], options: PlainOptions): string => {
  let text = ''
  const write = (more: string) => {
    text += more
  }
  replay(events, plainView(write, options))
  return text
}

const reply = (text: string) => new Map([['a long question', { type: 'told', text } as const]])
const doctor = doctorOf(
  'c',
  [{ name: 'a long question', together: 'same', help: 'mend it '.repeat(9) }],
  [
    { host: 'node1', replies: reply('one of them '.repeat(9)) },
    { host: 'node2', replies: reply(wide) },
  ],
)

const past = (run: string) =>
  ({
    run,
    started: '2026-11-23T05:12:00.000Z',
    mode: 'run',
    cluster: 'msgr1',
    playbook: combined,
    exitCode: 1,
    ms: 90_000,
    counts: { same: 15, failed: 3 },
    resumes: '2026-11-22-0612',
  }) as unknown as Parameters<typeof historyText>[0][number]

const states = [
  { type: 'free', place: 'this controller' },
  { type: 'unknown', place: 'node1', problem: new Problem({ code: 'x', summary: 'it does not answer '.repeat(6) }) },
] as Parameters<typeof locksText>[1]

const views: readonly [string, (columns?: number) => string][] = [
  ['a plan', columns => planned(dryRun(), columns)],
  ['a plan of strange texts', columns => planned(strange(), columns)],
  ['lines of a run', columns => plain(failedRun(), columns === undefined ? {} : { columns, verbose: true })],
  ['a tree at its end', columns => replayedTree(failedRun(), columns === undefined ? {} : { columns })],
  ['a doctor', columns => doctorText(doctor, columns === undefined ? {} : { columns })],
  ['a history', columns => historyText([past('2026-11-23-0612')], columns === undefined ? {} : { columns })],
  ['locks', columns => locksText({ cluster: 'c', inventory: 'i' }, states, columns === undefined ? {} : { columns })],
]

/** What is typed stays whole, and so does what is quoted. */
const mayBeWide = (line: string): boolean => /^(?:Next:|then {2})|\n/.test(line) || !/\S\s+\S\S/.test(line.trim())

describe.each(views)('%s', (_, view) => {
  it.each([40, 60, 80, 120, 200])('in %i columns has no wider line', columns => {
    const tooWide = view(columns)
      .split('\n')
      .filter(line => widthOf(line) > columns && !mayBeWide(line))
    expect(tooWide).toEqual([])
  })
})

it('columns stand below one another behind names that are wider than they are long', () => {
  const steps = ['漢字漢字', 'abc'].map(step => ({ step, name: step, task: 't', host: 'node1', play: 0, within: [] }))
  const events = stamped([started({ steps }), ...steps.map(({ step }) => ended('node1', step, { because: 'HERE' }))])
  const at = (lines: readonly string[]) => [
    ...new Set(lines.filter(line => line.includes('HERE')).map(line => widthOf(line.slice(0, line.indexOf('HERE'))))),
  ]
  expect(at(plain(events, {}).split('\n'))).toHaveLength(1)
  expect(at(replayedTree(events).split('\n'))).toHaveLength(1)
})

describe('no word is lost', () => {
  const words = (text: string): readonly string[] => text.match(/[\p{L}\p{N}/._:-]{2,}/gu)?.toSorted() ?? []

  it.each([40, 80, 200])('of a plan in %i columns', columns => {
    expect(words(planned(strange(), columns))).toEqual(words(planned(strange())))
  })

  it('of the lines of a run', () => {
    expect(words(plain(goodRun(), { columns: 40 }))).toEqual(words(plain(goodRun(), {})))
  })
})

describe('a table', () => {
  const table = { heads: ['RUN', 'TOOK', 'EXIT', 'OUTCOME'], rows: [['a', '1s', '-', 'all of it went well · 漢字']] }

  it.each([
    [undefined, ['RUN  TOOK  EXIT  OUTCOME', 'a    1s    -     all of it went well · 漢字']],
    [42, ['RUN  TOOK  EXIT  OUTCOME', 'a    1s    -     all of it went well ·', '                 漢字']],
    [29, ['a', '    took 1s', '    all of it went well ·', '    漢字']],
  ])('in %s columns', (columns, lines) => {
    expect(tableLines(table, columns === undefined ? {} : { columns })).toEqual(lines)
  })

  it('that is heard is a sentence for each row', () => {
    expect(tableLines(table, { isSpoken: true })).toEqual(['a: took 1s. all of it went well, 漢字'])
  })
})

describe('a doctor that is heard', () => {
  it('tells each question and each finding in a sentence, without a sign', () => {
    const text = doctorText(doctor, { isSpoken: true, columns: 40, colour: true })
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Cluster c, nodes node1, node2.',
      `a long question, node1: wrong. ${'one of them '.repeat(9).trim()}`,
      `a long question, node2: wrong. ${wide}`,
    ])
    expect(text).toContain(
      '\nFindings: 1 wrong.\nnode1, node2, wrong: a long question: not the same on every node\nSeen: ',
    )
    expect(text).not.toMatch(/[✔✖!?·→\u001b]|^ /m)
  })
})

describe('a problem', () => {
  const span = { file: 'a.yml', line: 7, column: 61, width: 5, excerpt: `${'x'.repeat(58)}: wrong${'y'.repeat(80)}` }

  it('in 40 columns cuts what it quotes around the place, and the mark stays below it', () => {
    const lines = formatProblem(new Problem({ ...unheard, span }), { ...plainStyle, columns: 40 }).split('\n')
    const at = lines.findIndex(line => line.includes('7 |'))
    const [quoted = '', mark = '', whose = ''] = lines.slice(at)
    expect(quoted.length).toBeLessThanOrEqual(40)
    expect(quoted.slice(mark.indexOf('^'), mark.indexOf('^') + 5)).toBe('wrong')
    expect(whose).toBe('  step install/installer@node2')
  })

  it('marks what is wide below it', () => {
    const [, , quoted = '', mark = ''] = formatProblem(
      new Problem({ code: 'a', summary: 'b', span: { ...span, column: 3, width: 2, excerpt: '漢字ab' } }),
    ).split('\n')
    expect(widthOf(quoted.slice(0, quoted.indexOf('ab')))).toBe(mark.indexOf('^'))
  })

  it('that is heard quotes its line, and draws nothing', () => {
    const text = formatProblem(new Problem({ code: 'a', summary: 'b', span, step: 's@node1' }), {
      ...plainStyle,
      isSpoken: true,
    })
    expect(text.split('\n').slice(1)).toEqual([`  a.yml, line 7, column 61: ${span.excerpt}`, '  step s@node1'])
  })
})
