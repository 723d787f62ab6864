// What happened in one run, for the change record: the sections of a review, for a run that followed no plan.
import { addressOf } from '../../model/address.ts'
import type { Counts } from '../../model/counts.ts'
import type { RunEvent } from '../../model/events.ts'
import type { PlannedStep } from '../../model/plan-file.ts'
import { answersOf, noAnswer } from '../answers.ts'
import { countOutcomes } from '../counts.ts'
import { foldAll } from '../fold.ts'
import { allSteps, type RunStarted } from '../state.ts'
import { code, type Document } from './blocks.ts'
import { type Closing, closingOf } from './closing.ts'
import { documentHtml } from './html.ts'
import { documentMarkdown } from './markdown.ts'
import { happenedSection } from './sections/happened.ts'
import { leftSection } from './sections/left.ts'
import { problemsSection } from './sections/problems.ts'
import { stepsSection } from './sections/steps.ts'
import { transcriptsSection } from './sections/transcripts.ts'
import { groupSteps, type StepGroup } from './step-groups.ts'

export type RunRecord = Pick<RunStarted, 'plays'> & {
  readonly started: RunStarted
  readonly closing: Closing
  readonly counts: Counts
  /** As they ended. */
  readonly steps: readonly PlannedStep[]
  readonly groups: readonly StepGroup[]
}

/** @returns Undefined when the events do not hold the start of a run. */
export const recordOf = (events: readonly RunEvent[]): RunRecord | undefined => {
  const state = foldAll(events)
  const { started } = state
  if (!started) return undefined
  const steps = stepsAsEnded(events)
  const counts = countOutcomes(allSteps(state))
  return { started, plays: started.plays, counts, closing: closingOf(steps, events), steps, groups: groupSteps(steps) }
}

export const recordMarkdown = (record: RunRecord): string => documentMarkdown(recordDocument(record))
export const recordHtml = (record: RunRecord): string => documentHtml(recordDocument(record))

const recordDocument = (record: RunRecord): Document => {
  const { started, closing, groups } = record
  return {
    mark: `Run ${started.run.replace(/[^0-9a-z]/gi, ' ')}`,
    title: `${started.mode === 'dry-run' ? 'Dry run' : 'Run'} report: ${started.playbook} on ${started.cluster}`,
    lead: ['Run ', code(started.run), `, begun ${closing.started} by `, code(started.command), '.'],
    sections: [
      happenedSection(record),
      problemsSection(closing),
      leftSection(record, closing),
      stepsSection(record),
      transcriptsSection(closing, groups),
    ],
  }
}

/** Steps that no outline named, such as handlers, stand where they came. */
const stepsAsEnded = (events: readonly RunEvent[]): readonly PlannedStep[] => {
  const answers = answersOf(events)
  return allSteps(foldAll(events)).map(({ outlined }) => {
    const { looks, ended } = answers.get(addressOf(outlined)) ?? noAnswer
    return {
      ...outlined,
      outcome: ended?.outcome ?? 'not-reached',
      ...(ended?.evidence && { evidence: ended.evidence }),
      because: ended?.problem?.summary ?? ended?.because ?? 'the run did not come to it',
      changes: ended?.changes ?? [],
      looks,
      undoable: outlined.undoable ?? false,
    }
  })
}
