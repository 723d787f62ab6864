// What counts as missed, as invented, as not to be seen: the gate itself must not be blind.
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/model/change.ts'
import type { Json } from '../../../src/model/json.ts'
import type { Look } from '../../../src/model/look.ts'
import type { Told } from '../e2e/changes.ts'
import { compare, type Side } from './compare.ts'
import type { CellResult } from './run-cell.ts'
import { gateTable, playbookOf, withRows } from './table.ts'

const change = (before: Json, after: Json, key = '/a'): Change => ({ kind: 'file', key, before, after })
const told = (step: string, ...changes: Change[]): Told => ({ host: 'node1', step, outcome: 'same', changes })
const side = (...all: Told[]): Side => ({ told: all, refusals: new Map() })
const refused = (at: string, code: string, ...all: Told[]): Side => ({ told: all, refusals: new Map([[at, code]]) })
const unknown = { unknown: true } as const
const looks = (at: string, origin: Look['origin']) =>
  new Map([[at, [{ host: 'node1', home: 'volume', kind: 'file', key: '/v', value: 'x', origin }]]])

const counts = (dry: Side, run: Side, hidden: readonly string[] = [], seen = new Map<string, readonly Look[]>()) => {
  const { missed, invented, undecided, unseen } = compare({ ...dry, looks: seen }, run, hidden)
  return { missed: missed.length, invented: invented.length, undecided: undecided.length, unseen: unseen.length }
}

const none = { missed: 0, invented: 0, undecided: 0, unseen: 0 }

describe('a dry run and its run', () => {
  it.each<[string, Side, Side, object]>([
    ['agree', side(told('a', change('1', '2'))), side(told('a', change('1', '2'))), none],
    [
      'what nobody knew may be anything',
      side(told('a', change(unknown, unknown))),
      side(told('a', change('1', '2'))),
      none,
    ],
    [
      'what came out without being foretold',
      side(told('a')),
      side(told('a', change('1', '2'))),
      { ...none, missed: 1 },
    ],
    ['what was foretold and never came', side(told('a', change('1', '2'))), side(told('a')), { ...none, invented: 1 }],
    [
      'another value after',
      side(told('a', change('1', '2'))),
      side(told('a', change('1', '3'))),
      { ...none, missed: 1, invented: 1 },
    ],
    [
      'another value before',
      side(told('a', change('1', '2'))),
      side(told('a', change('0', '2'))),
      { ...none, missed: 1, invented: 1 },
    ],
    [
      'the same at another step',
      side(told('a', change('1', '2'))),
      side(told('b', change('1', '2'))),
      { ...none, missed: 1, invented: 1 },
    ],
    ['a refusal that was foretold', refused('a@node1', 'x'), refused('a@node1', 'x'), none],
    ['a refusal that was not', side(), refused('a@node1', 'x'), { ...none, missed: 1 }],
    ['another refusal', refused('a@node1', 'y'), refused('a@node1', 'x'), { ...none, missed: 1, invented: 1 }],
    [
      'a step that could not be told',
      side({ ...told('a'), outcome: 'unknown' }),
      side(told('a', change('1', '2'))),
      { ...none, undecided: 1 },
    ],
    ...['install/installer@node1', 'drill/resource-here@node2'].map((by): [string, Side, Side, object] => [
      `a step that waits for what ${by} leaves behind`,
      side({ ...told('a'), outcome: 'unknown', because: `what it will be is known once ${by} is done` }),
      side(told('a', change('1', '2'))),
      none,
    ]),
    [
      'a step that waits for another, which can be foretold',
      side({
        ...told('a'),
        outcome: 'unknown',
        because: 'what it will be is known once install/uid-conf@node1 is done',
      }),
      side(told('a', change('1', '2'))),
      { ...none, undecided: 1 },
    ],
  ])('%s', (_, dry, run, expected) => {
    expect(counts(dry, run)).toEqual(expected)
  })
})

describe('what was changed where nobody sees it', () => {
  const dry = side(told('a'), told('b', change('1', '2')))
  const run = side(told('a', change('x', 'y', '/v')), told('b', change('1', '2')))
  const receipt = { type: 'receipt', run: 'r', host: 'node1', at: '' } as const

  it('is counted apart, for the step that took somebody’s word for it', () => {
    expect(counts(dry, run, ['file /v'], looks('a@node1', receipt))).toEqual({ ...none, unseen: 1 })
  })

  it('excuses no step that saw it', () => {
    expect(counts(dry, run, ['file /v'], looks('a@node1', { type: 'world' }))).toEqual({ ...none, missed: 1 })
  })

  it('excuses nothing that was not declared', () => {
    expect(counts(dry, run, [], looks('a@node1', receipt))).toEqual({ ...none, missed: 1 })
  })

  it('excuses what was not come to because of it, and nothing else', () => {
    const stopped = refused('a@node1', 'x', told('a'))
    expect(counts(dry, stopped, ['program a@node1'])).toEqual({ ...none, unseen: 2 })
    expect(counts(dry, stopped, ['program b@node1'])).toEqual({ ...none, missed: 1, unseen: 1 })
  })

  it('excuses what was not come to because a step that could not be told is refused, and only where it is hidden', () => {
    const because = 'what it will be is known once install/agents-test@node1 is done'
    const open = side({ ...told('a'), outcome: 'unknown', because }, told('b', change('1', '2')))
    const stopped = refused('a@node1', 'x', told('a'))
    expect(counts(open, stopped, ['file /v'])).toEqual({ ...none, unseen: 1 })
    expect(counts(open, stopped)).toEqual({ ...none, invented: 1 })
  })
})

describe('the table', () => {
  const cell = (name: string, made: number): CellResult => ({
    ...{
      name,
      predicted: made,
      made,
      missed: [],
      invented: [],
      left: [],
      undecided: [],
      unseen: [],
      awaited: [],
      looks: [],
    },
    ...{ evidence: {}, opaque: [], mayBeUndecided: false, refused: [], ms: 0 },
  })
  const namesIn = (table: string) => table.split('\n').map(line => line.split(' | ').slice(0, 3).join(' | '))

  it('has the rows of some playbooks anew, in their order, keeps the others, and sums up all of them', () => {
    const before = gateTable([cell('install, fresh', 3), cell('verify, finished', 9)])
    const after = withRows(before, [cell('cluster, fresh', 4), cell('verify, finished', 1)], name =>
      ['cluster', 'verify'].includes(playbookOf(name)),
    )
    expect(namesIn(after).slice(2)).toEqual([
      '| cluster, fresh | 4 | 4',
      '| install, fresh | 3 | 3',
      '| verify, finished | 1 | 1',
      '| total | 8 | 8',
    ])
    expect(after).toMatch(/\| 3 cells \|$/)
  })
})
