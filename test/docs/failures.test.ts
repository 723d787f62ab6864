// The table of docs/failures.md, each row carried out: what a page says of a failure is what a run does.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { carry } from '../kit/carry.ts'
import { outlined } from '../kit/language.ts'
import { connectionLost, type MemoryCluster, memoryCluster, unreachable } from '../kit/memory-cluster.ts'

type Row = {
  readonly failure: string
  /** Makes the step `Fail` fail so on node1. */
  readonly step: string
  readonly meddle?: (cluster: MemoryCluster) => void
}

const onNode1 =
  (verb: string, answer: () => { readonly exitCode: number } | Promise<never>) => (cluster: MemoryCluster) => {
    cluster.node('node1').meddle = script => (script.startsWith(`${verb} fail`) ? answer() : undefined)
  }

const rows: readonly Row[] = [
  {
    failure: 'the step itself fails',
    step: 'keep: { key: fail, value: x }',
    meddle: onNode1('set', () => ({ exitCode: 1 })),
  },
  { failure: '`failed_when` says so', step: 'act: { set: fail }, failed_when: inventory_hostname == "node1"' },
  {
    failure: 'something stands before the step',
    step: 'keep: { key: shelf/fail, value: "{{ inventory_hostname }}" }',
    meddle: cluster => {
      cluster.node('node3').hasShelf = true
    },
  },
  {
    failure: 'what is written is wrong',
    step: "keep: { key: fail, value: \"{{ seen.wrong if inventory_hostname == 'node1' else 'x' }}\" }",
  },
  {
    failure: 'the host does not answer',
    step: 'keep: { key: fail, value: x }',
    meddle: onNode1('see', () => Promise.reject(unreachable('node1'))),
  },
  {
    failure: 'the connection is lost',
    step: 'keep: { key: fail, value: x }',
    meddle: onNode1('set', () => Promise.reject(connectionLost('node1'))),
  },
]

const playbook = (step: string, { strategy = 'linear', keys = '', hold = '' } = {}): string => `
- hosts: [node1, node2]
  strategy: ${strategy}
  tasks:
    - { name: See, see: { key: seen }, register: seen }
    - name: Block${hold}
      block: [{ name: Fail, register: own, ${step}${keys} }]
      always: [{ name: Tidy, say: { msg: tidy } }]
    - { name: After, say: { msg: after } }
`

const rescuing = (text: string): string =>
  text.replace('      always:', '      rescue: [{ name: Mend, say: { msg: mend } }]\n      always:')

const table = readFileSync('docs/failures.md', 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| failure'))
  .map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  )

const cellsOf = ({ failure }: Row): readonly string[] =>
  table.find(([first = '']) => first.startsWith(failure))?.slice(1) ?? []

const word = (isSo: boolean): string => (isSo ? 'yes' : 'no')

describe('a failure', () => {
  it.each(rows)('$failure', async row => {
    const hold = row.step.includes('shelf/') ? '\n      hold: shelf' : ''
    const carried = (text: string) => {
      const cluster = memoryCluster()
      row.meddle?.(cluster)
      return carry(outlined(text), cluster)
    }
    const plain = await carried(playbook(row.step, { hold }))
    const failover = await carried(playbook(row.step, { hold, strategy: 'failover' }))
    const ignored = await carried(playbook(row.step, { hold, keys: ', ignore_errors: true' }))
    const again = await carried(playbook(row.step, { hold, keys: ', until: not own.failed, retries: 1, delay: 0' }))
    const rescued = await carried(rescuing(playbook(row.step, { hold })))
    const isHeldByOther = hold !== ''
    expect([
      word(ignored.outcomes['after@node1'] !== undefined),
      word(again.of('step-progressed').some(({ host }) => host === 'node1')),
      word(rescued.of('block-rescued').some(({ host }) => host === 'node1')),
      word(plain.outcomes['tidy@node1'] !== undefined),
      word(plain.outcomes['after@node1'] !== undefined),
      // The other node cannot have the hold either, so there the step before the block tells that it goes on.
      word(isHeldByOther ? plain.outcomes['fail@node2'] !== undefined : plain.outcomes['after@node2'] !== undefined),
      word(failover.outcomes['see@node2'] !== undefined),
      `${plain.exitCode}`,
    ]).toEqual(cellsOf(row))
  })

  it('has a row here for each row of the page', () => {
    const told = table.map(([first = '']) => first).filter(first => first !== '---')
    expect(told.map(first => rows.find(({ failure }) => first.startsWith(failure))?.failure)).toEqual(
      rows.map(({ failure }) => failure),
    )
  })
})
