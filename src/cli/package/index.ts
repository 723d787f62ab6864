// What a program imports from `runbook-run`: it is in the bundle of the command.
import type { Problem as ProblemClass, Problems as ProblemsClass } from '../../model/problem.ts'
import { command } from './bundle.ts'
import type { RunPlaybook } from './words.ts'

export type { ProblemRecord, RunEvent } from '../../model/events.ts'
export type { RunPlaybook, RunPlaybookOptions, RunReport, StepReport } from './words.ts'

export const runPlaybook: RunPlaybook = command.runPlaybook
export const Problem = command.Problem
export type Problem = ProblemClass
export const Problems = command.Problems
export type Problems = ProblemsClass
