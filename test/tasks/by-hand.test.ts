// A step by hand: when it is due, what a person is asked, and where the run stops for them.
import { describe, expect, it } from 'vitest'
import byHand from '../../tasks/by-hand.ts'
import { answerOf, apply, problemOf } from '../kit/fake-world.ts'
import type { Reply } from '../kit/scripted-host.ts'

const text = 'Take MESSENGER offline.\nWait until it is.'
const probe = '[ -f /tmp/offline ]'
const proved = { text, probe }
const printed = (rc: number) => ({ [`output ${probe}`]: { stdout: '', stderr: '', rc } })

describe('when it is due', () => {
  it.each([
    ['the probe proves it', proved, { things: printed(0) }, { type: 'same', because: 'the probe proves it' }],
    [
      'the probe does not prove it',
      proved,
      { things: printed(1) },
      { type: 'differs', because: 'by hand: Take MESSENGER offline.' },
    ],
    ['a receipt stands', { text }, { receipt: 'stands' as const }, { type: 'same', because: 'a receipt stands' }],
    [
      'no receipt stands, and somebody is named',
      { text, who: 'the cluster’s administrator' },
      {},
      { type: 'differs', because: 'by hand, the cluster’s administrator: Take MESSENGER offline.', changes: [] },
    ],
    [
      'a receipt stands, and the probe says otherwise',
      proved,
      { things: printed(1), receipt: 'stands' as const },
      { type: 'differs' },
    ],
  ])('%s', async (_, args, scene, expected) => {
    expect(await answerOf(byHand, args, scene)).toMatchObject(expected)
  })
})

/** The probe ends like this, one time after the other; the last stays. */
const ends = (...codes: readonly number[]): readonly [string, Reply] => [
  `sh -c -- '${probe}'`,
  codes.map(exitCode => ({ exitCode, stderr: exitCode === 0 ? '' : 'still there' })),
]

const prompt = 'Press Enter when it is done, or type stop: '
const asked = `By hand:\nTake MESSENGER offline.\nWait until it is.\n${prompt}`

describe('what a person is asked', () => {
  it('to do it, and to say so', async () => {
    const { told } = await apply(byHand, { text }, [], { typed: [''] })
    expect(told).toEqual(['waiting for a person', asked])
  })

  it('again, for as long as the probe does not prove it', async () => {
    const { told } = await apply(byHand, proved, [ends(1, 1, 0)], { typed: ['', ''] })
    expect(told).toEqual([
      'waiting for a person',
      asked,
      asked.replace(prompt, `\nNot done yet: the probe ends with 1: still there\n${prompt}`),
    ])
  })

  it('nothing, where it was done in the meantime', async () => {
    expect((await apply(byHand, proved, [ends(0)])).told).toEqual(['waiting for a person'])
  })

  it('what is to be written down, until something is', async () => {
    const args = { text, who: 'Ada', evidence: 'Number of the change' }
    const { told, result } = await apply(byHand, args, [], { typed: ['', '', ' CHG-4711 '] })
    expect(result).toEqual({ evidence: 'CHG-4711' })
    expect(told.slice(2)).toEqual(Array(2).fill('By hand (Ada):\nIt is done.\nNumber of the change (or stop): '))
  })

  it('waits for the probe as long as it was told', async () => {
    const { told } = await apply(byHand, { ...proved, within: 5 }, [ends(1, 1, 1, 0)], { typed: [''] })
    expect(told).toHaveLength(2)
  })
})

describe('where the run stops with exit code 5', () => {
  it.each([
    ['nobody is there', { text }, [], [], 'somebody at a terminal who says that it is done'],
    ['the person types stop', { text }, [], ['stop'], 'somebody at a terminal who says that it is done'],
    ['nobody is there to do what the probe proves', proved, [ends(1)], [], 'the probe ends with 0'],
    ['nothing is written down', { text, evidence: 'Number' }, [], ['', 'stop'], 'Number'],
  ])('%s', async (_, args, table, typed, wanted) => {
    expect(await problemOf(apply(byHand, args, table, { typed }))).toMatchObject({
      code: 'waits-for-person',
      exit: 5,
      wanted,
      state: 'nothing after this step was begun; what is held around it is given back',
    })
  })

  it('says what the probe said last, and what is to be done', async () => {
    const stopped = apply(byHand, proved, [ends(1)], { typed: ['', 'stop'] })
    expect(await problemOf(stopped)).toMatchObject({
      summary: 'The run waits for a person: Take MESSENGER offline.',
      seen: 'the probe ends with 1: still there',
      help: `do it, then go on:\n${text}`,
    })
  })
})
