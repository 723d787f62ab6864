// What is told of nodes side by side: what differs, what is on two nodes at once, and who could not be asked.
import { expect, it } from 'vitest'
import { doctorOf, type NodeReport } from '../../../src/report/doctor/findings.ts'
import { doctorMarkdown, doctorText } from '../../../src/report/doctor/render.ts'

const node = (host: string, answers: Readonly<Record<string, string>>): NodeReport => ({
  host,
  said: new Map(Object.entries(answers).map(([name, text]) => [name, { text, isAnswer: true }])),
})
const away: NodeReport = {
  host: 'node3',
  said: new Map(),
  unreachable: { code: 'host-unreachable', summary: 'node3 is away' },
}
const uid = { name: 'uid', same: true, paste: 'agents_uid' }
const mounted = { name: 'mounted', at_most_one: true }

const found = (probe: typeof uid | typeof mounted, ...nodes: readonly NodeReport[]) => doctorOf('c', [probe], nodes)

it('the same everywhere is no finding, and can be pasted', () =>
  expect(found(uid, node('node1', { uid: '6001' }), node('node2', { uid: '6001' }))).toMatchObject({
    findings: [],
    paste: ['agents_uid: 6001'],
  }))

it('what differs is a finding, and nobody pastes it', () =>
  expect(found(uid, node('node1', { uid: '6001' }), node('node2', { uid: '6002' }))).toMatchObject({
    findings: ['uid: not the same everywhere (node1 6001, node2 6002)'],
    paste: [],
  }))

it('a mount on two nodes is a finding, on one it is none', () => {
  const two = found(mounted, node('node1', { mounted: '/dev/a' }), node('node2', { mounted: '/dev/a' }))
  expect(two.findings).toEqual(['mounted: on more than one node (node1 /dev/a, node2 /dev/a)'])
  expect(found(mounted, node('node1', { mounted: '/dev/a' }), node('node2', { mounted: '' })).findings).toEqual([])
})

it('a node that cannot be asked is shown as that', () => {
  const doctor = found(uid, node('node1', { uid: '6001' }), away)
  expect(doctor.rows).toEqual([{ name: 'uid', cells: ['6001', 'not known (host-unreachable)'] }])
  expect(doctor.findings).toEqual(['node3 cannot be asked: node3 is away'])
})

it('nothing of what a node says is obeyed by a terminal or by Markdown', () => {
  const doctor = found(uid, node('node1', { uid: '\x1b[31m|<b>\nx' }))
  expect(doctorText(doctor)).not.toContain('\x1b')
  expect(doctorMarkdown(doctor)).toContain('| uid | \\|\\<b> x |')
})
