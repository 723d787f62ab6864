// What `run lint` looks for: each rule is a function of what a playbook says, and knows no node.
import type { Problem } from '../../model/problem.ts'
import type { Play, Playbook } from '../../playbook/playbook.ts'
import type { NamedFiles } from '../arguments.ts'
import type { Registry } from '../registry.ts'

export type Linted = {
  readonly playbook: Playbook
  readonly registry: Registry
  /** Files that arguments name. */
  readonly files: NamedFiles
}

export type LintRule = {
  /** What its warnings are called. */
  readonly code: string
  /** What it is about, for the list of rules. */
  readonly summary: string
  /** What to do, where it is the same for all that it finds. */
  readonly help?: string
  find(linted: Linted): readonly Problem[]
}

/** A rule that looks at one play after the other. */
export const perPlay =
  (find: (play: Play, linted: Linted) => readonly Problem[]): LintRule['find'] =>
  linted =>
    linted.playbook.plays.flatMap(play => find(play, linted))
