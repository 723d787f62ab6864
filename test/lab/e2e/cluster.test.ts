// The whole of the manual on a cluster: `site`, its scripts carried out by Cluster Services, a way back; and what stands in the way.
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { labDirectory, labRestore, labSnapshot } from '../../../lab/index.ts'
import type { DirectoryState } from '../../../lab/vendor/directory/state.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { move, setResource } from '../resource.ts'
import { login } from '../ssh.ts'
import { changing, eventsOf, expectAsForetold, made } from './changes.ts'
import type { Ran } from './command.ts'
import { atRest, mountedOn, runningOn } from './machines.ts'
import { openSite, type Site } from './site.ts'

let site: Site
const run = (playbook: string, ...flags: readonly string[]) => site.run('playbook', playbook, ...flags)

type Vars = Record<string, unknown>

/** The lab's inventory, with something otherwise. */
const inventoryWith = (change: (vars: Vars, cluster: { failover_list: string[] }) => void): readonly string[] => {
  const inventory = parse(readFileSync(`${site.dir}/inventory.yml`, 'utf8'))
  change(inventory.all.vars, inventory.cluster)
  writeFileSync(`${site.dir}/other.yml`, stringify(inventory))
  return ['-i', 'other.yml']
}

const problemsOf = ({ events }: Ran) =>
  eventsOf(events, 'step-ended').flatMap(({ step, problem, ignored }) =>
    problem ? [{ step, ignored, ...problem }] : [],
  )

const runOf = ({ events }: Ran): string => String(eventsOf(events, 'run-started')[0]?.run)

/** What the vendor's side of the lab keeps. */
const directoryNow = async () => (await labDirectory(site.lab.dir)) as DirectoryState

const resource = async () => {
  const { entries } = await directoryNow()
  const [, found] = Object.entries(entries).find(([dn]) => dn.startsWith('cn=MESSENGER,')) ?? []
  if (!found) throw new Error('the lab has no cluster resource')
  return found
}

const restored = async (state: string) => {
  await labRestore(site.lab.dir, state)
  await atRest(site.lab)
}

beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site?.close())

describe('site', () => {
  let ran: Ran
  let fresh: Awaited<ReturnType<typeof resource>>
  beforeAll(async () => {
    await setResource(site.lab, { nCSCRMFailbackMode: ['1'] })
    fresh = await resource()
    const dry = await run('site', '--dry-run', '--format', 'json')
    ran = await run('site')
    expect(ran.status).toBe(0)
    expectAsForetold(ran, dry)
    await labSnapshot(site.lab.dir, 'done')
  })

  it('writes both scripts in one modify, and each modify raises the revision by one', async () => {
    const scripts = eventsOf(ran.events, 'command').map(({ script }) => script)
    const [modify = '', ...others] = scripts.filter(script => script.includes('nCSCRMLoadScript'))
    expect(others).toEqual([])
    expect(modify).toContain('nCSCRMUnloadScript:: ')
    expect(modify).toContain('delete: nCSRevision\nnCSRevision: 3\n-\nadd: nCSRevision\nnCSRevision: 4\n-')
    expect((await resource()).nCSRevision).toEqual(['5'])
  })

  it('changes nothing a second time, and takes nothing', async () => {
    const again = await run('site')
    expect(again.status).toBe(0)
    expect(changing(made(again))).toEqual([])
    expect(eventsOf(again.events, 'hold-intended')).toEqual([])
  })

  it('tells what was measured of a stop on each node', () => {
    const waits = eventsOf(ran.events, 'step-ended').filter(({ step }) => step === 'cluster/wait-before-the-kill')
    expect(waits.map(({ because }) => because)).toEqual(
      waits.map(() => expect.stringMatching(/^a stop took [\d.]+ s; 8 s are proposed, 8 s are set$/)),
    )
    expect(waits).toHaveLength(site.lab.nodes.length)
  })

  it('leaves scripts that Cluster Services carries out: all of it comes, moves and goes', async () => {
    const node = await login(site.lab, 'node1')
    await move(node, 'online', 'Running node1')
    expect({ mounted: mountedOn(site.lab), agents: runningOn(site.lab, 'nmaa') }).toEqual({
      mounted: ['node1'],
      agents: ['node1'],
    })
    await move(node, 'migrate node2', 'Running node2')
    expect({ mounted: mountedOn(site.lab), agents: runningOn(site.lab, 'nmma') }).toEqual({
      mounted: ['node2'],
      agents: ['node2'],
    })
    const online = await run('cluster')
    expect(online.status).toBe(0)
    expect(eventsOf(online.events, 'step-ended').map(({ because }) => because)).toEqual(
      expect.arrayContaining([
        'MESSENGER is Running, so the address may be where it is',
        'the copies on the node are those of the directory',
      ]),
    )
    await move(node, 'offline', 'Offline')
    expect({ mounted: mountedOn(site.lab), agents: runningOn(site.lab, 'nmma') }).toEqual({ mounted: [], agents: [] })
  })

  describe('taken back, the last step first, as far as there is a way', () => {
    let undone: Ran
    let directory: DirectoryState
    beforeAll(async () => {
      await restored('done')
      undone = await site.run('undo', runOf(ran), '--from', 'messaging-agent-not-at-boot')
      directory = await directoryNow()
    })

    it('walks through every change behind the installers, and ends well', () => {
      expect(undone.status).toBe(0)
      const back = changing(made(undone))
      const forth = changing(made(ran)).filter(step => !/installer|mount-point|not-at-boot/.test(step))
      expect(back.filter(step => !step.includes('not-at-boot')).toSorted()).toEqual(forth.toSorted())
      const steps = eventsOf(undone.events, 'step-started').map(({ step, host }) => `${step}@${host}`)
      expect(steps.slice(0, 2)).toEqual(['cluster/preferred-nodes-and-modes@node1', 'cluster/scripts@node1'])
      expect(steps.at(-1)).toBe('install/messaging-agent-not-at-boot@node1')
    })

    it('leaves the cluster resource as it was, to the letter, but for its revision', async () => {
      const now = await resource()
      expect({ ...now, nCSRevision: fresh.nCSRevision }).toEqual(fresh)
    })

    it('leaves the paths at what the installation gave them', () => {
      const values = Object.values(directory.entries).flatMap(entry => Object.values(entry).flat())
      expect(values.filter(value => value.startsWith('/mnt/messenger/'))).toEqual([])
      expect(values.filter(value => /^\/var\/opt\/novell\/.*messenger\/(?:ma|aa)\b/.test(value))).toHaveLength(5)
    })

    it('leaves nothing of its own on the partition, the system there, and the data where they were', async () => {
      const onPartition = await site.on('node1', 'mount /dev/messenger/data /mnt && ls /mnt; umount /mnt')
      expect(onPartition.split('\n')).toEqual(['lost+found', 'novell'])
      expect(await site.on('node1', 'ls /var/opt/novell/messenger/ma/queue')).toBe('nmma.db')
      expect(mountedOn(site.lab)).toEqual([])
    })

    it.each(['node1', 'node2'])(
      'leaves %s with no uid.conf, owners of the installation, agents at boot',
      async node => {
        expect(await site.statusOn(node, 'test -e /etc/opt/novell/messenger/uid.conf')).toBe(1)
        const owners = 'stat -c %U /var/opt/novell/messenger /var/opt/novell/log/messenger | sort -u'
        expect(await site.on(node, owners)).toBe('root')
        expect(await site.on(node, '{ chkconfig novell-nmma; chkconfig novell-nmaa; } | tr -s " "')).toBe(
          'novell-nmma on\nnovell-nmaa on',
        )
      },
    )
  })

  it('says of copies that are older what makes them new, and does not fail', async () => {
    await restored('done')
    const node = await login(site.lab, 'node1')
    await move(node, 'online', 'Running node1')
    const changed = await run(
      'cluster',
      ...inventoryWith(vars => Object.assign(vars, { cluster_scripts: { stop_wait: 9 } })),
    )
    expect(changed.status).toBe(0)
    expect(changing(made(changed))).toEqual(['cluster/scripts@node1'])
    expect(eventsOf(changed.events, 'step-ended').at(-1)?.because).toMatch(/^the copies on the node are older: /)
  })
})

describe('the cluster resource', () => {
  beforeEach(() => restored('fresh'))

  it('is taken back: scripts to the letter, nodes and modes as they were', async () => {
    await setResource(site.lab, {
      nCSCRMPreferredNodes: ['node2', 'node1'],
      nCSCRMFailbackMode: ['1'],
      nCSCRMUnloadTimeout: ['300'],
    })
    const before = await resource()
    const forth = await run('cluster')
    expect(forth.status).toBe(0)
    expect(await resource()).toMatchObject({
      nCSCRMPreferredNodes: ['node1', 'node2'],
      nCSCRMFailbackMode: ['0'],
      nCSCRMUnloadTimeout: ['600'],
      nCSRevision: ['5'],
    })
    const [started] = eventsOf(forth.events, 'run-started')
    const undone = await site.run('undo', String(started?.run))
    expect(undone.status).toBe(0)
    expect(await resource()).toEqual({ ...before, nCSRevision: ['7'] })
  })

  it('is not taken back over what somebody else has written since', async () => {
    const forth = await run('cluster')
    await setResource(site.lab, { nCSCRMLoadScript: ['#!/bin/bash\nexit 0\n'] })
    const [started] = eventsOf(forth.events, 'run-started')
    const undone = await site.run('undo', String(started?.run))
    expect(undone.status).toBe(3)
    heldAs('somebody else has changed the cluster resource when it is taken back', undone)
    expect((await resource()).nCSCRMLoadScript).toEqual(['#!/bin/bash\nexit 0\n'])
  })

  it('that is preferred elsewhere keeps anything from being installed, and is told before', async () => {
    await setResource(site.lab, { nCSCRMPreferredNodes: ['node2', 'node1'] })
    for (const flags of [['--dry-run'], []]) {
      const refused = await run('install', ...flags)
      expect(refused.status).toBe(1)
      expect(problemsOf(refused)).toMatchObject([
        { step: 'failover-list/preferred-node@node1', code: 'preferred-node-differs', seen: 'node2 → node1 (cluster)' },
      ])
    }
    const ordered = await run('cluster', '--only', 'preferred-nodes-and-modes')
    expect(ordered.status).toBe(0)
    expect(problemsOf(await run('failover-list'))).toEqual([])
  })

  it('that prefers the same node and has another list is a finding: in a dry run, a review and a run', async () => {
    await setResource(site.lab, { nCSCRMPreferredNodes: ['node1'] })
    const told = { step: 'failover-list/failover-list@node1', code: 'failover-list-differs', ignored: true }
    for (const flags of [['--dry-run'], []]) {
      const found = await run('failover-list', ...flags)
      expect(problemsOf(found)).toMatchObject([told])
      expect(found.status).toBe(0)
      expect(found.stderr + found.stdout).toContain('failover-list-differs')
    }
    await site.run('plan', 'failover-list', '-o', 'plan.json')
    const review = await site.run('review', 'plan.json')
    expect(review.stdout.replace(/\s+/g, ' ')).toContain('is not that of the cluster resource MESSENGER (node1)')
    const refused = await run('cluster', '--only', 'preferred-nodes-and-modes')
    expect(problemsOf(refused)).toMatchObject([{ code: 'value-not-understood' }])
  })

  it.each<[string, string, Readonly<Record<string, readonly string[]>>, (vars: Vars) => void, (ran: Ran) => void]>([
    [
      'a revision that is no number',
      'value-not-understood',
      { nCSRevision: ['x'] },
      () => {},
      ran => heldAs('the revision of the cluster resource is no number', ran),
    ],
    [
      'a timeout that cannot be read',
      'value-not-understood',
      { nCSCRMLoadTimeout: ['PT10M'] },
      () => {},
      ran => heldAs('a timeout of the cluster resource cannot be read', ran),
    ],
    [
      'a script without a place',
      'script-place-unknown',
      { nCSCRMLoadScript: ['#!/bin/bash\necho 10.88.1.100\nexit 0\n'] },
      vars => Object.assign(vars, { cluster_scripts: { compose: 'insert' } }),
      ran => heldAs('a script of the cluster resource has no place for our part', ran),
    ],
    [
      'a mode that cannot be read',
      'value-not-understood',
      { nCSCRMFailoverMode: ['7'] },
      () => {},
      ran => heldAs('a mode of the cluster resource cannot be read', ran),
    ],
    [
      'a cluster that is somewhere else',
      'cluster-object-not-found',
      {},
      vars => Object.assign(vars, { cluster_dn: 'cn=x,o=acme' }),
      ran => heldAs('the directory has no such cluster', ran),
    ],
    [
      'a directory that is down',
      'directory-unreachable',
      {},
      vars => Object.assign(vars.ldap_directory ?? {}, { port: 9 }),
      ran => heldAs('the directory is down when the cluster resource is to be changed', ran),
    ],
    [
      'a certificate of another name',
      'directory-tls-refused',
      {},
      vars => Object.assign(vars.ldap_directory ?? {}, { certificate_name: 'other' }),
      ran => heldAs('the certificate of the directory is for another name', ran),
    ],
  ])('with %s is refused, and nothing is half written', async (_, code, attributes, change, held) => {
    await setResource(site.lab, attributes)
    const before = await resource()
    const flags = inventoryWith(change)
    const refused = await run('cluster', ...flags)
    expect(problemsOf(refused)[0]).toMatchObject({ code })
    expect(refused.status).not.toBe(0)
    held(refused)
    const { nCSCRMLoadScript, nCSCRMUnloadScript } = await resource()
    if (code !== 'value-not-understood' || attributes.nCSCRMFailoverMode === undefined)
      expect(await resource()).toEqual(before)
    else expect({ nCSCRMLoadScript, nCSCRMUnloadScript }).not.toEqual(before)
  })

  it('whose address somebody has is refused, and nothing is written', async () => {
    await site.on('node2', 'ip addr add 10.88.1.100/24 dev eth0')
    const before = await resource()
    const refused = await run('cluster')
    expect(problemsOf(refused)).toMatchObject([{ code: 'address-in-use', seen: 'another machine has it' }])
    heldAs('another machine has the secondary address', refused)
    expect(await resource()).toEqual(before)
  })

  it('whose name no resource can have is refused before anything connects', async () => {
    const before = await resource()
    const refused = await run('cluster', ...inventoryWith(vars => Object.assign(vars, { cluster_resource: 'MSG-R' })))
    expect(refused.stderr).toContain('`cluster_resource` must be at most 63 letters, digits and _')
    expect(refused.stderr.match(/^error\[/gm)).toHaveLength(1)
    expect([refused.status, refused.events]).toEqual([2, []])
    expect(await resource()).toEqual(before)
  })

  it('is handed over: the run waits with the text, and goes on when the directory has it', async () => {
    const flags = inventoryWith(vars =>
      Object.assign(vars, { cluster_scripts: { hand_over: true }, cluster_policies: { start: 'auto' } }),
    )
    const waiting = await run('cluster', ...flags)
    expect(waiting.status).toBe(5)
    expect(problemsOf(waiting)).toMatchObject([{ step: 'cluster/scripts@node1', code: 'waits-for-person' }])
    const [change] = made(waiting).flatMap(({ changes }) => changes)
    expect(change).toBeUndefined()
    const { load_script, unload_script } = await scriptsFromPlan(flags)
    expect(waiting.stderr).toContain(load_script.trimEnd().split('\n').at(-2))
    await setResource(site.lab, {
      nCSCRMLoadScript: [load_script.replaceAll('\n', '\r\n')],
      nCSCRMUnloadScript: [unload_script],
    })
    const next = await run('cluster', ...flags)
    expect(problemsOf(next)).toMatchObject([{ step: 'cluster/start-mode@node1', code: 'waits-for-person' }])
    expect(next.stderr).toContain('Start Mode: auto')
  })

  it('without a directory waits for somebody with both scripts', async () => {
    const waiting = await run('cluster', '-i', site.withoutDirectory)
    expect(waiting.status).toBe(5)
    expect(waiting.stderr).toContain('exit_on_error /etc/init.d/novell-nmma start')
    expect(waiting.stderr).toContain('Scripts > Unload Script:')
  })
})

/** What the step is to make of the scripts, by its dry run. */
const scriptsFromPlan = async (flags: readonly string[]) => {
  const { events } = await run('cluster', ...flags, '--dry-run')
  const change = eventsOf(events, 'step-ended').find(({ step }) => step === 'cluster/scripts')?.changes[0]
  return change?.after as { readonly load_script: string; readonly unload_script: string }
}
