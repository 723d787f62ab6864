// Playbooks in TypeScript: the same keys and the same checks as in YAML, with the compiler's help.
import type { HostOrder } from './playbook.ts'

type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [key: string]: Value }
type Variables = { readonly [name: string]: Value }

/** One task by its name, or a block. Which task names there are is checked when the playbook is read. */
type StepDefinition = {
  readonly name?: string
  readonly when?: Condition
  readonly tags?: string | readonly string[]
  readonly vars?: Variables
  /** Section of the manual. */
  readonly source?: string
  readonly run_once?: boolean
  readonly loop?: string | readonly Value[]
  readonly loop_control?: LoopControl
  readonly until?: Condition
  readonly retries?: number
  /** Seconds. */
  readonly delay?: number
} & WayDefinition &
  (TaskDefinition | BlockDefinition | { readonly meta: 'flush_handlers' } | { readonly import_tasks: string })

type WayDefinition = {
  readonly become?: boolean
  readonly become_user?: string
  readonly environment?: Variables
  readonly ignore_errors?: boolean
  readonly no_log?: boolean
  /** Only `true`: it is looked at, also in a run. */
  readonly check_mode?: true
  readonly diff?: boolean
  /** Seconds. */
  readonly timeout?: number
}

type Condition = string | boolean | readonly string[]

type LoopControl = {
  readonly loop_var?: string
  readonly index_var?: string
  readonly label?: string
  readonly extended?: boolean
}

type TaskDefinition = {
  readonly register?: string
  readonly notify?: string | readonly string[]
  readonly listen?: string | readonly string[]
  readonly changed_when?: Condition
  readonly failed_when?: Condition
  readonly block?: never
  /** The name of a task module, with its arguments. */
  readonly [task: string]: Value | readonly StepDefinition[]
}

type BlockDefinition = {
  readonly block: readonly StepDefinition[]
  readonly rescue?: readonly StepDefinition[]
  readonly always?: readonly StepDefinition[]
  readonly hold?: string | { readonly [name: string]: Variables }
}

export type PlayDefinition =
  | (WayDefinition & {
      readonly name?: string
      readonly hosts: string | readonly string[]
      readonly strategy?: 'linear' | 'failover'
      readonly serial?: number | string | readonly (number | string)[]
      readonly order?: HostOrder
      readonly any_errors_fatal?: boolean
      readonly max_fail_percentage?: number
      /** Only `false`: no facts are gathered. */
      readonly gather_facts?: false
      readonly pre_tasks?: readonly StepDefinition[]
      readonly post_tasks?: readonly StepDefinition[]
      readonly vars?: Variables
      readonly vars_files?: readonly string[]
      readonly worksheet?: string
      /** Nothing is changed: what is not as it should be is a finding. */
      readonly reads?: boolean
      readonly tags?: string | readonly string[]
      readonly tasks?: readonly StepDefinition[]
      readonly handlers?: readonly StepDefinition[]
    })
  | { readonly import_playbook: string; readonly name?: string; readonly tags?: string | readonly string[] }

export type PlaybookDefinition = { readonly type: 'playbook'; readonly plays: readonly PlayDefinition[] }

/** A playbook of one play or several, to export as default from `playbooks/NAME.ts`. */
export const playbook = (plays: PlayDefinition | readonly PlayDefinition[]): PlaybookDefinition => ({
  type: 'playbook',
  plays: isList(plays) ? plays : [plays],
})

const isList = (plays: PlayDefinition | readonly PlayDefinition[]): plays is readonly PlayDefinition[] =>
  Array.isArray(plays)

/** A value that `playbook()` made; by its shape, since a module may come with a copy of this one. */
export const isDefinition = (value: unknown): value is PlaybookDefinition =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'playbook' && 'plays' in value
