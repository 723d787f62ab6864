// A cluster that is installed node by node, with failures on the way: the order is kept, and nothing stays mounted.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asMade, changing, eventsOf, foretold, made, without } from './changes.ts'
import type { Ran } from './command.ts'
import { deedsAmong, differences, type Fingerprint, fingerprint } from './fingerprint.ts'
import { mountedOn } from './machines.ts'
import { canary, openSite, type Site } from './site.ts'
import { type Watched, watchWhile } from './watch.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site?.close())

const install = (...flags: readonly string[]) => site.run('playbook', 'install', ...flags)
const onNode = (facts: readonly string[], node: string) => facts.filter(fact => fact.startsWith(node))

describe('`--limit node2` on a fresh cluster', () => {
  let before: Fingerprint
  let refused: Ran

  beforeAll(async () => {
    before = await fingerprint(site.lab)
    refused = await install('--limit', 'node2')
  })

  it('is refused: node1 comes first (P8)', () => {
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('error[out-of-turn] node2 is not the next: node1 comes first')
  })

  it('did nothing', async () => {
    expect(deedsAmong(differences(before, await fingerprint(site.lab)))).toEqual([])
  })
})

describe('a run whose installer is refused by the directory', () => {
  let watched: Watched<Ran>

  beforeAll(async () => {
    await site.changePassword('another')
    watched = await watchWhile(site.lab, install('-i', site.withoutDirectory))
    await site.changePassword(canary.whole)
  })

  it('fails, and begins no other node', () => {
    const { status, events } = watched.value
    expect(status).toBe(1)
    expect(eventsOf(events, 'step-ended').find(({ outcome }) => outcome === 'failed')).toMatchObject({
      step: 'install/installer',
      host: 'node1',
    })
    expect(eventsOf(events, 'step-started').filter(({ host }) => host !== 'node1')).toEqual([])
  })

  it('held the partition, gave it back, and leaves it mounted nowhere (P9)', () => {
    expect(watched.holders).toContainEqual(['node1'])
    expect(mountedOn(site.lab)).toEqual([])
    expect(eventsOf(watched.value.events, 'hold-released')).toMatchObject([{ host: 'node1' }])
  })

  it('shows no password, though the dialogue failed right behind it (P10)', () => {
    const { stdout, stderr, events } = watched.value
    for (const text of [stdout, stderr, JSON.stringify(events), ...watched.shown])
      expect(text).not.toContain(canary.core)
  })
})

describe('a run that the directory does not let in', () => {
  let run: Ran

  beforeAll(async () => {
    await site.changePassword('another')
    run = await install()
    await site.changePassword(canary.whole)
  })

  it('ends before the partition is taken or a program is started', () => {
    expect(run.status).toBe(6)
    expect(eventsOf(run.events, 'step-ended').find(({ problem }) => problem)).toMatchObject({
      step: 'failover-list/preferred-node',
      problem: { code: 'directory-login-refused' },
    })
    expect(eventsOf(run.events, 'hold-intended')).toEqual([])
  })
})

describe('`--limit node1`', () => {
  let before: Fingerprint
  let run: Ran

  beforeAll(async () => {
    before = await fingerprint(site.lab)
    run = await install('--limit', 'node1')
  })

  it('finishes node1, and touches no other node', async () => {
    expect(run.status).toBe(0)
    expect(changing(made(run))).toEqual(
      expect.arrayContaining(['install/installer@node1', 'install/agents-test@node1']),
    )
    expect(onNode(deedsAmong(differences(before, await fingerprint(site.lab))), 'node2')).toEqual([])
  })

  it('leaves the partition mounted nowhere', () => {
    expect(mountedOn(site.lab)).toEqual([])
  })
})

describe('`--limit node2`, once node1 is done', () => {
  let before: Fingerprint
  let after: Fingerprint
  let dry: Ran
  let watched: Watched<Ran>

  beforeAll(async () => {
    before = await fingerprint(site.lab)
    dry = await site.dryRun()
    after = await fingerprint(site.lab)
    watched = await watchWhile(site.lab, install('--limit', 'node2'))
  })

  it('a dry run of all foretells what is left, which is on node2 (P4), and leaves no trace (P3)', () => {
    expect(dry.status).toBe(10)
    expect(changing(foretold(dry)).filter(at => !at.endsWith('@node2'))).toEqual([])
    expect(differences(before, after)).toEqual([])
  })

  it('makes what was foretold', () => {
    expect(watched.value.status).toBe(0)
    // What runs once runs on the first of the nodes that are chosen: of all nodes that was node1.
    const once = ['preferred-node', 'failover-list'].map(step => `failover-list/${step}@node2`)
    const own = without(once, made(watched.value))
    expect(asMade(own)).toEqual(asMade(foretold(dry).filter(({ host }) => host === 'node2')))
  })

  it('verifies node1 by its receipts, without mounting anything there', () => {
    expect(watched.holders.flat().filter(node => node !== 'node2')).toEqual([])
  })

  it('changes nothing on node1', async () => {
    expect(onNode(deedsAmong(differences(after, await fingerprint(site.lab))), 'node1')).toEqual([])
  })
})

describe('`--only uid-conf`, where two steps are due', () => {
  let run: Ran

  beforeAll(async () => {
    if (site.lacks('chown to a second user')) return
    await site.on('node2', 'echo somebody >/etc/opt/novell/messenger/uid.conf')
    run = await install('--only', 'uid-conf')
  })

  it('carries out that step alone', ({ skip }) => {
    skip(site.lacks('chown to a second user'), 'agents of root have no uid.conf')
    expect(run.status).toBe(0)
    expect([...new Set(made(run).map(({ step }) => step))]).toEqual(['install/uid-conf'])
    expect(changing(made(run))).toEqual(['install/uid-conf@node2'])
  })

  it('leaves the other one due', async ({ skip }) => {
    skip(site.lacks('chown to a second user'), 'agents of root have no uid.conf')
    expect(changing(foretold(await site.dryRun()))).toEqual(['install/agents-test@node2'])
  })
})

describe('a preferred node whose package is gone', () => {
  it('joins the system that is there, and creates no other', async () => {
    await site.on('node1', 'rpm -e novell-messenger')
    const run = await install('--limit', 'node1')
    expect(run.status).toBe(0)
    const installer = eventsOf(run.events, 'step-ended').find(({ step }) => step === 'install/installer')
    expect(installer).toMatchObject({ host: 'node1', outcome: 'changed', result: { role: 'join' } })
  })
})
