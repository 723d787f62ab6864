// What is told of nodes side by side: what differs, what is on two nodes at once, and who could not be asked.
import { describe, expect, it } from 'vitest'
import { Problem } from '../../../src/model/problem.ts'
import { doctorOf } from '../../../src/report/doctor/findings.ts'
import type { Asked, NodeReport, Reply } from '../../../src/report/doctor/model.ts'
import { doctorJson, doctorMarkdown, doctorText } from '../../../src/report/doctor/render.ts'
import type { Told } from '../../../src/task/question.ts'

const node = (host: string, told: Told | Exclude<Reply, { type: 'told' }>): NodeReport => ({
  host,
  replies: new Map([['it', 'type' in told ? told : { type: 'told', ...told }]]),
})
const away: NodeReport = {
  host: 'node3',
  replies: new Map(),
  outOfReach: new Problem({ code: 'host-unreachable', summary: 'node3 is away', help: 'is it up?' }),
}
const of = (together: Asked['together'], ...nodes: readonly NodeReport[]) =>
  doctorOf('c', [{ name: 'it', ...(together && { together }), help: 'mend it' }], nodes)
const summaries = (doctor: ReturnType<typeof of>) => doctor.findings.map(({ hosts, summary }) => [...hosts, summary])
const signs = (doctor: ReturnType<typeof of>) => doctor.rows.flatMap(({ cells }) => cells.map(({ sign }) => sign))

describe('nodes that have to fit together', () => {
  it('the same everywhere is no finding', () =>
    expect(summaries(of('same', node('node1', { text: 'a' }), node('node2', { text: 'a' })))).toEqual([]))

  it('what differs is a finding of all of them, since nobody knows who is right', () => {
    const doctor = of('same', node('node1', { text: 'a' }), node('node2', { text: 'b' }))
    expect(doctor.findings).toEqual([
      {
        kind: 'wrong',
        hosts: ['node1', 'node2'],
        about: 'it',
        summary: 'it: not the same on every node',
        seen: 'node1: a\nnode2: b',
        help: 'mend it',
      },
    ])
    expect(signs(doctor)).toEqual(['wrong', 'wrong'])
  })

  it('what is compared need not be what is read', () =>
    expect(
      summaries(of('same', node('node1', { text: 'a', value: 1 }), node('node2', { text: 'b', value: 1 }))),
    ).toEqual([]))

  it('on two nodes is one too many, on one or none it is not', () => {
    const mounted = (host: string) => node(host, { text: 'mounted', value: '/mnt' })
    const free = (host: string) => node(host, { text: 'not mounted', value: null })
    expect(summaries(of('once', mounted('node1'), mounted('node2'), free('node3')))).toEqual([
      ['node1', 'node2', 'it: on more than one node'],
    ])
    expect(summaries(of('once', mounted('node1'), free('node2')))).toEqual([])
    expect(summaries(of('once', free('node1'), free('node2')))).toEqual([])
  })

  it('numbers may be so far apart', () => {
    const clock = (host: string, value: number) => node(host, { text: `${value}`, value })
    expect(summaries(of({ within: 5 }, clock('node1', -2), clock('node2', 3)))).toEqual([])
    expect(summaries(of({ within: 5 }, clock('node1', -3), clock('node2', 3)))).toHaveLength(1)
    expect(summaries(of({ within: 5 }))).toEqual([])
  })
})

describe('one node alone', () => {
  it('that cannot be asked is a row of the others and a finding of its own', () => {
    const doctor = of('same', node('node1', { text: 'a' }), away)
    expect(doctor).toMatchObject({ unreachable: ['node3'], hosts: ['node1', 'node3'] })
    expect(doctor.findings).toEqual([
      { kind: 'unknown', hosts: ['node3'], about: 'login', summary: 'node3 is away', help: 'is it up?' },
    ])
    expect(doctor.rows[0]?.cells.map(({ host }) => host)).toEqual(['node1'])
  })

  it('what is wrong on several is told once', () =>
    expect(
      summaries(of(undefined, node('node1', { text: 'x', wrong: 'bad' }), node('node2', { text: 'y', wrong: 'bad' }))),
    ).toEqual([['node1', 'node2', 'bad']]))

  it('what is to be minded is no fault', () => {
    const doctor = of(undefined, node('node1', { text: 'x', mind: 'look out' }))
    expect([doctor.findings.map(({ kind }) => kind), signs(doctor)]).toEqual([['mind'], ['mind']])
  })

  it('whose answer failed is told as not known', () => {
    const problem = new Problem({ code: 'look-failed', summary: 'cannot tell', seen: 'exit status 127' })
    const doctor = of('same', node('node1', { text: 'a' }), node('node2', { type: 'failed', problem }))
    expect(signs(doctor)).toEqual(['ok', 'unknown'])
    expect(doctor.findings).toMatchObject([{ kind: 'unknown', hosts: ['node2'], seen: 'exit status 127' }])
  })

  it('is not asked for want of a value, which is told once', () => {
    const because = 'the inventory has no `mount_point`'
    const doctor = of(
      undefined,
      node('node1', { type: 'not-asked', because }),
      node('node2', { type: 'not-asked', because }),
    )
    expect(doctor).toMatchObject({ rows: [], findings: [], notAsked: [{ name: 'it', because }] })
    const nothing = 'Nothing that was asked is wrong; 1 question was not asked.'
    expect([doctorText(doctor).includes(nothing), doctorMarkdown(doctor).includes(nothing)]).toEqual([true, true])
    expect(doctorText(of(undefined, node('node1', { text: 'x' })))).toContain('\nNothing is wrong.\n')
    expect(doctorText(doctor)).toContain(`1 question not asked, for want of a value:\n - ${because}: it\n`)
  })
})

describe('lines for the inventory', () => {
  const uid = (value: number) => ({ text: `${value}`, lines: [{ path: ['agents_uid'], value, because: 'seen' }] })

  it('are those that all nodes agree on', () => {
    expect(of(undefined, node('node1', uid(1)), node('node2', uid(1))).lines).toEqual([
      { path: ['agents_uid'], value: 1, because: 'seen' },
    ])
    expect(of(undefined, node('node1', uid(1)), node('node2', uid(2))).lines).toEqual([])
  })

  it('are those of one host, where they are about how it is reached', () => {
    const line = { path: ['ansible_legacy_algorithms'], value: true, because: 'old' }
    expect(of(undefined, { ...away, lines: [line] }).lines).toEqual([{ ...line, host: 'node3' }])
  })
})

describe('the forms', () => {
  const hostile = of(undefined, node('node1', { text: '\x1b[31m|<b>\nx', wrong: '\x1b]0;t\x07bad' }))

  it('let nothing of what a node says be obeyed', () => {
    expect(doctorText(hostile)).not.toMatch(/\x1b|\x07/)
    expect(doctorMarkdown(hostile)).toContain('✖ \\|\\<b> x |')
  })

  it.each([40, 80])('fit on %s columns', columns => {
    const long = 'a long sentence that goes on and on, with `one command --that stays`, and then goes on again'
    const doctor = of('same', node('node1', { text: long, wrong: long }), node('node2', { text: 'b' }), away)
    const lines = doctorText(doctor, { columns }).split('\n')
    expect(lines.filter(line => line.length > columns)).toEqual([])
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(long)
  })

  it('say in one line what all nodes say, and else who says what', () => {
    const text = doctorText(of(undefined, node('a', { text: 'x' }), node('b', { text: 'x' }), node('c', { text: 'y' })))
    expect(text).toContain(' ✔ it\n   ✔ a, b  x\n   ✔ c  y\n')
    expect(doctorText(of(undefined, node('a', { text: 'x' }), node('b', { text: 'x' })))).toContain(' ✔ it  x\n')
  })

  it('have a version for programs, and the lines as text', () => {
    const lines = [{ path: ['agents_uid'], value: 6001, because: 'seen' }]
    const told = JSON.parse(doctorJson(of(undefined, node('node1', { text: 'x', lines }))))
    expect(told).toMatchObject({
      version: 1,
      hosts: ['node1'],
      inventory: 'all:\n  vars:\n    # seen\n    agents_uid: 6001\n',
    })
  })
})
