// The command that goes on from a run: `run resume` where it knows more than a look tells, else the same line again.
import { exitCodes } from '../model/problem.ts'
import { allSteps, type RunState } from './state.ts'

export const wayOn = (state: RunState): string => {
  const { run = '', command = '' } = state.started ?? {}
  return isResumable(state) || command === '' ? `run resume ${run}` : command
}

/**
 * Whether something is in the journal alone, or a person has to decide about it. A run that only looks, or that made what
 * any look shows, has nothing of the kind; one that began nothing has at least all that was typed.
 */
const isResumable = (state: RunState): boolean => {
  const { started, holds, remembers, interrupted, plays, ended } = state
  if (started?.plan !== undefined || started?.resumes !== undefined || remembers || holds.length > 0) return true
  if (plays.every(({ outlined }) => outlined.reads)) return false
  const steps = allSteps(state)
  const isOpen = steps.some(step => step.ended?.outcome === 'unknown')
  if (isOpen || interrupted !== undefined || ended?.exitCode === exitCodes.waits) return true
  return steps.every(step => step.intended === undefined)
}
