// The whole job in a lab without namespaces, as in a container without privileges: installed, unchanged, drilled.
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Lab } from '../../../lab/index.ts'
import { atThisPace } from '../../kit/pace.ts'
import { whyNotConfined } from '../confined.ts'
import { on, openPlainLab, runIn } from '../plain-lab.ts'

const whyNot = whyNotConfined()

describe.skipIf(whyNot !== undefined)(`the job without namespaces${whyNot ? ` (${whyNot})` : ''}`, () => {
  let lab: Lab

  beforeAll(async () => {
    lab = await openPlainLab('site')
  }, atThisPace(60_000))

  it('is installed, node after node, and nothing is due then', async () => {
    const installed = await runIn('site', 'playbook', 'site')
    expect(installed).toMatchObject({ status: 0, stderr: expect.stringContaining('The lab is of the kind plain') })
    const again = await runIn('site', 'playbook', 'site')
    expect(again).toMatchObject({ status: 0, stderr: expect.not.stringContaining('changed  ') })
  })

  it('passes the drill: partition, address and agents go down the list and back', async () => {
    const { status, stderr } = await runIn('site', 'playbook', 'drill')
    expect(status, stderr).toBe(0)
    expect(stderr).toMatch(/runs on node2; \d.* asked from node1/)
  })

  it('has an agent that is bound to no address listen on the node’s own, and not on the machine’s', async () => {
    await on(lab, 'node1', `mount ${lab.device} /mnt/messenger; sed -i '/^--ip/d' /etc/opt/novell/messenger/strtup.ma`)
    await on(lab, 'node1', '/etc/init.d/novell-nmma start')
    const own = Buffer.from(`${lab.network}.1`.split('.').map(Number).toReversed()).toString('hex').toUpperCase()
    await vi.waitFor(async () => expect(await on(lab, 'node1', 'cat /proc/net/tcp')).toContain(` ${own}:206C `), {
      timeout: atThisPace(5_000),
    })
    expect(await on(lab, 'node2', 'cat /proc/net/tcp')).not.toContain(':206C ')
    expect(readFileSync('/proc/net/tcp', 'utf8')).not.toContain(' 00000000:206C ')
    await on(lab, 'node1', '/etc/init.d/novell-nmma stop; umount /mnt/messenger')
  })
})
