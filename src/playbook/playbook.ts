// What a playbook says, in YAML or in TypeScript: one model, and every part of it knows where it was written.
import type { StepId } from '../model/address.ts'
import type { Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { Variables } from '../template/render.ts'
import type { Template } from '../template/template.ts'
import type { LocatedMap } from '../text/located.ts'
import type { Word } from '../text/reader.ts'

export type Playbook = {
  /** The file's name without directory and ending; the first part of each address of a step in that file. */
  readonly name: string
  readonly file: string
  /** All files that were read, the playbook itself first. */
  readonly files: readonly string[]
  /** Plays of imported playbooks stand where they were imported. */
  readonly plays: readonly Play[]
  readonly problems: readonly Problem[]
  /** What does not keep it from being carried out. */
  readonly warnings: readonly Problem[]
}

export type Play = {
  readonly name: string
  /** The file that it was written in. */
  readonly file: string
  readonly span: Span
  /** A pattern of hosts; a template where it has something to fill in. */
  readonly hosts: { readonly pattern: string | Template; readonly span: Span }
  readonly strategy: 'linear' | 'failover'
  /** Those of `vars_files` over those of `vars`. */
  readonly vars: WrittenVariables
  /** The file with the schema that the variables of each host must fit. */
  readonly worksheet: { readonly file: string; readonly span: Span } | undefined
  /** Nothing is changed: what is not as it should be is a finding, and all of them are told. */
  readonly reads: boolean
  readonly way: Way
  readonly tags: readonly string[]
  /** How many hosts go together, batch after batch; all where nothing is said. A number, or a share such as `30%`. */
  readonly serial: readonly (number | `${number}%`)[]
  readonly order: HostOrder | undefined
  readonly anyErrorsFatal: boolean
  /** The play ends when a larger share of a batch has failed. */
  readonly maxFailPercentage: number | undefined
  readonly steps: readonly Step[]
  readonly handlers: readonly TaskStep[]
}

export const hostOrders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted'] as const
export type HostOrder = (typeof hostOrders)[number]

/** How steps are carried out; what is not said is as it is around them. */
export type Way = {
  readonly become: boolean | undefined
  readonly becomeUser: string | undefined
  /** Environment of every command: names and values, filled in per host. */
  readonly environment: unknown
  readonly ignoreErrors: boolean | undefined
  readonly noLog: boolean | undefined
  /** `check_mode: true`: only looked at, also in a run. */
  readonly onlyLooks: boolean | undefined
  /** False where `diff: false` keeps what changes are made of from the screen. */
  readonly showsDiff: boolean | undefined
  readonly timeoutMs: number | undefined
}

export type WrittenVariables = {
  readonly written: LocatedMap
  /** What lies over one another in it, the lowest first. */
  readonly maps?: readonly LocatedMap[]
  /** The same, with each text that has `{{ }}` compiled. */
  readonly variables: Variables
}

export type Condition = {
  /** As it was written. */
  readonly text: string
  readonly template: Template
}

export type Step = TaskStep | BlockStep | MetaStep

/** `meta:`, which is no task: what was notified so far is carried out here, or the play ends here. */
export type MetaStep =
  | { readonly type: 'flush'; readonly span: Span }
  | { readonly type: 'end'; readonly span: Span; readonly when: readonly Condition[] }

type StepBase = {
  readonly name: string
  readonly span: Span
  /** The file that it is written in. */
  readonly file: string
  /** All of them must hold. */
  readonly when: readonly Condition[]
  readonly tags: readonly string[]
  readonly vars: WrittenVariables
  readonly way: Way
  readonly runOnce: boolean
  /** What it is carried out for, item by item. */
  readonly loop: Loop | undefined
  /** How often it is tried. */
  readonly repeat: Repeat | undefined
  /** Section of the manual. */
  readonly source: string | undefined
}

export type TaskStep = StepBase & {
  readonly type: 'task'
  /** `install/mount`: the name of the file that it stands in, then its own. */
  readonly id: StepId
  /** Name of the task module. */
  readonly module: string
  readonly moduleSpan: Span
  readonly args: StepArguments
  readonly register: string | undefined
  /** Names of handlers of the same play, or what they listen to; each is there. */
  readonly notify: readonly Word[]
  /** Of a handler: other names that it hears. */
  readonly listen: readonly string[]
  /** Whether it counts as a change, and as a failure; nothing where nobody said. */
  readonly changedWhen: readonly Condition[] | undefined
  readonly failedWhen: readonly Condition[] | undefined
}

export type BlockStep = StepBase & {
  readonly type: 'block'
  readonly hold: HoldUse | undefined
  /** The file of tasks that `import_tasks` names. */
  readonly importedFrom?: string
  readonly block: readonly Step[]
  readonly rescue: readonly Step[]
  readonly always: readonly Step[]
}

/** What a step goes through: known before anything connects, so that each item is a step of its own. */
export type Loop = {
  readonly span: Span
  /** A list, or a template that gives one. */
  readonly over: unknown
  /** What an item is called in the step, and its number, counted from 0. */
  readonly itemName: string
  readonly indexName: string | undefined
  /** What is shown of an item: a text, filled in for each. */
  readonly label: unknown
  /** Whether the step sees `ansible_loop`. */
  readonly isExtended: boolean
}

export type Repeat = {
  /** All of them must hold. */
  readonly until: readonly Condition[]
  /** At most, the first time included. */
  readonly tries: number
  readonly delayMs: number
}

export type HoldUse = { readonly module: string; readonly span: Span; readonly args: StepArguments }

export type StepArguments = {
  /** Where each argument stands, for what a schema finds later. */
  readonly written: LocatedMap
  /** Plain values, with each text that has `{{ }}` compiled. */
  readonly tree: Readonly<Record<string, unknown>>
}

/** What the parser has to know of a task module, to tell it from a slip of the hand. */
export type KnownTask = {
  readonly type: 'task' | 'hold'
  /** The argument that may be written without a name: `shell: echo hello`. */
  readonly freeForm?: string
  /** The names of its arguments. */
  readonly names?: readonly string[]
  /** Other names of arguments, as Ansible has them: `{ dest: 'path' }`. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Arguments that Ansible has and that are not here, with what to write instead. */
  readonly instead?: Readonly<Record<string, string>>
  /** Tasks that Ansible has and that are not here, whose work this one does: each with what to write. */
  readonly inPlaceOf?: Readonly<Record<string, string>>
  /** Arguments that are conditions: each is an expression, as in `when:`. */
  readonly conditions?: readonly string[]
}

/** How the parser reads files; paths are relative to where the playbook's own path is. */
export type PlaybookFiles = {
  /** `undefined` when there is no such file. */
  readText(path: string): string | undefined
  /** The value that a TypeScript playbook exports; `undefined` when there is none. */
  readModule?(path: string): unknown
  /** What lies in a folder, to propose a name. */
  namesIn?(folder: string): readonly string[]
}
