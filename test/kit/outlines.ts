// Outlines without a playbook: the plan's own type, built in a line or two.
import { type StepId, slug, stepId } from '../../src/model/address.ts'
import type { Span } from '../../src/model/span.ts'
import type { Outline, OutlineBlock, OutlineNode, OutlinePlay, OutlineStep } from '../../src/plan/outline.ts'
import type { Hold } from '../../src/task/hold.ts'
import type { Task } from '../../src/task/task.ts'

export const somewhere: Span = { file: 'test.yml', line: 1, column: 1, width: 4, excerpt: 'test' }

type Registered = Readonly<Record<string, unknown>>

export type StepOptions = Partial<Omit<OutlineStep, 'type' | 'id' | 'name' | 'task' | 'isSelected'>> & {
  /** Arguments, or what makes them for a host out of the results of steps before. */
  readonly args?: unknown
  readonly argsFor?: (host: string, registered: Registered) => unknown
  /** The condition as it was written, and whether it is so. */
  readonly when?: readonly [condition: string, isSo: (host: string, registered: Registered) => boolean]
  /** Hosts on which it is selected; all unless told. */
  readonly selected?: readonly string[]
}

export const step = (name: string, task: Task, options: StepOptions = {}): OutlineStep => {
  const { args = {}, argsFor = () => args, when, selected, ...more } = options
  return {
    type: 'step',
    id: stepId('test', slug(name)) as StepId,
    name,
    taskName: task.name,
    task,
    span: somewhere,
    notify: [],
    ignoreErrors: false,
    runOnce: false,
    isSelected: host => selected === undefined || selected.includes(host),
    prepare(host, registered) {
      if (when && !when[1](host, registered)) return { type: 'skipped', because: when[0] }
      return { type: 'due', args: task.args.parse(argsFor(host, registered)) }
    },
    ...more,
  }
}

export const held = (module: Hold, ...nodes: readonly OutlineNode[]): OutlineBlock => ({
  type: 'block',
  name: module.name,
  hold: { module, span: somewhere, argsFor: () => ({}) },
  applies: () => true,
  nodes,
})

export type PlayOptions = Partial<Omit<OutlinePlay, 'nodes'>>

export const play = (
  hosts: readonly string[],
  nodes: readonly OutlineNode[],
  options: PlayOptions = {},
): OutlinePlay => ({
  index: 0,
  name: 'Test',
  strategy: 'linear',
  hosts,
  allHosts: hosts,
  nodes,
  handlers: [],
  ...options,
})

export const outline = (order: readonly string[], ...plays: readonly OutlinePlay[]): Outline => ({
  playbook: 'test',
  playbookFile: 'test.yml',
  inventory: 'test-inventory.yml',
  cluster: 'test-cluster',
  lab: true,
  order,
  plays: plays.map((each, index) => ({ ...each, index })),
})
