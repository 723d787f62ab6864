// Runs that do not come to their end: Ctrl-C is kept in order, and a controller that is killed leaves nothing unsafe.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { asMade, changing, eventsOf, foretold, made } from './changes.ts'
import type { Ran } from './command.ts'
import { familyOf, mountedOn, read, runningOn } from './machines.ts'
import { openSite, type Site } from './site.ts'
import { type Watched, watchWhile } from './watch.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site?.close())

/** What `--events` wrote, without what each line has beside its event. */
const eventsIn = (name: string): readonly unknown[] =>
  readFileSync(`${site.dir}/${name}`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const { v, sum, ...event } = JSON.parse(line)
      expect([v, sum]).toEqual([1, expect.stringMatching(/^[0-9a-f]{8}$/)])
      return event
    })

/** Installers that run on the nodes; each is a family of its own: `script`, a shell, the program. */
const installers = (): number =>
  familyOf(site.lab.pid).filter(pid => read(`/proc/${pid}/cmdline`).split('\0').includes('/media/messenger/install'))
    .length

describe("Ctrl-C in the agents' test of node1", () => {
  let interrupted: Ran

  beforeAll(async () => {
    const running = site.begin('playbook', 'install', '--events', 'interrupted.jsonl')
    await running.said('starting the Messaging Agent')
    running.signal('SIGINT')
    interrupted = await running.end
  })

  it('tells the same events to whoever listens', () => {
    expect(eventsIn('interrupted.jsonl')).toEqual(interrupted.events)
  })

  it('ends with 130', () => {
    expect(interrupted.status).toBe(130)
    expect(eventsOf(interrupted.events, 'run-interrupted')).toMatchObject([{ signal: 'SIGINT' }])
  })

  it('finishes the step at hand, and begins no other', () => {
    const steps = eventsOf(interrupted.events, 'step-ended')
    expect(steps.at(-1)).toMatchObject({ step: 'install/agents-test', host: 'node1', outcome: 'changed' })
    expect(eventsOf(interrupted.events, 'step-started')).toHaveLength(steps.length)
  })

  it('gives the partition back, and leaves no agent running', () => {
    expect(eventsOf(interrupted.events, 'hold-released')).toMatchObject([{ host: 'node1' }])
    expect([...mountedOn(site.lab), ...runningOn(site.lab, 'nmma'), ...runningOn(site.lab, 'nmaa')]).toEqual([])
  })

  it('a plain run finishes the rest, as a dry run foretells it', async () => {
    const dry = await site.dryRun()
    const run = await site.run('playbook', 'install')
    expect(run.status).toBe(0)
    expect(asMade(made(run))).toEqual(asMade(foretold(dry)))
    expect(changing(made(run)).filter(at => at.startsWith('install/') && at.endsWith('@node1'))).toEqual([])
    expect((await site.dryRun()).status).toBe(0)
  })
})

describe('a controller that is killed in the middle of the installer', () => {
  let journal: Ran
  let next: Watched<Ran>

  beforeAll(async () => {
    await site.refresh()
    const running = site.begin('playbook', 'install', '--events', 'killed.jsonl')
    await running.said('answered      -          server context')
    running.signal('SIGKILL')
    journal = await running.end
  })

  it('has told all that it wrote down', () => {
    expect(eventsIn('killed.jsonl')).toEqual(journal.events.slice(0, eventsIn('killed.jsonl').length))
    // Killed between the two, the journal is ahead by one.
    expect(journal.events.length - eventsIn('killed.jsonl').length).toBeLessThan(2)
  })

  it('leaves the installer on its node, which goes on by itself', () => {
    expect(installers()).toBeGreaterThan(0)
  })

  it('had written down what it set out to do, before it did it (P6)', () => {
    expect(eventsOf(journal.events, 'hold-acquired')).toMatchObject([{ host: 'node1' }])
    expect(eventsOf(journal.events, 'step-intended').at(-1)).toMatchObject({ step: 'install/installer', host: 'node1' })
    expect(eventsOf(journal.events, 'run-ended')).toEqual([])
  })

  it('leaves the partition mounted where it was, and no other node gets it', async () => {
    expect(mountedOn(site.lab)).toEqual(['node1'])
    const refused = await site.run('playbook', 'install', '--limit', 'node2')
    expect(refused.status).toBe(1)
    expect(mountedOn(site.lab)).toEqual(['node1'])
  })

  it('a plain run takes both over and comes to the end, with the partition on one node at a time (P9)', async () => {
    next = await watchWhile(site.lab, site.run('playbook', 'install'))
    expect(next.value.status, next.value.stderr).toBe(0)
    expect(next.value.stderr).toMatch(/install\/installer@node1: run \S+ began it; it is watched to its end/)
    expect(next.holders.filter(holders => holders.length > 1)).toEqual([])
    expect(mountedOn(site.lab)).toEqual([])
    expect((await site.dryRun()).status).toBe(0)
  })

  it('and what was answered is not answered again', () => {
    const answeredIn = ({ events }: Ran) =>
      eventsOf(events, 'prompt-answered').flatMap(({ host, prompt }) => (host === 'node1' ? [prompt] : []))
    const [before, after] = [answeredIn(journal), answeredIn(next.value)]
    // The last one may have been written down, and not typed any more: then it is typed now.
    const prompts = after[0] === before.at(-1) ? [...before, ...after.slice(1)] : [...before, ...after]
    expect(after.length).toBeGreaterThan(5)
    expect(prompts).toEqual([...new Set(prompts)])
  })
})

describe('an installer that lives on a node already', () => {
  let refused: Ran

  beforeAll(async () => {
    await site.refresh()
    await site.on(
      'node1',
      'mkdir /mnt/messenger; mkfifo /tmp/keys; setsid sh -c "sleep 600 >/tmp/keys" >/dev/null 2>&1 </dev/null &',
    )
    await site.on(
      'node1',
      'setsid sh -c "script -qefc /media/messenger/install /dev/null </tmp/keys" >/tmp/screen 2>&1 </dev/null &',
    )
    await vi.waitFor(() => expect(installers()).toBeGreaterThan(0), 5_000)
    refused = await site.run('playbook', 'install')
  })

  it('gets no second one beside it', async () => {
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('error[installer-running]')
    expect(eventsOf(refused.events, 'prompt-answered')).toEqual([])
    expect(installers()).toBeGreaterThan(0)
  })

  it('and the partition is given back', () => {
    expect(mountedOn(site.lab)).toEqual([])
  })
})
