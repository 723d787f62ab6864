// What a run, and a plan for one, is about: which playbook on which cluster, in which order.
import type { OutlinedPlay } from './events.ts'

export type RunHead = {
  readonly playbook: string
  readonly playbookFile: string
  readonly inventory: string
  readonly cluster: string
  readonly lab: boolean
  /** The failover list. */
  readonly order: readonly string[]
  readonly plays: readonly OutlinedPlay[]
}
