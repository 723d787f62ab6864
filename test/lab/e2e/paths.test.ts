// The paths on a cluster that is installed: found, written, moved; a second run, a dry run, an undo; and what stands in the way.
import { readFileSync, writeFileSync } from 'node:fs'
import { Attribute, Change, Client } from 'ldapts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { labDirectory, labRestore, labSnapshot } from '../../../lab/index.ts'
import type { DirectoryState } from '../../../lab/vendor/directory/state.ts'
import { heldAs } from '../../kit/fault-table.ts'
import { asMade, changing, eventsOf, foretold, made } from './changes.ts'
import type { Ran } from './command.ts'
import { atRest, mountedOn } from './machines.ts'
import { canary, openSite, type Site } from './site.ts'

let site: Site
const run = (...flags: readonly string[]) => site.run('playbook', 'paths', ...flags)

const server = 'cn=MessengerServer,cn=MessengerService,ou=messenger,o=acme'
const messagingAgent = `cn=MessagingAgent,${server}`
const steps = ['messaging-agent-queue', 'messaging-agent-log', 'store', 'archive-agent-queue', 'archive-agent-log']

const directory = async () => (await labDirectory(site.lab.dir)) as DirectoryState

/** All values that are paths, each with its entry, as the directory has them. */
const pathsIn = ({ entries }: DirectoryState) =>
  Object.entries(entries).flatMap(([dn, attributes]) =>
    Object.entries(attributes).flatMap(([name, values]) =>
      dn.endsWith(server) && values[0]?.startsWith('/') ? [`${dn.split(',')[0]} ${name} ${values}`] : [],
    ),
  )

const problemOf = ({ events }: Ran) => eventsOf(events, 'step-ended').find(({ problem }) => problem)?.problem

/** The lab's inventory, with one thing otherwise. */
const inventoryWith = (change: (vars: Record<string, Record<string, unknown>>) => void): readonly string[] => {
  const inventory = parse(readFileSync(`${site.dir}/inventory.yml`, 'utf8'))
  change(inventory.all.vars)
  writeFileSync(`${site.dir}/other.yml`, stringify(inventory))
  return ['-i', 'other.yml']
}

const installed = async () => {
  await labRestore(site.lab.dir, 'installed')
  await atRest(site.lab)
}

beforeAll(async () => {
  site = await openSite()
  const ran = await site.run('playbook', 'install', '--to', 'agents-test')
  expect(ran.status).toBe(0)
  await labSnapshot(site.lab.dir, 'installed')
})
afterAll(() => site?.close())

/** Carries the paths out, and says by which run. */
const forth = async (): Promise<string> => String(eventsOf((await run()).events, 'run-started')[0]?.run)

describe('on a cluster that is installed', () => {
  let before: DirectoryState
  let owners: string
  let dry: Ran
  let ran: Ran

  beforeAll(async () => {
    before = await directory()
    owners = await site.on('node1', 'stat -c %U:%G /var/opt/novell/messenger/ma/queue/nmma.db')
    dry = await run('--dry-run', '--format', 'json')
    ran = await run()
  })

  it('foretells each attribute by its name and entry, and makes exactly that (P4)', async () => {
    expect(dry.status).toBe(0)
    expect(ran.status).toBe(0)
    expect(asMade(made(ran))).toEqual(asMade(foretold(dry)))
    expect(changing(foretold(dry))).toEqual(expect.arrayContaining(steps.map(step => `paths/${step}-path@node1`)))
  })

  it('points all five to the partition', async () => {
    expect(pathsIn(await directory())).toEqual([
      'cn=ArchiveAgent nnmAgentQueueDir /mnt/messenger/aa/queue',
      'cn=ArchiveAgent nnmAgentLogDir /mnt/messenger/aa/log',
      'cn=MessagingAgent nnmAgentQueueDir /mnt/messenger/ma/queue',
      'cn=MessagingAgent nnmAgentLogDir /mnt/messenger/ma/log',
      'cn=FileModule nnmFileStoreDir /mnt/messenger/aa/store',
    ])
  })

  it('moved what the agents had left, with its owner, and left the partition mounted nowhere', async () => {
    const seen = await site.on(
      'node1',
      'mount /dev/messenger/data /mnt && stat -c %U:%G /mnt/ma/queue/nmma.db; ls /mnt/ma/log; umount /mnt; ls -A /var/opt/novell/messenger/ma/queue',
    )
    expect(seen).toBe(`${owners}\nnmma.log`)
    expect(mountedOn(site.lab)).toEqual([])
  })

  it('has each write in its journal as LDIF, and the password nowhere', () => {
    const scripts = eventsOf(ran.events, 'command').map(({ script }) => script)
    expect(scripts).toContain(
      `dn: ${messagingAgent}\nchangetype: modify\ndelete: nnmAgentQueueDir\nnnmAgentQueueDir: /var/opt/novell/messenger/ma/queue\n-\nadd: nnmAgentQueueDir\nnnmAgentQueueDir: /mnt/messenger/ma/queue\n-`,
    )
    expect(JSON.stringify([ran, dry])).not.toContain(canary.core)
  })

  it('changes nothing a second time', async () => {
    const again = await run()
    expect(again.status).toBe(0)
    expect(changing(made(again))).toEqual([])
    expect(eventsOf(again.events, 'hold-intended')).toEqual([])
  })

  it('has agents that start in the new directories', async () => {
    await site.on('node1', 'mount /dev/messenger/data /mnt/messenger && rm /mnt/messenger/ma/queue/nmma.db')
    await site.on('node1', '/etc/init.d/novell-nmma start && sleep 1; /etc/init.d/novell-nmma stop')
    expect(await site.on('node1', 'ls /mnt/messenger/ma/queue; umount /mnt/messenger')).toBe('nmma.db')
  })

  it('is taken back: every value, and the data', async () => {
    await installed()
    const there = await forth()
    const dry = await site.run('undo', there, '--dry-run', '--format', 'json')
    const undone = await site.run('undo', there)
    expect(undone.status).toBe(0)
    expect(asMade(made(undone))).toEqual(asMade(foretold(dry)))
    expect(await directory()).toEqual(before)
    expect(await site.on('node1', 'stat -c %U:%G /var/opt/novell/messenger/ma/queue/nmma.db')).toBe(owners)
  })

  it('is taken back with the data that agents have worked on since', async () => {
    const there = await forth()
    await site.on('node1', 'mount /dev/messenger/data /mnt && echo more >>/mnt/ma/queue/nmma.db; umount /mnt')
    const undone = await site.run('undo', there)
    expect(undone.status).toBe(0)
    expect(await site.on('node1', 'tail -n 1 /var/opt/novell/messenger/ma/queue/nmma.db')).toBe('more')
    expect(await directory()).toEqual(before)
  })
})

describe('stops, and writes nothing, where', () => {
  let before: DirectoryState
  beforeAll(async () => {
    await installed()
    before = await directory()
  })

  it.each<[string, string, number, (vars: Record<string, Record<string, unknown>>) => void]>([
    [
      'the directory is down',
      'directory-unreachable',
      6,
      vars => Object.assign(vars.ldap_directory ?? {}, { port: 9 }),
    ],
    [
      'its certificate is for another name',
      'directory-tls-refused',
      6,
      vars => Object.assign(vars.ldap_directory ?? {}, { certificate_name: 'other' }),
    ],
    ['its authority is not known', 'directory-tls-refused', 6, vars => delete vars.ldap_directory?.root_certificate],
    [
      'the password is wrong',
      'directory-login-refused',
      6,
      vars => Object.assign(vars.ldap_directory ?? {}, { password: 'wrong' }),
    ],
    [
      'the service is somewhere else',
      'entry-not-there',
      1,
      vars => Object.assign(vars.messenger ?? {}, { service_dn: 'cn=Other,o=acme' }),
    ],
    [
      'the agents are looked for at a name that is known to two',
      'attribute-has-several-values',
      1,
      vars =>
        Object.assign(vars, { paths_in_directory: { messaging_queue: { object: server, attribute: 'objectClass' } } }),
    ],
  ])('%s', async (_, code, status, change) => {
    if (code === 'attribute-has-several-values') await addClass()
    const now = await directory()
    const flags = inventoryWith(change)
    const refused = await run(...flags, '--only', 'messaging-agent-queue-path')
    expect(problemOf(refused)).toMatchObject({ code })
    expect(refused.status).toBe(status)
    expect(await directory()).toEqual(now)
    expect(problemOf(await run(...flags, '--only', 'messaging-agent-queue-path', '--dry-run'))).toMatchObject({ code })
  })

  it('nothing has the default; named, it is set', async () => {
    await installed()
    await replace(messagingAgent, 'nnmAgentQueueDir', [])
    const refused = await run()
    expect(problemOf(refused)).toMatchObject({ code: 'attribute-not-found' })
    heldAs('the attribute of a path is found nowhere', refused)
    const place = { object: messagingAgent, attribute: 'nnmAgentQueueDir' }
    const ran = await run(
      ...inventoryWith(vars => Object.assign(vars, { paths_in_directory: { messaging_queue: place } })),
    )
    expect(ran.status).toBe(0)
    expect(pathsIn(await directory())).toContain('cn=MessagingAgent nnmAgentQueueDir /mnt/messenger/ma/queue')
    expect(pathsIn(before)).toHaveLength(5)
  })

  it('two have the default', async () => {
    await installed()
    await replace(`cn=ArchiveAgent,${server}`, 'nnmAgentLogDir', ['/var/opt/novell/messenger/ma/queue'])
    const now = await directory()
    const refused = await run()
    expect(problemOf(refused)).toMatchObject({ code: 'attribute-found-twice' })
    heldAs('the attribute of a path is found twice', refused)
    expect(await directory()).toEqual(now)
  })

  it('a startup file would hide it', async () => {
    await installed()
    await site.on('node2', 'echo "--queue /srv/queue" >>/etc/opt/novell/messenger/strtup.ma')
    const refused = await run()
    expect(problemOf(refused)).toMatchObject({ code: 'switch-hides-directory', host: 'node2', seen: '--queue' })
    expect(pathsIn(await directory())).toEqual(pathsIn(before))
  })

  it('an agent runs: its data stays where it is', async () => {
    await installed()
    await site.on(
      'node1',
      'cp "$(command -v sleep)" /tmp/nmma && { setsid /tmp/nmma 300 >/dev/null 2>&1 </dev/null & }',
    )
    expect(problemOf(await run())).toMatchObject({ code: 'data-in-use' })
    expect(pathsIn(await directory())).toEqual(pathsIn(before))
  })
})

it('without a directory in the inventory, the paths are a step by hand', async () => {
  await installed()
  const waiting = await run('-i', site.withoutDirectory)
  expect(waiting.status).toBe(5)
  expect(waiting.stderr).toContain('Messaging Queue Path: /mnt/messenger/ma/queue')
})

const replace = async (dn: string, type: string, values: string[]): Promise<void> => {
  const client = new Client({ url: `ldap://127.0.0.1:${site.lab.directory.port}` })
  await client.bind('cn=admin,o=acme', canary.whole)
  await client.modify(dn, new Change({ operation: 'replace', modification: new Attribute({ type, values }) }))
  await client.unbind()
}

const addClass = () => replace(server, 'objectClass', ['nnmMessengerServer', 'top'])
