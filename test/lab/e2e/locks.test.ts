// One run at a time on a cluster: a second one does nothing, a dead one is got past, and whatever ends a run gives back.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readJournal } from '../../../src/journal/index.ts'
import type { Owner } from '../../../src/model/lock.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { type FaultySite, failoverPlay, holdsOf, openFaultySite } from '../faults/faulty-site.ts'
import { eventsOf } from './changes.ts'
import { beginCommand, type Ran, type Running, runFile } from './command.ts'
import { mountedOn } from './machines.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openFaultySite()
  site.write('playbooks/slow.yml', failoverPlay({ held: long }))
})
beforeEach(() => site.refresh())

/** It is under way until the test says so. */
const long = `
- { name: Long, shell: { cmd: "until [ -e /var/go ]; do sleep 0.1; done; : >/var/long", creates: /var/long } }
- { name: After, file: { path: /var/after, content: "x\\n" } }
`

const slow = ['playbook', 'slow', '--limit', 'node1'] as const
const directory = '/var/lib/run/locks/msgr1'

/** A run in the middle of its first step, with the partition held. */
const underWay = async (): Promise<Running> => {
  const running = site.begin(...slow)
  await running.said('applying')
  return running
}

const letGo = () => site.on('node1', ': >/var/go')

/** Where locks lie, looked at with other eyes than our own. */
const locked = async (): Promise<readonly string[]> => {
  const here = existsSync(`${site.dir}/.run/runs/.locks/msgr1`) ? ['this controller'] : []
  const nodes = site.lab.nodes.map(async ({ name }) =>
    (await site.statusOn(name, `test -d ${directory}`)) === 0 ? [name] : [],
  )
  return [...here, ...(await Promise.all(nodes)).flat()]
}

const everywhere = ['this controller', 'node1', 'node2']
const noticesOf = (ran: Ran) => eventsOf(ran.events, 'notice').map(({ text }) => text)

describe('two runs at once', () => {
  let first: Ran
  let second: Ran
  let elsewhere: Ran
  let dry: Ran
  let whileBoth: readonly string[]

  beforeAll(async () => {
    await site.refresh()
    const running = await underWay()
    second = await site.run('playbook', 'small')
    dry = await site.run('playbook', 'small', '--dry-run')
    elsewhere = await fromElsewhere('playbook', `${site.dir}/playbooks/small.yml`)
    whileBoth = await locked()
    await letGo()
    first = await running.end
  })

  it('from one place: the second ends with 4 and has not even connected', () => {
    expect(second.status).toBe(4)
    expect(second.stderr).toContain('error[locked]')
    heldAs('a run has the cluster, from this controller', second)
    expect(second.stderr).toMatch(/seen {4}this controller: .*last heartbeat.*run playbook slow/)
    expect(eventsOf(second.events, 'host-connected')).toEqual([])
  })

  it('from another site of the same machine: the nodes keep it away', () => {
    expect(elsewhere.status).toBe(4)
    expect(elsewhere.stderr).toMatch(/seen {4}node1, node2: .*run playbook slow/)
    heldAs('a run has the cluster, from elsewhere', elsewhere)
    expect(eventsOf(elsewhere.events, 'step-started')).toEqual([])
  })

  it('leave nothing of the second on the nodes, and all locks to the first', async () => {
    expect(whileBoth).toEqual(everywhere)
    expect(await site.statusOn('node1', 'test -e /etc/mark')).toBe(1)
  })

  it('do not keep a dry run away, which says whose lock it saw', () => {
    expect(dry.status).toBe(0)
    expect(noticesOf(dry)).toEqual([expect.stringMatching(/^run \S+ of \S+@\S+ has the cluster \(node1, node2\)/)])
  })

  it('end with the first as if it had been alone', async () => {
    expect(first.status).toBe(0)
    expect(await locked()).toEqual([])
  })
})

/** The same nodes, from a site with journals and locks of its own. */
const fromElsewhere = async (...args: readonly string[]): Promise<Ran> => {
  const dir = mkdtempSync(join(tmpdir(), 'run-elsewhere-'))
  writeFileSync(`${dir}/run.yml`, `inventory: ${site.dir}/inventory.yml\n`)
  mkdirSync(`${dir}/.run`)
  symlinkSync(site.lab.dir, `${dir}/.run/lab`)
  try {
    return await beginCommand({ dir }, args).end
  } finally {
    rmSync(dir, { recursive: true })
  }
}

describe('a controller that was killed', () => {
  it('keeps nobody away: the next run takes over, says so, and gives back what it left', async () => {
    const running = await underWay()
    running.signal('SIGKILL')
    await running.end
    expect(await locked()).toEqual(everywhere)
    expect(mountedOn(site.lab)).toEqual(['node1'])
    await letGo()
    const next = await site.run(...slow)
    expect(next.status).toBe(0)
    expect(noticesOf(next)).toContainEqual(
      expect.stringMatching(/^run \S+ of \S+ is dead; its lock is taken over \(this controller, node1, node2\)$/),
    )
    heldAs('an earlier run was killed', next)
    expect([await locked(), mountedOn(site.lab)]).toEqual([[], []])
  })

  it('leaves what no step needs any more: that is given back too', async () => {
    const running = await underWay()
    running.signal('SIGKILL')
    await running.end
    await site.on('node1', ': >/var/long; printf "x\\n" >/var/after')
    const next = await site.run(...slow)
    expect(next.status).toBe(0)
    expect(holdsOf(next)).toEqual(['hold-released node1'])
    expect(mountedOn(site.lab)).toEqual([])
  })

  it('leaves to a colleague what the colleague has taken since', async () => {
    const running = await underWay()
    running.signal('SIGKILL')
    await running.end
    const mark = '/var/lib/run/holds/msgr1/partition'
    await site.on(
      'node1',
      `: >/var/long; printf "x\\n" >/var/after; sed -i 's/"token":"[^"]*"/"token":"${'0'.repeat(32)}"/' ${mark}`,
    )
    const next = await site.run(...slow)
    expect(next.status).toBe(0)
    expect(holdsOf(next)).toEqual([])
    expect(mountedOn(site.lab)).toEqual(['node1'])
    await site.on('node1', `umount /mnt/messenger; rm ${mark}`)
  })
})

describe('a run of another controller', () => {
  const strange: Owner = {
    version: 1,
    token: 'ab'.repeat(16),
    run: '2026-11-23-0612',
    cluster: 'msgr1',
    user: 'bob',
    controller: 'attic',
    machine: 'another',
    pid: 4711,
    started: 'then',
    since: '2026-11-23T06:12:00.000Z',
    why: 'run playbook install',
  }
  const lockNode2 = (secondsAgo: number) =>
    site.on(
      'node2',
      `mkdir -p ${directory} && printf %s '${JSON.stringify(strange)}' >${directory}/owner && expr $(date +%s) - ${secondsAgo} >${directory}/beat`,
    )

  it('that seems dead is a person’s to break, who says why; then the work goes on', async () => {
    await lockNode2(600)
    const refused = await site.run(...slow)
    expect(refused.status).toBe(4)
    expect(refused.stderr).toContain('Run 2026-11-23-0612 has the cluster msgr1, and seems dead')
    expect(refused.stderr).toContain('run lock break --reason')
    heldAs('a run of another controller seems dead', refused)
    expect(await locked()).toEqual(['node2'])

    const status = await site.run('lock', 'status', '--format', 'json')
    expect(status.status).toBe(4)
    expect(JSON.parse(status.stdout).places).toMatchObject([
      { place: 'this controller', state: 'free' },
      { place: 'node1', state: 'free' },
      { place: 'node2', state: 'locked', standing: 'silent', owner: { user: 'bob', controller: 'attic' } },
    ])

    expect(await site.run('lock', 'break')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('error[reason-missing]'),
    })
    const before = new Set(readdirSync(`${site.dir}/.run/runs`))
    const broken = await site.run('lock', 'break', '--reason', 'the attic has no power')
    expect(broken).toMatchObject({ status: 0, stdout: expect.stringContaining('The lock is broken: node2') })
    const trace = readdirSync(`${site.dir}/.run/runs`).filter(run => !before.has(run))
    expect(readFileSync(`${site.dir}/.run/runs/${trace.join()}/events.jsonl`, 'utf8')).toContain(
      'the attic has no power',
    )
    expect(await locked()).toEqual([])
    await letGo()
    expect((await site.run(...slow)).status).toBe(0)
  })

  it('that is heard of goes on: its name and its heartbeat are told', async () => {
    await lockNode2(5)
    const refused = await site.run(...slow)
    expect(refused.status).toBe(4)
    expect(refused.stderr).toContain('ask bob@attic (process 4711)')
    expect(refused.stderr).not.toContain('lock break')
    await site.on('node2', `rm -r ${directory}`)
  })
})

it('the lock of a run that goes on here is not broken', async () => {
  const running = await underWay()
  const refused = await site.run('lock', 'break', '--reason', 'impatience')
  expect(refused).toMatchObject({ status: 4, stderr: expect.stringContaining('error[lock-alive]') })
  expect(await locked()).toEqual(everywhere)
  await letGo()
  expect((await running.end).status).toBe(0)
})

it('a run whose lock somebody takes away begins no other step', async () => {
  const running = await underWay()
  await site.on('node2', `rm -r ${directory}`)
  await running.said('lock is gone')
  await letGo()
  const ran = await running.end
  expect(ran.status).toBe(1)
  expect(eventsOf(ran.events, 'run-ended')).toMatchObject([{ problem: { code: 'lock-lost' } }])
  heldAs('somebody takes the lock away', ran)
  expect(eventsOf(ran.events, 'step-ended')).toMatchObject([{ step: 'slow/long', outcome: 'changed' }])
  expect([await locked(), mountedOn(site.lab)]).toEqual([[], []])
})

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends the run after its step, and gives all back',
    async name => {
      const running = await underWay()
      running.signal(name)
      await running.said('interrupted')
      await letGo()
      const ran = await running.end
      expect(ran.status).toBe(130)
      expect(eventsOf(ran.events, 'step-ended')).toMatchObject([{ step: 'slow/long', outcome: 'changed' }])
      expect(holdsOf(ran).at(-1)).toBe('hold-released node1')
      heldAs('Ctrl-C, once (or SIGTERM, or SIGHUP)', ran)
      expect([await locked(), mountedOn(site.lab)]).toEqual([[], []])
    },
  )

  it('that comes twice stops at once: the step is unknown in the journal, and the lock is a dead run’s', async () => {
    const running = await underWay()
    running.signal('SIGINT')
    await new Promise(resolve => setTimeout(resolve, 1000))
    running.signal('SIGINT')
    const ran = await running.end
    expect(ran.status).toBe(130)
    expect(ran.events.slice(-2)).toMatchObject([
      {
        type: 'step-ended',
        step: 'slow/long',
        host: 'node1',
        outcome: 'unknown',
        problem: { code: 'stopped-at-once' },
      },
      { type: 'run-ended', exitCode: 130, counts: { unknown: 1, 'not-reached': 1 } },
    ])
    heldAs('Ctrl-C, twice', ran)
    expect(await locked()).toEqual(everywhere)
    await letGo()
    const next = await site.run(...slow)
    expect(next.status).toBe(0)
    expect(noticesOf(next)).toContainEqual(expect.stringContaining('is dead; its lock is taken over'))
    expect([await locked(), mountedOn(site.lab)]).toEqual([[], []])
  })
})

describe('a terminal that is closed', () => {
  const tmux = (...words: readonly string[]) =>
    spawnSync('tmux', ['-L', `run-locks-${process.pid}`, '-f', '/dev/null', ...words])
  const isThere = tmux('-V').status === 0
  afterAll(() => void tmux('kill-server'))

  it.skipIf(!isThere)('ends the run after its step, and gives all back', async () => {
    const earlier = new Set(readdirSync(`${site.dir}/.run/runs`))
    const line = [process.execPath, runFile, ...slow].map(word => `'${word}'`).join(' ')
    tmux('new-session', '-d', `cd '${site.dir}' && ${line}; sleep 60`)
    const newest = () => readdirSync(`${site.dir}/.run/runs`).find(run => !earlier.has(run) && /^\d/.test(run))
    const events = () => (newest() === undefined ? [] : readJournal(`${site.dir}/.run/runs`, newest() ?? ''))
    await vi.waitFor(() => expect(events().at(-1)?.type).toBe('step-intended'), 30_000)
    tmux('kill-server')
    await vi.waitFor(() => expect(events().at(-1)?.type).toBe('run-interrupted'), 30_000)
    await letGo()
    await vi.waitFor(() => expect(events().at(-1)).toMatchObject({ type: 'run-ended', exitCode: 130 }), 30_000)
    await vi.waitFor(async () => expect(await locked()).toEqual([]), 5_000)
    expect(eventsOf(events(), 'step-ended')).toMatchObject([{ step: 'slow/long', outcome: 'changed' }])
    const { stdout } = await site.run('report')
    heldAs('the terminal is closed', { status: 130, events: events(), stderr: stdout })
    expect(mountedOn(site.lab)).toEqual([])
  })
})
