import { describe, expect, it } from 'vitest'
import { reviewJson, reviewOf } from '../../../src/report/index.ts'
import { tellValue } from '../../../src/report/review/tell-value.ts'
import { plan, planOf } from './a-plan.ts'

const review = reviewOf(plan, { file: 'plan.json' })
const group = (step: string) => review.groups.find(one => one.step === step)

describe('steps of a review', () => {
  it('stand once where they are the same on several nodes', () => {
    expect(group('install/mount-point')).toMatchObject({
      hosts: ['node1', 'node2', 'node3'],
      variants: [{ hosts: ['node1', 'node2', 'node3'] }],
      differences: [],
    })
  })

  it('are the same where each names a step on its own node', () => {
    const steps = plan.body.steps.map(step => ({ ...step, because: `after install/x@${step.host}` }))
    const { groups } = reviewOf(planOf({ steps }), { file: 'plan.json' })
    expect(groups.find(({ step }) => step === 'install/mount-point')?.variants).toHaveLength(1)
  })

  it('are not the same where one names a step on another node', () => {
    const steps = plan.body.steps.map(step => ({ ...step, because: 'after install/x@node1' }))
    const { groups } = reviewOf(planOf({ steps }), { file: 'plan.json' })
    expect(groups.find(({ step }) => step === 'install/mount-point')?.variants).toHaveLength(2)
  })

  it('tell what differs, and only that', () => {
    const [first, others] = group('install/installer')?.variants ?? []
    expect([first?.hosts, others?.hosts]).toEqual([['node1'], ['node2', 'node3']])
    expect(group('install/installer')?.differences).toEqual([
      { what: 'file /mnt/messenger/config', of: ['+: not known before it is done', 'stays as it is'] },
    ])
    expect(group('install/uid-conf')?.differences.map(({ what }) => what)).toEqual([
      'evidence',
      'rests on',
      'text /etc/opt/novell/messenger/uid.conf',
    ])
  })
})

describe('preconditions', () => {
  it('are what was seen now, equal things on several nodes once', () => {
    expect(review.preconditions.map(({ hosts, looks }) => [hosts, looks.map(({ name }) => name)])).toEqual([
      [
        ['node1', 'node2', 'node3'],
        ['file /mnt/messenger', 'package novell-messenger', 'service novell-nmma'],
      ],
      [['node3'], ['text /etc/opt/novell/messenger/uid.conf']],
      [['node1'], ['text /root/load']],
    ])
  })

  const values: readonly [value: Parameters<typeof tellValue>[0], words: string][] = [
    [{ type: 'absent' }, 'absent'],
    [{ state: 'off' }, 'off'],
    [{ unknown: true }, 'not known'],
    [{ type: 'text', text: 'one line\n' }, 'text, text "one line\\n"'],
    [{ type: 'text', text: 'a\nb\n' }, 'text, text 2 lines, 4 bytes, SHA-256 9d5ad0e96f03ea0aa4ca7e8bb2f1b2ec…'],
    [{ count: 2, users: ['root'] }, 'count 2, users ["root"]'],
  ]
  it.each(values)('tell %j as %j', (value, words) => {
    expect(tellValue(value).replace(/[0-9a-f]{32}…/, '9d5ad0e96f03ea0aa4ca7e8bb2f1b2ec…')).toBe(words)
  })
})

describe('the way back', () => {
  it('goes from the last step of the last play to the first of the first node, and has its lines', () => {
    const told = review.waysBack.map(({ hosts, steps }) => [
      hosts.join(' '),
      steps.map(({ type, step }) => `${type} ${step}`),
    ])
    expect(told).toEqual([
      ['node1', ['no-return paths/paste-scripts', 'undo paths/load-script']],
      ['node3', expect.arrayContaining(['no-return install/installer'])],
      [
        'node2 node1',
        [
          'undo install/startup-file',
          'undo install/uid-conf',
          'no-return install/installer',
          'undo install/mount-point',
        ],
      ],
    ])
  })
})

describe('the verdict', () => {
  it('counts outcomes and evidence, and names what is for good', () => {
    expect(review.verdict).toMatchObject({
      steps: 20,
      outcomes: { 'would-change': 13, same: 3, skipped: 3, unknown: 1 },
      evidence: { exact: 8, predicted: 2, attested: 3, opaque: 3 },
      final: [
        { steps: ['install/installer'], hosts: ['node1', 'node2', 'node3'] },
        { steps: ['paths/paste-scripts'], hosts: ['node1'] },
      ],
      holds: [{ hold: 'partition', hosts: ['node1', 'node2', 'node3'] }],
    })
  })

  it('takes no hold where nothing inside has anything to do', () => {
    const steps = plan.body.steps.map(step => ({ ...step, outcome: 'same' as const }))
    expect(reviewOf(planOf({ steps }), { file: 'plan.json' }).verdict.holds).toEqual([])
  })
})

it('as JSON can be read by programs, and names its form', () => {
  const read = JSON.parse(reviewJson(review))
  expect(read).toMatchObject({ version: 1, digest: plan.digest, apply: 'run apply plan.json' })
  expect(read.groups).toHaveLength(8)
})
