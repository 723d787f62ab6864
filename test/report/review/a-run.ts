// A run of that plan in which something of everything went otherwise.
import type { EventBody, RunEvent } from '../../../src/model/events.ts'
import type { PlannedStep } from '../../../src/model/plan-file.ts'
import { stamped } from '../story.ts'
import { order, plan } from './a-plan.ts'

const { body } = plan

const started: EventBody = {
  type: 'run-started',
  run: '2026-11-23-0612',
  mode: 'run',
  version: '0.1.0',
  playbook: body.playbook,
  playbookFile: body.playbookFile,
  inventory: body.inventory,
  cluster: body.cluster,
  lab: false,
  order,
  plays: body.plays,
  steps: body.steps.map(({ step, name, task, host, play, within }) => ({ step, name, task, host, play, within })),
  command: 'run apply plan.json',
}

type Ended = Extract<EventBody, { type: 'step-ended' }>

const ended = ({ step, host, changes, outcome, because }: PlannedStep, more: Partial<Ended> = {}): EventBody => ({
  type: 'step-ended',
  step,
  host,
  outcome: outcome === 'would-change' ? 'changed' : outcome,
  because,
  changes,
  ms: 1500,
  ...more,
})

const on = (host: string): readonly PlannedStep[] => body.steps.filter(step => step.host === host && step.play === 0)

const find = (host: string, step: string): PlannedStep => {
  const found = on(host).find(one => one.step === step)
  if (!found) throw new Error(`no ${step}@${host}`)
  return found
}

const counts = { same: 0, changed: 0, 'would-change': 0, skipped: 0, unknown: 0, failed: 0, 'not-reached': 0 }

/** node1 as planned, but for one thing more, one less, and one otherwise; node2 failed; node3 was not begun. */
export const mixedRun = (): readonly RunEvent[] =>
  stamped([
    started,
    { type: 'play-started', play: 0 },
    { type: 'hold-intended', hold: 'partition', host: 'node2' },
    ended(find('node1', 'install/mount-point'), {
      changes: [
        {
          kind: 'file',
          key: '/mnt/messenger',
          before: { type: 'absent' },
          after: { type: 'directory', owner: 'root', group: 'root', mode: '0700' },
        },
      ],
    }),
    { type: 'transcript', step: 'install/installer', host: 'node1', text: 'Are you installing to a cluster? (y/n): ' },
    { type: 'transcript', step: 'install/installer', host: 'node1', text: '» cluster: y' },
    { type: 'transcript', step: 'install/installer', host: 'node1', text: 'y\n<b>Done.</b>\n' },
    ended(find('node1', 'install/installer')),
    ended(find('node1', 'install/uid-conf'), { outcome: 'same', changes: [] }),
    ended(find('node1', 'install/startup-file'), {
      changes: [
        ...find('node1', 'install/startup-file').changes,
        { kind: 'file', key: '/tmp/left', before: { type: 'absent' }, after: { unknown: true } },
      ],
    }),
    ended(find('node1', 'install/agents-user')),
    ended(find('node1', 'install/rights')),
    ended(find('node2', 'install/mount-point')),
    ended(find('node2', 'install/installer'), {
      outcome: 'failed',
      changes: [],
      problem: {
        code: 'prompt-unknown',
        summary: 'The installer asked something that the dialogue does not know',
        step: 'install/installer@node2',
        host: 'node2',
        seen: '"Schema must be extended. Continue? (y/n)"',
        // biome-ignore lint/suspicious/noThenProperty: a problem's word for the way on; nobody awaits it
        then: 'run resume 2026-11-23-0612',
      },
    }),
    { type: 'run-ended', exitCode: 1, counts, ms: 61_000 },
  ])

/** Every step came out as the plan said. */
export const goodRun = (): readonly RunEvent[] =>
  stamped([
    started,
    ...body.steps.map(step => ended(step, step.outcome === 'unknown' ? { outcome: 'changed' } : {})),
    { type: 'run-ended', exitCode: 0, counts, ms: 129_000 },
  ])
