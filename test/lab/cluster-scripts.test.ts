// The generated scripts, carried out by Cluster Services on real nodes: each kind of storage, from node to node.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'ssh2'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labRestore, labSnapshot } from '../../lab/index.ts'
import { compose } from '../../tasks/lib/cluster-scripts/compose.ts'
import type { ScriptSettings } from '../../tasks/lib/cluster-scripts/settings.ts'
import { agentsOf, generate, settingsOf, storages } from '../kit/cluster-scripts.ts'
import { address, move, setResource } from './resource.ts'
import { up } from './scratch-lab.ts'
import { login, output, run } from './ssh.ts'

const lab = await up()
const [one, two] = await Promise.all([login(lab, 'node1'), login(lab, 'node2')])
// The manual calls chkconfig by its whole path, which a node without a root of its own cannot have.
const hasGwha = !lab.lacks.includes('a root over the whole machine')

/** Enough of an agent for a script: a process of its name, and a diary of what it was told while gwha was how. */
const agent = (program: string): string => `#!/bin/sh
word=$(sed -n 's/.*disable *= *//p' /etc/xinetd.d/gwha)
echo "$1 ${program}, gwha disabled: $word" >>/var/log/diary
case $1 in
  start) [ ! -e /etc/lab/stubborn ] || trap '' TERM; setsid /usr/local/lib/${program} 1000 </dev/null >/dev/null 2>&1 & ;;
  stop) [ -e /etc/lab/stubborn ] || pkill -x ${program} ;;
esac
`

const prepare = async (node: Client): Promise<void> => {
  await output(node, `mkdir -p /mnt/messenger '/mnt/two words' /etc/init.d /etc/xinetd.d '/dev/two words'`)
  await output(node, `ln -s /dev/messenger/data '/dev/two words/data'; echo 'disable = no' >/etc/xinetd.d/gwha`)
  for (const program of ['nmma', 'nmaa']) {
    await output(node, `ln -s "$(command -v sleep)" /usr/local/lib/${program}`)
    await run(node, `cat >/etc/init.d/novell-${program}; chmod 755 /etc/init.d/novell-${program}`, agent(program))
  }
}

/** What of the resource is on a node, in words. */
const seenOn = async (node: Client): Promise<readonly string[]> => {
  const mounts = await output(node, 'cat /proc/mounts')
  const agents = await output(node, 'cat /proc/[0-9]*/comm 2>/dev/null | grep "^nm[ma]a$" | sort -r; :')
  const isThere = async (what: string) => (await run(node, what)).status === 0
  return [
    ...(mounts.includes('/dev/messenger/data ') ? [`mounted at ${mountOf(mounts)}`] : []),
    ...((await isThere(`ip -o -4 addr | grep -q ' ${address}/'`)) ? ['address'] : []),
    ...((await isThere('[ -e /dev/shared/messenger ] || [ -e /dev/evms/Share/dat ]')) ? ['active'] : []),
    ...agents.split('\n').filter(Boolean),
  ]
}

const mountOf = (mounts: string): string =>
  (
    mounts
      .split('\n')
      .find(line => line.startsWith('/dev/messenger/data '))
      ?.split(' ')[1] ?? ''
  ).replace('\\040', ' ')

const diary = (node: Client) => output(node, 'cat /var/log/diary').then(text => text.split('\n'))

const install = async (settings: ScriptSettings): Promise<void> =>
  setResource(lab, {
    nCSCRMLoadScript: [generate('load script', settings)],
    nCSCRMUnloadScript: [generate('unload script', settings)],
  })

beforeAll(async () => {
  for (const node of [one, two]) await prepare(node)
  await labSnapshot(lab.dir, 'agents')
})
beforeEach(async () => {
  await labRestore(lab.dir, 'agents')
  // What lies in /dev is gone after a restart.
  for (const node of [one, two])
    await output(node, `mkdir -p '/dev/two words'; ln -sfn /dev/messenger/data '/dev/two words/data'`)
})

const { both, 'no archive': alone } = agentsOf
const blanks = { ...storages.plain, device: '/dev/two words/data' }

describe.each<[string, ScriptSettings, readonly string[]]>([
  ['nss', settingsOf(storages.nss), ['mounted at /media/nss/MSGVOL']],
  ['nss, no archive', settingsOf(storages.nss, { agents: alone }), ['mounted at /media/nss/MSGVOL']],
  ['plain', settingsOf(storages.plain), ['mounted at /mnt/messenger']],
  ['plain, no archive', settingsOf(storages.plain, { agents: alone }), ['mounted at /mnt/messenger']],
  ['plain, blanks', settingsOf(blanks, { mount_point: '/mnt/two words' }), ['mounted at /mnt/two words']],
  ['lvm', settingsOf(storages.lvm), ['mounted at /mnt/messenger', 'active']],
  ['evms', settingsOf(storages.evms), ['mounted at /mnt/messenger', 'active']],
])('the scripts for %s', (_, settings, storage) => {
  it('bring all to a node, all to the next, and take all away', async () => {
    const agents = settings.agents.map(({ process }) => process)
    const whole = [storage[0], 'address', ...storage.slice(1), ...agents]
    await install(settings)
    await move(one, 'online', 'Running node1')
    expect([await seenOn(one), await seenOn(two)]).toEqual([whole, []])
    await move(one, 'migrate node2', 'Running node2')
    expect([await seenOn(one), await seenOn(two)]).toEqual([[], whole])
    await move(one, 'offline', 'Offline')
    expect([await seenOn(one), await seenOn(two)]).toEqual([[], []])
    const told = [...agents.map(agent => `start ${agent}`), ...agents.toReversed().map(agent => `stop ${agent}`)]
    for (const node of [one, two]) expect((await diary(node)).map(line => line.split(',')[0])).toEqual(told)
  })
})

describe('an unload script', () => {
  it('stops in the order of the manual where the site says so', async () => {
    await install(settingsOf(storages.plain, { stop_order: 'manual' }))
    await move(one, 'online', 'Running node1')
    await move(one, 'offline', 'Offline')
    expect((await diary(one)).slice(-2).map(line => line.split(',')[0])).toEqual(['stop nmma', 'stop nmaa'])
  })

  it('ends agents that do not stop, by name, with TERM and then with KILL', async () => {
    await install(settingsOf(storages.plain, { stop_wait: 1, kill_wait: 1 }))
    await output(one, 'touch /etc/lab/stubborn')
    await move(one, 'online', 'Running node1')
    await move(one, 'offline', 'Offline')
    expect(await seenOn(one)).toEqual([])
    expect(await output(one, 'grep -c "^++ pkill" /var/opt/novell/log/ncs/MESSENGER.unload.out')).toBe('4')
  })

  it('waits no longer than the agents take', async () => {
    await install(settingsOf(storages.plain, { stop_wait: 30 }))
    await move(one, 'online', 'Running node1')
    const before = Date.now()
    await move(one, 'offline', 'Offline')
    expect(Date.now() - before).toBeLessThan(15_000)
  })

  it('goes offline after a load that failed before its mount', async () => {
    await install(settingsOf({ ...storages.plain, device: '/dev/nowhere' }))
    await expect(move(one, 'online', 'Running node1')).rejects.toThrow('"Comatose node1"')
    await move(one, 'offline', 'Offline')
    expect(await output(one, 'tail -n 1 /var/opt/novell/log/ncs/MESSENGER.unload.out')).toBe('+ exit 0')
  })

  describe.skipIf(!hasGwha)('with gwha', () => {
    const settings = settingsOf(storages.plain, { gwha: true, agents: both })
    const isDisabled = (node: Client) => output(node, `sed 's/.*= *//' /etc/xinetd.d/gwha`)

    it('has it off while the agents stop, and on again at the end', async () => {
      await install(settings)
      await move(one, 'online', 'Running node1')
      await move(one, 'offline', 'Offline')
      expect(await diary(one)).toEqual([
        'start nmma, gwha disabled: no',
        'start nmaa, gwha disabled: no',
        'stop nmaa, gwha disabled: yes',
        'stop nmma, gwha disabled: yes',
      ])
      expect(await isDisabled(one)).toBe('no')
    })

    const busy = 'cd /mnt/messenger && setsid sleep 1000 >/dev/null 2>&1 </dev/null & sleep 0.2'
    it('has it on again when the partition cannot be unmounted', async () => {
      await install(settings)
      await move(one, 'online', 'Running node1')
      await output(one, busy)
      await expect(move(one, 'offline', 'Offline')).rejects.toThrow('"Comatose node1"')
      expect([await isDisabled(one), (await diary(one)).at(-1)]).toEqual(['no', 'stop nmma, gwha disabled: yes'])
    })

    it('has it on again when the script runs over its time', async () => {
      await install(settings)
      await setResource(lab, { nCSCRMUnloadTimeout: ['2'] })
      await output(one, 'touch /etc/lab/stubborn')
      await move(one, 'online', 'Running node1')
      await expect(move(one, 'offline', 'Offline')).rejects.toThrow('"Comatose node1"')
      for (const end = Date.now() + 5000; Date.now() < end && (await isDisabled(one)) !== 'no'; ) await sleep(100)
      expect(await isDisabled(one)).toBe('no')
    })
  })
})

describe('our part in a script that stands there', () => {
  const standing = {
    'load script': `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
exit_on_error nss /poolact=MSGPOOL
exit_on_error ncpcon mount MSGVOL=254
exit_on_error add_secondary_ipaddress ${address}
exit_on_error ncpcon bind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=${address}
exit 0
`,
    'unload script': `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
ignore_error ncpcon unbind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=${address}
ignore_error del_secondary_ipaddress ${address}
exit_on_error nss /pooldeact=MSGPOOL
exit 0
`,
  }

  it('brings the agents last, and takes them away first', async () => {
    const settings = settingsOf(storages.nss)
    const script = (name: 'load script' | 'unload script') =>
      compose('insert', { name, standing: standing[name], generated: generate(name, settings), settings })
    await setResource(lab, { nCSCRMLoadScript: [script('load script')], nCSCRMUnloadScript: [script('unload script')] })
    await move(one, 'online', 'Running node1')
    expect(await seenOn(one)).toEqual(['mounted at /media/nss/MSGVOL', 'address', 'nmma', 'nmaa'])
    expect(await output(one, 'cat /var/opt/novell/ncp/bound')).toBe(`CLUSTER_MSGPOOL_SERVER ${address}`)
    await move(one, 'migrate node2', 'Running node2')
    expect([(await seenOn(one)).length, (await seenOn(two)).length]).toEqual([0, 4])
  })
})
