// Playbooks in TypeScript: the same keys and the same checks as in YAML, with the compiler's help.
type Value = string | number | boolean | null | undefined | readonly Value[] | { readonly [key: string]: Value }
type Variables = { readonly [name: string]: Value }

/** One task by its name, or a block. Which task names there are is checked when the playbook is read. */
type StepDefinition = {
  readonly name?: string
  readonly when?: string | boolean | readonly string[]
  readonly tags?: string | readonly string[]
  readonly vars?: Variables
  /** Section of the manual. */
  readonly source?: string
  readonly run_once?: boolean
  readonly become?: boolean
  readonly ignore_errors?: boolean
  readonly environment?: Variables
  readonly no_log?: boolean
} & (TaskDefinition | BlockDefinition)

type TaskDefinition = {
  readonly register?: string
  readonly notify?: string | readonly string[]
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
  | {
      readonly name?: string
      readonly hosts: string | readonly string[]
      readonly strategy?: 'linear' | 'failover'
      readonly vars?: Variables
      readonly vars_files?: readonly string[]
      readonly worksheet?: string
      /** Nothing is changed: what is not as it should be is a finding. */
      readonly reads?: boolean
      readonly become?: boolean
      readonly tags?: string | readonly string[]
      readonly environment?: Variables
      readonly tasks: readonly StepDefinition[]
      readonly handlers?: readonly StepDefinition[]
    }
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
