// A plan that has one of everything: three nodes, of which the last differs, and texts that mean harm.
import type { Json } from '../../../src/model/json.ts'
import type { Look } from '../../../src/model/look.ts'
import type { PlanBody, PlanFile, PlannedStep } from '../../../src/model/plan-file.ts'
import { readPlan, sealPlan, writePlan } from '../../../src/plan/plan-file.ts'

export const order = ['node1', 'node2', 'node3']

/** Would run if it were anything but text. */
export const canary = '<script>document.title = "run"</script> & <img src=x onerror=alert(1)>'

const look = (host: string, kind: string, key: string, value: Json, more: Partial<Look> = {}): Look => ({
  host,
  home: host,
  kind,
  key,
  value,
  origin: { type: 'world' },
  ...more,
})

type Made = Pick<PlannedStep, 'step' | 'name' | 'task' | 'outcome'> & Partial<PlannedStep>

const step = (host: string, made: Made): PlannedStep => ({
  host,
  play: 0,
  within: [],
  because: '',
  changes: [],
  looks: [],
  undoable: true,
  ...made,
})

const absent = { type: 'absent' } as const
const unknown = { unknown: true } as const
const uidConf = '/etc/opt/novell/messenger/uid.conf'

const mountPoint = (host: string): PlannedStep =>
  step(host, {
    step: 'install/mount-point',
    name: 'Mount point',
    task: 'file',
    source: '11.2.1 preferred node, 1',
    outcome: 'would-change',
    evidence: 'exact',
    changes: [
      {
        kind: 'file',
        key: '/mnt/messenger',
        before: absent,
        after: { type: 'directory', owner: 'root', group: 'root', mode: '0755' },
      },
    ],
    looks: [look(host, 'file', '/mnt/messenger', absent)],
  })

const installer = (host: string): PlannedStep =>
  step(host, {
    step: 'install/installer',
    name: 'Installer',
    task: 'installer',
    within: ['Partition'],
    outcome: 'would-change',
    evidence: 'opaque',
    because: '/etc/init.d/novell-nmma is not there',
    undoable: false,
    summary: 'Run an interactive installation program and answer it from the worksheet',
    changes: [
      ...(host === 'node1' ? [{ kind: 'file', key: '/mnt/messenger/config', before: absent, after: unknown }] : []),
      { kind: 'file', key: '/etc/init.d/novell-nmma', before: absent, after: unknown },
      { kind: 'act', key: 'install/installer', before: 'none', after: 'done' },
    ],
    looks: [
      look(host, 'package', 'novell-messenger', absent),
      look(host, 'file', '/mnt/messenger/config', absent, {
        home: 'volume /dev/messenger/data',
        origin: { type: 'presumed', place: 'volume /dev/messenger/data' },
      }),
    ],
    given: {
      args: { command: '/media/messenger/install', values: { ldap_host: '10.88.1.254', user_password: '••••••' } },
      prompts: [
        { name: 'cluster', expect: 'Are you installing to a cluster? (y/n)', answer: 'y' },
        { name: 'role', expect: '/Select an option/', answer: "{{ '1' if role == 'create' else '2' }}" },
        { name: 'certificate', expect: 'Root certificate file', answer: '', when: "role == 'create'" },
        { name: 'password', expect: 'Password', answer: '••••••', when: "role == 'create'" },
      ],
    },
  })

/** On node3 somebody has been there with an editor of another system. */
const whose = (host: string): PlannedStep =>
  step(host, {
    step: 'install/uid-conf',
    name: 'uid.conf',
    task: 'file',
    within: ['Partition'],
    outcome: 'would-change',
    evidence: host === 'node3' ? 'exact' : 'predicted',
    changes: [
      {
        kind: 'text',
        key: uidConf,
        before: host === 'node3' ? { type: 'text', text: 'root\r\n' } : absent,
        after: { type: 'text', text: `nvlmsgr\n# ${canary}` },
      },
    ],
    looks: [
      look(host, 'text', uidConf, host === 'node3' ? { type: 'text', text: 'root\r\n' } : absent, {
        origin: host === 'node3' ? { type: 'world' } : { type: 'promise', by: `install/installer@${host}` },
      }),
    ],
  })

const startup = (host: string): PlannedStep =>
  step(host, {
    step: 'install/startup-file',
    name: 'Startup file',
    task: 'file',
    outcome: 'would-change',
    evidence: 'exact',
    changes: [
      {
        kind: 'checksum',
        key: '/opt/novell/messenger/bin/nmma',
        before: { type: 'sum', crc: '1264', bytes: 904 },
        after: { type: 'sum', crc: '77201', bytes: 1280 },
      },
      {
        kind: 'service',
        key: 'novell-nmma',
        before: { type: 'service', word: 'running' },
        after: { type: 'service', word: 'unused' },
      },
    ],
    looks: [look(host, 'service', 'novell-nmma', { type: 'service', word: 'running' })],
  })

const user = (host: string): PlannedStep =>
  step(host, {
    step: 'install/agents-user',
    name: "Agents' user",
    task: 'lum-user',
    outcome: 'same',
    evidence: 'attested',
    because: 'nvlmsgr is known, uid 6001',
    looks: [
      look(
        host,
        'user',
        'nvlmsgr',
        { type: 'user', uid: 6001 },
        {
          origin: { type: 'receipt', run: '2026-11-20-0612', host, at: '2026-11-20T06:14:00.000Z' },
        },
      ),
    ],
  })

const rights = (host: string): PlannedStep =>
  step(host, {
    step: 'install/rights',
    name: 'Rights',
    task: 'nss-rights',
    outcome: 'skipped',
    because: "when: partition.kind == 'nss'",
  })

export const loadScript = Array.from({ length: 60 }, (_, line) => `add_secondary_ipaddress 10.88.1.${line}`)

const once: readonly PlannedStep[] = [
  step('node1', {
    step: 'paths/load-script',
    name: 'Load script',
    task: 'file',
    play: 1,
    outcome: 'would-change',
    evidence: 'exact',
    changes: [
      {
        kind: 'text',
        key: '/root/load',
        before: { type: 'text', text: '' },
        after: { type: 'text', text: `${loadScript.join('\n')}\n` },
      },
    ],
    looks: [look('node1', 'text', '/root/load', { type: 'text', text: '' })],
  }),
  step('node1', {
    step: 'paths/paste-scripts',
    name: 'Paste the scripts',
    task: 'by-hand',
    play: 1,
    outcome: 'unknown',
    because: 'waits for a person',
    undoable: false,
    byHand: {
      text: 'Paste /root/load into the load script of the resource',
      who: 'cluster administrator',
      proof: 'the resource holds the same text',
    },
  }),
]

const body: PlanBody = {
  request: { playbook: 'install', inventory: 'inventory/site.yml', skipTags: ['archive'] },
  playbook: 'install',
  playbookFile: 'playbooks/install.yml',
  inventory: 'inventory/site.yml',
  cluster: 'msgr1',
  lab: false,
  order,
  plays: [
    { name: 'Install the Messenger agents', strategy: 'failover', hosts: order },
    { name: 'Paths', strategy: 'linear', hosts: ['node1'] },
  ],
  inputs: [
    { file: 'playbooks/install.yml', sha256: '77becc75dec480385b5e0d57b65fd5511e25f839f7a60bb7a4ca1cae3010f20d' },
  ],
  hostKeys: order.map(host => ({ host, fingerprint: `SHA256:sgm9ItliqtJK/6KYQUpCswY3UxtpiS3H0x6htn${host}` })),
  steps: [
    ...order.flatMap(host => [mountPoint, installer, whose, startup, user, rights].map(make => make(host))),
    ...once,
  ],
  secrets: ['user_password'],
  holds: order.map(host => ({
    block: 'Partition',
    hold: 'partition',
    play: 0,
    host,
    provides: [{ kind: 'mount', key: '/mnt/messenger', before: { type: 'unmounted' }, after: { type: 'mounted' } }],
  })),
  risks: [{ host: 'node3', text: 'reached with SSH algorithms that are not safe any more' }],
}

/** As it comes back from its file. */
export const planOf = (more: Partial<PlanBody> = {}): PlanFile => {
  const sealed = sealPlan(
    { ...body, ...more },
    {
      tool: '0.1.0',
      created: '2026-11-23T06:00:00.000Z',
      validUntil: '2026-11-24T06:00:00.000Z',
      secretPrints: [{ name: 'user_password', print: '9f2c' }],
    },
  )
  return readPlan(writePlan(sealed), 'plan.json')
}

export const plan = planOf()
