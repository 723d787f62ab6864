// Sites that differ from the lab's usual one: each is foretold, installed, left clean, and then has nothing to do.
import { expect, it } from 'vitest'
import type { Lack } from '../../../lab/index.ts'
import { agentCertificate, putAgentCertificate } from './agent-certificate.ts'
import { expectAsForetold } from './changes.ts'
import { mountedOn, runningOn } from './machines.ts'
import { asRoot, openSite, type Site, type SiteOptions } from './site.ts'

type Variant = SiteOptions & {
  readonly needs?: Lack
  /** What its nodes have before. */
  readonly before?: (site: Site) => Promise<void>
  /** What is peculiar to it, once it is installed. */
  readonly check: (site: Site) => Promise<void>
}

const secondary = '10.88.1.77'
const volume = '/media/nss/MSGVOL'

const variants: Readonly<Record<string, Variant>> = {
  'without the Archive Agent': {
    vary: vars => {
      vars.archive_agent = false
    },
    check: async site => {
      expect(await site.statusOn('node2', 'ls /etc/opt/novell/messenger/strtup.ma')).toBe(0)
      expect(await site.statusOn('node2', 'ls /etc/opt/novell/messenger/strtup.aa')).not.toBe(0)
    },
  },
  'with agents that run as root': {
    vary: vars => {
      Object.assign(vars, asRoot)
    },
    check: async site => {
      expect(await site.on('node2', 'stat -c %U /var/opt/novell/messenger/ma/queue')).toBe('root')
      expect(await site.statusOn('node2', 'ls /etc/opt/novell/messenger/uid.conf')).not.toBe(0)
    },
  },
  'on an NSS volume': {
    vary: vars => {
      vars.partition = {
        kind: 'nss',
        device: '/dev/messenger/data',
        fstype: 'nssvol',
        group: 'MSGPOOL',
        volume: 'MSGVOL',
        volume_id: 254,
      }
      vars.mount_point = volume
      vars.installer.system = `${volume}/novell/messenger/config`
    },
    needs: 'chown to a second user',
    check: async site => {
      await site.on('node1', 'nss /poolact=MSGPOOL')
      expect(await site.on('node1', `rights -f ${volume} show`)).toMatch(/\[_RWCEMF_\] {2}nvlmsgr/)
      await site.on('node1', 'nss /pooldeact=MSGPOOL')
    },
  },
  'with agents that speak TLS, on the secondary address alone': {
    before: putAgentCertificate,
    vary: vars => {
      Object.assign(vars.messenger, agentCertificate)
      vars.messenger.bind_to_address = true
      vars.secondary_address = { ip: secondary, prefix: 24, device: 'eth0' }
    },
    check: async site => {
      const startup = await site.on('node2', 'cat /etc/opt/novell/messenger/strtup.ma')
      expect(startup).toContain(`--ip ${secondary}`)
      expect(startup).toContain(agentCertificate.tls_certificate)
      for (const { name } of site.lab.nodes) expect(await site.on(name, 'ip -o addr show')).not.toContain(secondary)
    },
  },
  'of five nodes': {
    nodes: 5,
    check: async site => {
      for (const { name } of site.lab.nodes) expect(await site.statusOn(name, 'rpm -q novell-messenger')).toBe(0)
    },
  },
}

it.concurrent.for(Object.entries(variants))(
  'a site %s',
  { timeout: 300_000 },
  async ([_name, { check, needs, before, ...options }], { skip }) => {
    const site = await openSite(options)
    if (needs) skip(site.lacks(needs), `this lab lacks: ${needs}`)
    await before?.(site)
    const dry = await site.dryRun()
    const run = await site.run('playbook', 'install')
    expect(run).toMatchObject({ status: 0 })
    expectAsForetold(run, dry)
    expect([...mountedOn(site.lab), ...runningOn(site.lab, 'nmma'), ...runningOn(site.lab, 'nmaa')]).toEqual([])
    expect(await site.dryRun()).toMatchObject({ status: 0 })
    await check(site)
    await site.close()
  },
)
