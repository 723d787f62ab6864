// Sites of every kind: all is installed, the agents move over all nodes, all is as it should be, and nothing is left to do.
import { expect, it } from 'vitest'
import { hasOpenLdap } from '../../../lab/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { agentCertificate, putAgentCertificate } from '../e2e/agent-certificate.ts'
import { placeOf } from '../e2e/failover.ts'
import { mountedOn, runningOn } from '../e2e/machines.ts'
import { asRoot, openSite, type Site, type SiteOptions } from '../e2e/site.ts'
import { address, setResource } from '../resource.ts'
import { type Case, chosen, nameOf, table } from './table.ts'

it('the table has every two properties in every combination', () => {
  const factors = Object.keys(table[0] ?? {}) as (keyof Case)[] // a row has nothing but its factors
  for (const one of factors)
    for (const other of factors.slice(factors.indexOf(one) + 1)) {
      const values = (factor: keyof Case) => new Set(table.map(row => row[factor])).size
      const pairs = new Set(table.map(row => `${row[one]} ${row[other]}`))
      expect([one, other, pairs.size]).toEqual([one, other, values(one) * values(other)])
    }
})

it.for(chosen().map(each => [nameOf(each), each] as const))(
  'a site of %s',
  { timeout: 900_000 },
  async ([, kind], { skip }) => {
    skip(kind.directory === 'slapd' && !hasOpenLdap(), 'slapd is not installed')
    const site = await openSite(optionsOf(kind))
    skip(kind.user === 'non-root' && site.lacks('chown to a second user'), 'this lab has one user')
    skip(kind.gwha && site.lacks('a root over the whole machine'), 'the manual calls chkconfig by its whole path')
    await prepare(site, kind)
    const first = await site.run('playbook', 'site')
    expect([problemsOf(first.events), first.status]).toEqual([[], 0])
    const drill = await site.run('playbook', 'drill')
    expect([problemsOf(drill.events), drill.status]).toEqual([[], 0])
    expect(stopsOf(drill.events)).toEqual(site.lab.nodes.map(({ name }) => name))
    expect(await placeOf(site)).toBe('Offline')
    expect([mountedOn(site.lab), runningOn(site.lab, 'nmma'), runningOn(site.lab, 'nmaa')]).toEqual([[], [], []])
    if (kind.gwha) for (const { name } of site.lab.nodes) expect(await gwhaOn(site, name)).toBe('no')
    const verify = await site.run('playbook', 'verify')
    expect([problemsOf(verify.events), verify.status]).toEqual([[], 0])
    const again = await site.run('playbook', 'site')
    expect([problemsOf(again.events), changedBy(again.events), again.status]).toEqual([[], [], 0])
    await site.close()
  },
)

/** What a site has before anybody installs: the high availability of GroupWise, and scripts that iManager wrote. */
const prepare = async (site: Site, { storage, gwha, tls }: Case): Promise<void> => {
  if (tls) await putAgentCertificate(site)
  if (gwha)
    for (const { name } of site.lab.nodes)
      await site.on(name, 'mkdir -p /etc/xinetd.d && echo "disable = no" >/etc/xinetd.d/gwha')
  if (storage === 'nss') await setResource(site.lab, scriptsOfPool)
}

/** As they are generated for a pool; ours are put into them. @source errata, D4 */
const scriptsOfPool = {
  nCSCRMLoadScript: [
    `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
exit_on_error nss /poolact=MSGPOOL
exit_on_error ncpcon mount MSGVOL=254
exit_on_error add_secondary_ipaddress ${address}
exit_on_error ncpcon bind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=${address}
exit 0
`,
  ],
  nCSCRMUnloadScript: [
    `#!/bin/bash
. /opt/novell/ncs/lib/ncsfuncs
ignore_error ncpcon unbind --ncpservername=CLUSTER_MSGPOOL_SERVER --ipaddress=${address}
ignore_error del_secondary_ipaddress ${address}
exit_on_error nss /pooldeact=MSGPOOL
exit 0
`,
  ],
}

const optionsOf = ({ storage, nodes, user, archive, gwha, tls, directory }: Case): SiteOptions => ({
  nodes,
  ...(directory && { directory }),
  vary: vars => {
    vars.archive_agent = archive
    if (tls) Object.assign(vars.messenger, agentCertificate)
    if (user === 'root') Object.assign(vars, asRoot)
    vars.partition = partitions[storage]
    vars.cluster_scripts = { load_timeout: 600, unload_timeout: 600, gwha }
    vars.drill = { announce_within: 5, answer_within: 60, move_within: 120 }
    if (storage !== 'nss') return
    vars.mount_point = '/media/nss/MSGVOL'
    vars.installer.system = '/media/nss/MSGVOL/novell/messenger/config'
  },
})

const partitions: Readonly<Record<Case['storage'], Record<string, string | number>>> = {
  nss: {
    kind: 'nss',
    device: '/dev/messenger/data',
    fstype: 'nssvol',
    group: 'MSGPOOL',
    volume: 'MSGVOL',
    volume_id: 254,
    ncp_server: 'CLUSTER_MSGPOOL_SERVER',
  },
  plain: { kind: 'plain', device: '/dev/messenger/data', fstype: 'ext4' },
  lvm: { kind: 'lvm', device: '/dev/shared/messenger', fstype: 'ext4', group: 'shared' },
  evms: { kind: 'evms', device: '/dev/evms/Share/dat', fstype: 'ext4', group: 'Share' },
}

const endsOf = (events: readonly RunEvent[]) => events.flatMap(event => (event.type === 'step-ended' ? [event] : []))

const problemsOf = (events: readonly RunEvent[]) =>
  endsOf(events).flatMap(({ step, host, problem }) => (problem ? [{ at: `${step}@${host}`, ...problem }] : []))

/** The nodes on which the proof was made on the way down, in order. */
const stopsOf = (events: readonly RunEvent[]): readonly string[] =>
  endsOf(events).flatMap(({ step, host, outcome }) => (step === 'drill/proof' && outcome === 'same' ? [host] : []))

const changedBy = (events: readonly RunEvent[]): readonly string[] =>
  endsOf(events).flatMap(({ step, host, outcome }) => (outcome === 'changed' ? [`${step}@${host}`] : []))

const gwhaOn = (site: Site, node: string) => site.on(node, "sed 's/.*= *//' /etc/xinetd.d/gwha")
