// The main job, end to end: on a fresh cluster of three nodes, in this order, the seven things that prove it.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atThisPace } from '../../kit/pace.ts'
import {
  asMade,
  byEvidence,
  changing,
  eventsOf,
  foretold,
  made,
  openWhileFresh,
  type Told,
  undecided,
  without,
} from './changes.ts'
import type { Ran } from './command.ts'
import { deedsAmong, differences, type Fingerprint, fingerprint } from './fingerprint.ts'
import { mountedOn, runningOn } from './machines.ts'
import { canary, openSite, type Site } from './site.ts'
import { type Watched, watchWhile } from './watch.ts'

let site: Site
beforeAll(async () => {
  site = await openSite({ nodes: 3 })
})
afterAll(() => site?.close())

/** What was foretold for the fresh cluster. */
let dry: Ran

const install = () => site.run('playbook', 'install')

const nodes = ['node1', 'node2', 'node3']
const nothingToDo = (told: readonly Told[]) => told.filter(({ outcome }) => outcome !== 'same' && outcome !== 'skipped')

describe('1. a dry run on a fresh cluster', () => {
  let before: Fingerprint

  beforeAll(async () => {
    before = await fingerprint(site.lab)
    dry = await site.dryRun()
  })

  it('ends with 10, since it found changes', () => {
    expect(dry).toMatchObject({ status: 10 })
  })

  it('foretells each step of each node', () => {
    const told = foretold(dry)
    for (const node of nodes) {
      const changed = changing(told.filter(({ host }) => host === node))
      expect(changed).toEqual(expect.arrayContaining([`install/installer@${node}`, `install/agents-test@${node}`]))
    }
    expect(told.filter(({ outcome }) => outcome === 'not-reached')).toEqual([])
    expect(undecided(told)).toEqual(openWhileFresh)
  })

  it('names the evidence of each', () => {
    const told = foretold(dry)
    const silent = told.filter(({ outcome, evidence }) => outcome !== 'skipped' && outcome !== 'unknown' && !evidence)
    expect(silent).toEqual([])
    expect(byEvidence(told)).toMatchObject({ opaque: nodes.length })
    expect(byEvidence(told)).not.toHaveProperty('attested')
  })

  it('leaves no trace', async () => {
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
  })
})

describe('2. the run', () => {
  let watched: Watched<Ran>

  beforeAll(async () => {
    watched = await watchWhile(site.lab, install())
  })

  it('is done', () => {
    expect(watched.value).toMatchObject({ status: 0 })
  })

  it('made exactly what the dry run had foretold, step by step, node by node (P4)', () => {
    const told = without(openWhileFresh, foretold(dry))
    expect(asMade(without(openWhileFresh, made(watched.value)))).toEqual(asMade(told))
  })

  it('went down the failover list, each node begun when the one before had ended (P8)', () => {
    const started = eventsOf(watched.value.events, 'step-started').filter(({ step }) => step.startsWith('install/'))
    expect(runsOf(started.map(({ host }) => host))).toEqual(nodes)
  })

  it('created the system on the preferred node, and joined the others', () => {
    const roles = eventsOf(watched.value.events, 'step-ended')
      .filter(({ step }) => step === 'install/installer')
      .map(({ host, result }) => [host, result])
    expect(roles).toEqual([
      ['node1', { role: 'create' }],
      ['node2', { role: 'join' }],
      ['node3', { role: 'join' }],
    ])
  })

  it('had the partition mounted on one node at a time (P9)', () => {
    expect(watched.holders.filter(holders => holders.length > 1)).toEqual([])
    // Once more on the preferred node, for the directories of the Messenger paths.
    expect(runsOf(watched.holders.flat())).toEqual([...nodes, 'node1'])
  })

  it('left the partition mounted nowhere, and no agent running', () => {
    expect(mountedOn(site.lab)).toEqual([])
    expect([...runningOn(site.lab, 'nmma'), ...runningOn(site.lab, 'nmaa')]).toEqual([])
  })

  it('showed the password nowhere: screen, journal and all else that it kept, process lists (P10)', () => {
    const { stdout, stderr, events } = watched.value
    const kept = filesBelow(`${site.dir}/.run`).map(file => readFileSync(file, 'utf8'))
    expect(kept.some(text => text.includes('"prompt-answered"'))).toBe(true)
    expect([...watched.shown].some(text => text.includes('/media/messenger/install'))).toBe(true)
    for (const text of [stdout, stderr, JSON.stringify(events), ...kept, ...watched.shown])
      expect(text).not.toContain(canary.core)
  })
})

describe('3. a dry run afterwards', () => {
  let before: Fingerprint
  let dry: Watched<Ran>

  beforeAll(async () => {
    before = await fingerprint(site.lab)
    dry = await watchWhile(site.lab, site.dryRun())
  })

  it('has nothing to change, and ends with 0', () => {
    expect(nothingToDo(foretold(dry.value))).toEqual([])
    expect(dry.value.status).toBe(0)
  })

  it('calls attested what rests on receipts', () => {
    const attested = foretold(dry.value).filter(({ evidence }) => evidence === 'attested')
    expect(attested.map(({ step, host }) => `${step}@${host}`)).toEqual(
      expect.arrayContaining(nodes.flatMap(node => [`install/installer@${node}`, `install/agents-test@${node}`])),
    )
    expect(byEvidence(foretold(dry.value))).not.toHaveProperty('predicted')
  })

  it('mounted nothing, and leaves no trace', async () => {
    expect(dry.holders.flat()).toEqual([])
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
  })
})

describe('4. a second run', () => {
  let watched: Watched<Ran>
  let ms: number

  beforeAll(async () => {
    const begin = performance.now()
    watched = await watchWhile(site.lab, install())
    ms = performance.now() - begin
  })

  it('changes nothing (P5)', () => {
    expect(watched.value.status).toBe(0)
    expect(nothingToDo(made(watched.value))).toEqual([])
    expect(eventsOf(watched.value.events, 'step-intended')).toEqual([])
  })

  it('mounts nothing, and starts no agent', () => {
    expect(watched.holders.flat()).toEqual([])
    expect(eventsOf(watched.value.events, 'hold-intended')).toEqual([])
    expect([...watched.shown].filter(text => text.includes('agent.mjs'))).toEqual([])
  })

  it('takes a few seconds', () => {
    expect(ms).toBeLessThan(atThisPace(10_000))
  })
})

describe('5. uid.conf of node2, changed by hand', () => {
  const due = ['install/uid-conf@node2', 'install/agents-test@node2']
  let dry: Ran
  let run: Ran

  beforeAll(async () => {
    if (site.lacks('chown to a second user')) return
    await site.on('node2', 'echo somebody >/etc/opt/novell/messenger/uid.conf')
    dry = await site.dryRun()
    run = await install()
  })

  it('the dry run foretells exactly the steps of node2 that rest on it', ({ skip }) => {
    skip(site.lacks('chown to a second user'), 'agents of root have no uid.conf')
    expect(dry.status).toBe(10)
    expect(changing(foretold(dry))).toEqual(due)
  })

  it('the run makes exactly those', ({ skip }) => {
    skip(site.lacks('chown to a second user'), 'agents of root have no uid.conf')
    expect(run.status).toBe(0)
    expect(asMade(made(run))).toEqual(asMade(foretold(dry)))
    expect(changing(made(run))).toEqual(due)
  })
})

describe("6. node2's package, removed by hand, with its receipt left", () => {
  let dry: Ran
  let run: Ran

  beforeAll(async () => {
    await site.on('node2', 'rpm -e novell-messenger')
    dry = await site.dryRun()
    run = await install()
  })

  it('the dry run finds that it is missing, on node2 alone', () => {
    expect(changing(foretold(dry))).toContain('install/installer@node2')
    expect(changing(foretold(dry)).filter(at => !at.endsWith('@node2'))).toEqual([])
  })

  it('the run installs it again, and does what was foretold', async () => {
    expect(run.status).toBe(0)
    expect(asMade(made(run))).toEqual(asMade(foretold(dry)))
    expect(await site.statusOn('node2', 'rpm -q novell-messenger && rpm -V novell-messenger')).toBe(0)
  })
})

describe('7. `run step install/installer --host node3` on a fresh cluster', () => {
  let before: Fingerprint
  let refused: Ran

  beforeAll(async () => {
    await site.refresh()
    before = await fingerprint(site.lab)
    refused = await site.run('step', 'install/installer', '--host', 'node3')
  })

  it('is refused, because node1 and node2 come first', () => {
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('error[out-of-turn] node3 is not the next: node1 comes first')
    expect(refused.stderr).toContain('node1 → node2 → node3')
  })

  it('did nothing to any node', async () => {
    expect(deedsAmong(differences(before, await fingerprint(site.lab)))).toEqual([])
  })
})

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`)

/** Each word once for as long as it comes in a row. */
const runsOf = (words: readonly string[]): readonly string[] => words.filter((word, at) => word !== words[at - 1])
