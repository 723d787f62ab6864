// Asks a person whether a step that is due may be carried out, where the run is one that asks.
import type { Answer } from '../model/answer.ts'
import type { OutlineStep } from '../plan/outline.ts'
import { reasonOf } from './check.ts'
import type { Context } from './context.ts'
import type { Lease } from './hold/lease.ts'
import { Declined, type StepEnd } from './step-end.ts'

type OnHost = { readonly context: Context; readonly step: OutlineStep; readonly host: string }

/** Asked before anything is taken or done, and nothing is begun once the run is to stop; where a hold shows that something else is due, asked again. @throws {Declined} */
export const askConsent = async (
  { context, step, host }: OnHost,
  answer: Answer,
  missing: readonly Lease[] = [],
): Promise<void> => {
  const { consent } = context
  if (context.mode === 'dry-run') return
  if (context.isStopping()) throw new Declined(stopped)
  if (!consent) return
  const changes = answer.type === 'differs' ? answer.changes : []
  const holds = missing.map(({ name }) => name)
  const word = await consent.ask({ step: step.id, host, because: reasonOf(answer), changes, holds })
  if (word === 'stop') throw new Declined(stopped)
  const { by } = consent
  if (word === 'skip')
    throw new Declined({ outcome: 'skipped', because: `left out by ${by}`, leftOutBy: by, changes: [] })
}

const stopped: StepEnd = { outcome: 'not-reached', because: 'the run was stopped here', changes: [] }
