// What a playbook says, in YAML or in TypeScript: one model, and every part of it knows where it was written.
import type { StepId } from '../model/address.ts'
import type { Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { Variables } from '../template/render.ts'
import type { Template } from '../template/template.ts'
import type { LocatedMap } from '../text/located.ts'

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
  readonly become: boolean | undefined
  readonly tags: readonly string[]
  /** Environment of every command: names and values, filled in per host. */
  readonly environment: unknown
  readonly steps: readonly Step[]
  readonly handlers: readonly TaskStep[]
}

export type WrittenVariables = {
  readonly written: LocatedMap
  /** The same, with each text that has `{{ }}` compiled. */
  readonly variables: Variables
}

export type Condition = {
  /** As it was written. */
  readonly text: string
  readonly template: Template
}

export type Step = TaskStep | BlockStep

type StepBase = {
  readonly name: string
  readonly span: Span
  /** All of them must hold. */
  readonly when: readonly Condition[]
  readonly tags: readonly string[]
  readonly vars: WrittenVariables
  readonly become: boolean | undefined
  readonly environment: unknown
  readonly ignoreErrors: boolean
  readonly runOnce: boolean
  readonly noLog: boolean
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
  /** Names of handlers of the same play; each is there. */
  readonly notify: readonly string[]
}

export type BlockStep = StepBase & {
  readonly type: 'block'
  readonly hold: HoldUse | undefined
  readonly block: readonly Step[]
  readonly rescue: readonly Step[]
  readonly always: readonly Step[]
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
  /** Arguments that are conditions: each is an expression, as in `when:`. */
  readonly conditions?: readonly string[]
}

/** How the parser reads files; paths are relative to where the playbook's own path is. */
export type PlaybookFiles = {
  /** `undefined` when there is no such file. */
  readText(path: string): string | undefined
  /** The value that a TypeScript playbook exports; `undefined` when there is none. */
  readModule?(path: string): unknown
}
