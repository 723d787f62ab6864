// Events of runs that tests retell: three nodes of a failover list, each with the same three steps.
import type { EventBody, OutlinedStep, ProblemRecord, RunEvent } from '../../src/model/events.ts'

export const hosts = ['node1', 'node2', 'node3']

type Named = readonly [step: string, name: string]
const names: readonly Named[] = [
  ['install/mount', 'mount'],
  ['install/installer', 'installer'],
  ['install/uid-conf', 'uid.conf'],
]

const outlined: readonly OutlinedStep[] = hosts.flatMap(host =>
  names.map(([step, name]) => ({
    step,
    name,
    task: name,
    host,
    play: 0,
    within: [],
    undoable: name !== 'installer',
  })),
)

export const started = (more: Partial<Extract<EventBody, { type: 'run-started' }>> = {}): EventBody => ({
  type: 'run-started',
  run: '2026-11-23-0612',
  mode: 'run',
  version: '0.1.0',
  playbook: 'install',
  playbookFile: 'playbooks/install.yml',
  inventory: 'inventory/lab.yml',
  cluster: 'msgr1',
  lab: true,
  order: hosts,
  plays: [{ name: 'Messenger on every node', strategy: 'failover', hosts }],
  steps: outlined,
  command: 'run playbook install',
  ...more,
})

/** Stamps bodies as a journal would, one second apart. */
export const stamped = (bodies: readonly EventBody[]): readonly RunEvent[] =>
  bodies.map((body, index) => ({ ...body, seq: index + 1, at: new Date(firstMs + index * 1000).toISOString() }))

export const firstMs = Date.UTC(2026, 10, 23, 5, 12)

type Ended = Extract<EventBody, { type: 'step-ended' }>

export const ended = (host: string, step: string, more: Partial<Ended> = {}): EventBody => ({
  type: 'step-ended',
  step,
  host,
  outcome: 'same',
  because: 'it is as it should be',
  evidence: 'exact',
  changes: [],
  ms: 12,
  ...more,
})

export const unheard: ProblemRecord = {
  code: 'prompt-unknown',
  summary: 'The installer on node2 asked something that the dialogue does not know',
  span: {
    file: 'playbooks/dialogues/messenger-2.2.yml',
    line: 31,
    column: 5,
    width: 6,
    excerpt: '  - expect: Directory for shared storage',
  },
  host: 'node2',
  step: 'install/installer@node2',
  seen: '"Schema must be extended. Continue? (y/n)"',
  wanted: '/Directory for shared storage/',
  state: 'nothing was answered',
  help: 'add the prompt to the dialogue',
  // biome-ignore lint/suspicious/noThenProperty: a problem's word for the way on; nobody awaits it
  then: 'run resume 2026-11-23-0612',
}

const mounted = {
  kind: 'mount',
  key: '/mnt/messenger',
  before: { type: 'unmounted' },
  after: { type: 'mounted', source: '/dev/evms/Share/dat', fstype: 'ext3' },
}

export const uidConf = {
  kind: 'text',
  key: '/etc/opt/novell/messenger/uid.conf',
  before: { type: 'text', text: 'root\n' },
  after: { type: 'text', text: 'nvlmsgr\n' },
}

const nodeDone = (host: string): readonly EventBody[] => [
  { type: 'host-connected', host, ms: 48 },
  { type: 'step-started', step: 'install/mount', host },
  { type: 'step-checked', step: 'install/mount', host, answer: 'differs', because: 'mounted nowhere', looks: [] },
  { type: 'hold-intended', hold: 'partition', host },
  { type: 'hold-acquired', hold: 'partition', host, ms: 240 },
  { type: 'step-intended', step: 'install/mount', host, changes: [mounted] },
  { type: 'command', step: 'install/mount', host, script: 'mount /mnt/messenger', exitCode: 0, ms: 30 },
  ended(host, 'install/mount', { outcome: 'changed', because: 'mounted nowhere', changes: [mounted], ms: 320 }),
  { type: 'step-started', step: 'install/installer', host },
  { type: 'step-intended', step: 'install/installer', host, changes: [] },
  { type: 'prompt-answered', step: 'install/installer', host, prompt: 'Installing to a cluster?', answer: 'y' },
  { type: 'step-progressed', step: 'install/installer', host, text: 'prompt 1 of 11' },
  ended(host, 'install/installer', {
    outcome: 'changed',
    because: 'no package here',
    evidence: 'opaque',
    ms: 41_300,
  }),
  { type: 'step-started', step: 'install/uid-conf', host },
  { type: 'step-intended', step: 'install/uid-conf', host, changes: [uidConf] },
  ended(host, 'install/uid-conf', { outcome: 'changed', because: 'another user is named', changes: [uidConf] }),
  { type: 'hold-released', hold: 'partition', host, ms: 120 },
]

const noCounts = { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 }

/** All went well. */
export const goodRun = (): readonly RunEvent[] =>
  stamped([
    started(),
    { type: 'play-started', play: 0 },
    ...hosts.flatMap(nodeDone),
    { type: 'run-ended', exitCode: 0, counts: { ...noCounts, changed: 9 }, ms: 129_000 },
  ])

/** The installer on node2 asked something new; its partition is still mounted. */
export const failedRun = (): readonly RunEvent[] =>
  stamped([
    started(),
    { type: 'play-started', play: 0 },
    ...nodeDone('node1'),
    ...nodeDone('node2').slice(0, 11),
    ended('node2', 'install/installer', { outcome: 'failed', because: '', problem: unheard, ms: 9000 }),
    ended('node2', 'install/uid-conf', { outcome: 'not-reached', because: 'after install/installer', ms: 0 }),
    ...names.map(([step]) => ended('node3', step, { outcome: 'not-reached', because: 'node2 failed', ms: 0 })),
    { type: 'run-ended', exitCode: 1, counts: noCounts, ms: 61_000, problem: unheard },
  ])

/** What would be done on a fresh cluster. */
export const dryRun = (): readonly RunEvent[] =>
  stamped([
    started({ mode: 'dry-run', command: 'run playbook install --dry-run' }),
    ...hosts.flatMap(host => [
      ended(host, 'install/mount', { outcome: 'would-change', because: 'mounted nowhere', changes: [mounted] }),
      ended(host, 'install/installer', {
        outcome: 'would-change',
        because: 'no package here',
        evidence: 'opaque',
        changes: [{ kind: 'package', key: 'novell-messenger', before: { type: 'absent' }, after: { unknown: true } }],
      }),
      ended(host, 'install/uid-conf', {
        outcome: 'would-change',
        because: 'after install/installer',
        evidence: 'predicted',
        changes: [uidConf],
      }),
    ]),
    { type: 'run-ended', exitCode: 10, counts: { ...noCounts, 'would-change': 9 }, ms: 900 },
  ])
