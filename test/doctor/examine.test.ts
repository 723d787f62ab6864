// One node is asked: what it says is told, what it lacks is told as that, and no secret comes through.
import { describe, expect, it } from 'vitest'
import { examine } from '../../src/cli/doctor/examine.ts'
import { askInTurn } from '../../src/cli/doctor/in-turn.ts'
import { metOf } from '../../src/cli/doctor/met.ts'
import { parseInventory } from '../../src/inventory/parse.ts'
import { exitCodes, Problem } from '../../src/model/problem.ts'
import type { NodeReport } from '../../src/report/index.ts'
import type { CommandResult, HostShell } from '../../src/shell/host-shell.ts'
import { noDirectory } from '../../src/task/directory.ts'
import { output, question, z } from '../../src/task/index.ts'

const inventory = parseInventory({
  file: 'site.yml',
  text: `all:
  hosts: { node1: }
  vars:
    password: Kanarienvogel-4711
    half: "{{ nobody }}"
    port: x
    uid: 1010
`,
})
const [host] = inventory.hosts
if (!host) throw new Error('no host')

type Answer = (script: string) => CommandResult | Promise<CommandResult>

const shellOf = (answer: Answer) =>
  ({ host: 'node1', run: async (script: string) => answer(script) }) as unknown as HostShell // no other door is used

const says = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: '' })
const lost = new Problem({ code: 'connection-lost', summary: 'lost', exit: exitCodes.unknown })

const asked = (questions: Parameters<typeof examine>[1], answer: Answer = () => says('here')) =>
  examine({ host, known: {}, directory: noDirectory, shell: async () => shellOf(answer) }, questions)

const it1 = (more: Partial<Parameters<typeof question>[0]> = {}) =>
  question({
    name: 'it',
    ask: async ({ look }) => ({ text: (await look(output('probe'))).stdout }),
    ...more,
  })

describe('a node that answers', () => {
  it('is told with what it says, without any secret in it', async () => {
    const wrong = 'Kanarienvogel-4711 is there'
    const told = await asked([it1({ ask: async () => ({ text: 'say Kanarienvogel-4711', wrong }) })])
    expect(told.replies.get('it')).toMatchObject({ type: 'told' })
    expect(JSON.stringify([...told.replies])).not.toContain('Kanarienvogel')
  })

  it('is asked only what the inventory has the values for; the rest may be unfinished', async () => {
    const because = async (needs: z.ZodRawShape) => (await asked([it1({ needs })])).replies.get('it')
    expect(await because({ mount_point: z.string() })).toEqual({
      type: 'not-asked',
      because: 'the inventory has no `mount_point`',
    })
    expect(await because({ port: z.int() })).toEqual({
      type: 'not-asked',
      because: '`port` must be a number, and is the text "x"',
    })
    expect(await because({ half: z.string() })).toMatchObject({ because: expect.stringContaining('nobody') })
    expect(await because({ uid: z.int(), absent: z.string().optional() })).toEqual({ type: 'told', text: 'here' })
  })

  it('gives no line for what the inventory says already', async () => {
    const lines = [
      { path: ['uid'], value: 1010, because: 'seen' },
      { path: ['uid', 'deep'], value: 1, because: 'seen' },
      { path: ['other'], value: 1, because: 'seen' },
    ]
    const told = await asked([it1({ ask: async () => ({ text: 'x', lines }) })])
    expect(told.replies.get('it')).toMatchObject({ lines: lines.slice(1) })
  })

  it('that cannot tell one thing tells the others', async () => {
    const fails = it1({
      name: 'bad',
      ask: async () => {
        throw new Problem({ code: 'look-failed', summary: 'no chkconfig' })
      },
    })
    const { replies, outOfReach } = await asked([fails, it1()])
    expect([replies.get('bad'), replies.get('it')]).toMatchObject([{ type: 'failed' }, { type: 'told' }])
    expect(outOfReach).toBeUndefined()
  })
})

describe('a node that is out of reach', () => {
  it('is told as that, whether before or in the middle', async () => {
    const never = examine({ host, known: {}, directory: noDirectory, shell: () => Promise.reject(lost) }, [it1()])
    expect((await never).outOfReach?.code).toBe('connection-lost')
    const midway = await asked([it1()], script => (script === ':' ? says('') : Promise.reject(lost)))
    expect([midway.outOfReach?.code, midway.replies.size]).toEqual(['connection-lost', 0])
  })

  it('is no cover for a fault of ours', async () => {
    const ours = it1({
      ask: async () => {
        throw new TypeError('ours')
      },
    })
    await expect(asked([ours])).rejects.toThrow('ours')
  })
})

describe('what is one for all nodes', () => {
  const report = (name: string, more: Partial<NodeReport> = {}): NodeReport => ({
    host: name,
    replies: new Map(),
    ...more,
  })
  const failed = { type: 'failed', problem: new Problem({ code: 'x', summary: 'x' }) } as const
  const shared = [it1({ ofCluster: true })]

  it('is asked of the first that has an answer, and failures before it do not count', async () => {
    const order: string[] = []
    const reports = await askInTurn(
      [report('away', { outOfReach: lost }), report('bad'), report('lost'), report('good'), report('last')],
      shared,
      async name => {
        order.push(name)
        if (name === 'lost') return report(name, { outOfReach: lost })
        return report(name, { replies: new Map([['it', name === 'good' ? { type: 'told', text: 'yes' } : failed]]) })
      },
    )
    expect(order).toEqual(['bad', 'lost', 'good'])
    expect(reports.flatMap(({ host, replies }) => (replies.has('it') ? [host] : []))).toEqual(['good'])
  })

  it('is not known where nobody has an answer', async () => {
    const reports = await askInTurn([report('a'), report('b')], shared, async name =>
      report(name, { replies: new Map([['it', failed]]) }),
    )
    expect(reports.map(({ replies }) => replies.get('it')?.type)).toEqual(['failed', 'failed'])
  })
})

describe('an SSH server that has only old algorithms', () => {
  const target = { host: 'n', address: 'n', port: 22, user: 'admin', knownHostsFiles: [], connectTimeoutMs: 1 }
  const met = (needs: 'nothing' | 'legacy' | 'oldest', legacyAlgorithms?: true) =>
    metOf({
      target: { ...target, become: 'root', ...(legacyAlgorithms && { legacyAlgorithms }) },
      greeting: { software: 'OpenSSH_5.1', offered: { kex: ['diffie-hellman-group14-sha1'] }, needs },
      hostKey: undefined,
    })

  it.each([
    ['legacy', undefined, true],
    ['oldest', true, 'oldest'],
  ] as const)('%s is told with the line that lets it in', (needs, allowed, value) =>
    expect(met(needs, allowed).lines).toMatchObject([{ path: ['ansible_legacy_algorithms'], value }]),
  )

  it('that is allowed already, or needs nothing, gives no line', () => {
    expect(met('legacy', true).lines).toEqual([])
    expect(met('nothing').lines).toEqual([])
  })

  it('says what it has', () =>
    expect(met('legacy').replies.get('SSH algorithms')).toMatchObject({ text: 'only diffie-hellman-group14-sha1' }))
})
