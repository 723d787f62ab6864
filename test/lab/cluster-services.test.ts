// The lab is a cluster: a resource moves from node to node with its mount and its address, also when its node dies.
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { labBoot, labKill, labReset, labRestore, labSnapshot, labStatus } from '../../lab/index.ts'
import { address, move, setResource, until, whereIs } from './resource.ts'
import { up, upWithoutRoot } from './scratch-lab.ts'
import { login, output, run } from './ssh.ts'

describe.each([
  ['as this user', up],
  ['without root', upWithoutRoot],
])('a cluster, %s', async (_lane, bringUp) => {
  const lab = await bringUp({ nodes: 3 })
  let [one, two, three] = await Promise.all([login(lab, 'node1'), login(lab, 'node2'), login(lab, 'node3')])

  const isMounted = async (node: typeof one) => (await output(node, 'cat /proc/mounts')).includes(' /mnt/messenger ')
  const hasAddress = async (node: typeof one) => (await output(node, 'ip -o -4 addr')).includes(` ${address}/`)
  const holds = async (node: typeof one) => [await isMounted(node), await hasAddress(node)]

  beforeAll(async () => {
    for (const node of [one, two, three]) await output(node, 'mkdir -p /mnt/messenger')
    await labSnapshot(lab.dir, 'mount-points')
  })
  beforeEach(() => labRestore(lab.dir, 'mount-points'))

  it('has its resource offline at first, so that others may take the partition', async () => {
    for (const node of [one, two, three]) expect(await whereIs(node)).toBe('Offline')
  })

  it('brings partition and address to a node, to the next, and takes them away', async () => {
    await move(three, 'online', 'Running node1')
    expect([await holds(one), await holds(two)]).toEqual([
      [true, true],
      [false, false],
    ])
    await move(three, 'migrate node2', 'Running node2')
    expect([await holds(one), await holds(two)]).toEqual([
      [false, false],
      [true, true],
    ])
    await move(three, 'offline', 'Offline')
    expect(await holds(two)).toEqual([false, false])
  })

  it('moves what ran on a node that died; the node comes back without it', async () => {
    await move(three, 'online', 'Running node1')
    await output(one, 'echo here >/mnt/messenger/proof; sync')
    await labKill(lab.dir, 'node1')
    expect((await labStatus(lab.dir))?.nodes.map(({ isUp }) => isUp)).toEqual([false, true, true])
    await expect(login(lab, 'node1')).rejects.toThrow()
    await until(three, 'Running node2')
    expect(await output(two, 'cat /mnt/messenger/proof')).toBe('here')
    expect(await output(three, 'cluster view')).toContain('Cluster nodes [node2, node3]')
    await labBoot(lab.dir, 'node1')
    one = await login(lab, 'node1')
    expect(await holds(one)).toEqual([false, false])
    expect(await output(one, 'cat /var/opt/novell/ncs/MESSENGER.load')).toContain('add_secondary_ipaddress')
    expect(await output(three, 'cluster view')).toContain('Cluster nodes [node1, node2, node3]')
    expect(await whereIs(one)).toBe('Running node2')
  })

  it('runs a node that was killed again after a reset', async () => {
    await labKill(lab.dir, 'node2')
    await labReset(lab.dir)
    two = await login(lab, 'node2')
    expect(await output(two, 'uname -n')).toBe('node2')
    expect((await labStatus(lab.dir))?.nodes.every(({ isUp }) => isUp)).toBe(true)
  })

  it('brings a resource online again after a restore of a state in which it was', async () => {
    await move(three, 'online node2', 'Running node2')
    await labSnapshot(lab.dir, 'online')
    await move(three, 'offline', 'Offline')
    await labRestore(lab.dir, 'online')
    await until(three, 'Running node2')
  })

  it('is comatose with an address that somebody else has, and the trace says so', async () => {
    await output(three, `ip addr add ${address}/24 dev eth0`)
    await expect(move(one, 'online', 'Running node1')).rejects.toThrow('"Comatose node1"')
    expect(await output(one, 'cat /var/opt/novell/log/ncs/MESSENGER.load.out')).toContain(
      `${address} is in use elsewhere`,
    )
  })

  it('ends a script that runs over its time, and the trap of that script is heard', async () => {
    const load = `#!/bin/bash\ntrap 'echo over >/tmp/trap' EXIT\ntrap 'exit 1' TERM\nsleep 60\n`
    await setResource(lab, { nCSCRMLoadScript: [load], nCSCRMLoadTimeout: ['1'] })
    await expect(move(one, 'online', 'Running node1')).rejects.toThrow('"Comatose node1"')
    expect(await output(one, 'cat /tmp/trap')).toBe('over')
  })

  it('takes a new script when the resource went offline and online', async () => {
    await move(one, 'online', 'Running node1')
    await setResource(lab, { nCSCRMUnloadScript: ['#!/bin/bash\nexit 1\n'] })
    await move(one, 'migrate node2', 'Running node2')
    await move(one, 'offline', 'Offline')
    await move(one, 'online', 'Running node1')
    await expect(move(one, 'offline', 'Offline')).rejects.toThrow('"Comatose node1"')
  })

  const macOf = async (node: typeof one) => output(node, 'cat /sys/class/net/eth0/address')
  const remembered = async (node: typeof one) =>
    (await output(node, 'cat /proc/net/arp')).split('\n').find(line => line.startsWith(`${address} `)) ?? ''

  it.each([
    ['asks the new node at once when the address is announced', '1', 'node2'],
    ['still asks the old node when it is not', '0', 'node1'],
  ])('a neighbour that has the address in mind %s', async (_, announce, asked) => {
    for (const node of [one, two]) await output(node, `echo announce=${announce} >/etc/lab/cluster`)
    await move(three, 'online', 'Running node1')
    await run(three, `bash -c ': </dev/tcp/${address}/9'`)
    // For a second nobody changes the kernel's mind about a neighbour.
    await sleep(1200)
    expect(await remembered(three)).toContain(await macOf(one))
    await move(three, 'migrate node2', 'Running node2')
    expect(await remembered(three)).toContain(await macOf(asked === 'node2' ? two : one))
  })

  it('says nothing to a node that cannot reach it', async () => {
    const said = await run(one, 'ip link set eth0 down; cluster resources')
    expect(said).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('cluster: Cluster Services') })
  })

  it.each([
    ['vgchange -a ey shared', 'vgchange -a n shared', '/dev/shared/messenger'],
    [
      'evms -f /var/opt/novell/ncs/ContainerActivate -rl Share "$(uname -n)"',
      'evms -f /var/opt/novell/ncs/ContainerDeactivate -rl Share "$(uname -n)"',
      '/dev/evms/Share/dat',
    ],
  ])('%s: one node at a time', async (activate, deactivate, device) => {
    await output(one, activate)
    expect(await output(one, `mount -t ext4 ${device} /mnt/messenger && cat /proc/mounts`)).toContain(
      ' /mnt/messenger ',
    )
    expect(await run(two, activate)).toMatchObject({ status: 5, stderr: expect.stringContaining('is active on node1') })
    expect(await run(one, deactivate)).toMatchObject({ status: 5 })
    await output(one, `umount /mnt/messenger && ${deactivate}`)
    expect((await run(one, `ls ${device}`)).status).not.toBe(0)
    await output(two, activate)
  })
})
