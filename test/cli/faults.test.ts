// Faults that the whole command meets on an SSH server of this process: the node is a space of mounts of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { reveal, Secret } from '../../src/model/secret.ts'
import { heldAs } from '../kit/fault-table.ts'
import { atThisPace } from '../kit/pace.ts'
import { beginCommand, type Ran } from '../lab/e2e/command.ts'
import { type FaultyServer, obeyAs, startFaultyServer } from '../transport/faulty-server.ts'

const limit = atThisPace(60_000)
const shifted = fileURLToPath(new URL('shifted-clock.mjs', import.meta.url))

/** What a run leaves on a node lies below `/var/lib`: here in memory, and gone with the test. */
const ownMounts = 'mount -t tmpfs none /var/lib && echo ready && exec sleep 3600'
const canMount = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /var/lib']).status === 0

describe.skipIf(!canMount)('the command (skipped where nobody may mount)', () => {
  let dir: string
  let node: ChildProcess
  let server: FaultyServer
  /** Called with each script that a step of the playbook carries out. */

  beforeAll(async () => {
    node = spawn('unshare', ['-m', 'sh', '-c', ownMounts], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise(resolve => node.stdout?.once('data', resolve))
    server = await startFaultyServer({ onExec: obeyAs(['nsenter', '-t', `${node.pid}`, '-m']) })
    const { target } = server
    dir = mkdtempSync(join(tmpdir(), 'faulty-'))
    mkdirSync(join(dir, '.ssh'))
    writeFileSync(join(dir, '.ssh/known_hosts'), readFileSync(target.knownHostsFiles[0] ?? ''))
    const password = target.password instanceof Secret ? reveal(target.password) : ''
    const web = {
      ansible_host: target.address,
      ansible_port: target.port,
      ansible_user: 'root',
      ansible_password: password,
    }
    write('run.yml', 'inventory: nodes.yml\n')
    write('nodes.yml', stringify({ all: { hosts: { web } } }))
  })
  afterAll(async () => {
    onNode(': >/var/lib/end')
    node.kill()
    await server.stop().catch(() => {})
    rmSync(dir, { recursive: true })
  })

  const write = (path: string, text: string) => {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const onNode = (script: string) => spawnSync('nsenter', ['-t', `${node.pid}`, '-m', 'sh', '-c', script]).status
  const begin = (args: readonly string[], more: object = {}) => beginCommand({ dir, ...more }, [...args, '--yes'])
  const run = (args: readonly string[], more: object = {}) => begin(args, more).end

  it(
    'that has no room left for its journal sends nothing more, and goes on when there is',
    async () => {
      write('playbooks/loud.yml', loud)
      // What is made once for all runs is there before the limit is.
      expect(await run(['playbook', 'loud', '--dry-run'])).toMatchObject({ status: 0 })
      const full = await run(['playbook', 'loud'], { before: ['sh', '-c', 'ulimit -f 100 && exec "$@"', 'sh'] })
      expect(onNode('test -e /var/lib/after')).toBe(1)
      heldAs('the disk is full where its journal is', full)
      const again = await run(['playbook', 'loud'])
      expect(again.status, again.stderr).toBe(0)
      expect(onNode('test $(wc -l </var/lib/times) = 1 && test -e /var/lib/after')).toBe(0)
    },
    limit,
  )

  it.each([
    ['ahead', 86_400_000],
    ['behind', -86_400_000],
  ])(
    'whose clock is a day %s changes what there is to change, once',
    async (way, aheadMs) => {
      write('playbooks/daily.yml', daily(way))
      const clock = { env: { AHEAD_MS: `${aheadMs}`, NODE_OPTIONS: `--import=${shifted}` } }
      const ran = await run(['playbook', 'daily'], clock)
      heldAs('its own clock is off by a day', ran)
      const counted = ({ events }: Ran) =>
        events.flatMap(event => (event.type === 'run-ended' ? [[event.counts.changed, event.counts.same]] : []))
      expect(Math.abs(Date.parse(ran.events[0]?.at ?? '') - Date.now())).toBeGreaterThan(80_000_000)
      expect(counted(ran)).toEqual([[2, 0]])
      expect(counted(await run(['playbook', 'daily']))).toEqual([[0, 2]])
      expect(counted(await run(['playbook', 'daily'], clock))).toEqual([[0, 2]])
    },
    limit,
  )

  it(
    'whose node goes away in mid-step for good says that the end is not known, and later that the node is not there',
    async () => {
      write('playbooks/slow.yml', slow)
      const running = begin(['playbook', 'slow'])
      await running.said('applying')
      await expect.poll(() => onNode('test -e /var/lib/begun'), { timeout: limit }).toBe(0)
      await server.stop()
      const ran = await running.end
      heldAs('it goes down in mid-step, and does not come back', ran)
      heldAs('an earlier run began the step, and the node is still down', await run(['resume']))
    },
    limit,
  )
})

const loud = `
- hosts: all
  tasks:
    - { name: Loud, shell: "echo >>/var/lib/times; yes | head -c 200000" }
    - { name: After, file: { path: /var/lib/after, state: touch } }
`

const daily = (way: string) => `
- hosts: all
  tasks:
    - { name: Act, shell: "echo ${way}" }
    - { name: Written, file: { path: /var/lib/${way}, content: here } }
`

const slow = `
- hosts: all
  tasks:
    - { name: Wait, shell: ": >/var/lib/begun; until [ -e /var/lib/end ]; do sleep 0.2; done" }
`
