// What a dry run found and what it rests on, as the body of a plan. Pure: the same world gives the same bytes.
import { addressOf } from '../model/address.ts'
import { nameOf } from '../model/change.ts'
import type { OutlinedStep, RunEvent } from '../model/events.ts'
import type { Look } from '../model/look.ts'
import type { PlanBody, PlannedStep } from '../model/plan-file.ts'
import type { RunRequest } from '../model/request.ts'
import { answersOf, noAnswer, type StepAnswer } from '../report/index.ts'
import { canonicalJson } from '../text/canonical.ts'
import { type Outline, outlinedHandlers, outlinedHead, outlinedSteps } from './outline.ts'
import { holdsOf, type Terms, termsOf } from './terms.ts'

export type Found = {
  readonly outline: Outline
  /** The files of it by their names at the site. */
  readonly request: RunRequest
  /** All events of the dry run, masked as in its journal. */
  readonly events: readonly RunEvent[]
  readonly inputs: PlanBody['inputs']
  /** Host to fingerprint. */
  readonly hostKeys: ReadonlyMap<string, string>
  /** Names of secrets; one may come several times. */
  readonly secrets: readonly string[]
  /** Variables of the environment that were looked up. */
  readonly environment?: Iterable<string>
  readonly risks: NonNullable<PlanBody['risks']>
  /** The name at the site of a file as the outline has it. */
  nameOf(file: string): string
  /** Masks what an outline holds: events are masked already. */
  mask<Value>(value: Value): Value
}

export const planBody = (found: Found): PlanBody => {
  const { outline, request, inputs, hostKeys, secrets, environment = [], risks, mask } = found
  const read = [...new Set(environment)].sort(compare)
  return {
    request,
    ...outlinedHead(outline),
    playbookFile: found.nameOf(outline.playbookFile),
    inventory: found.nameOf(outline.inventory),
    inputs: [...inputs].sort((one, other) => compare(one.file, other.file)),
    hostKeys: [...hostKeys]
      .map(([host, fingerprint]) => ({ host, fingerprint }))
      .sort((one, other) => compare(one.host, other.host)),
    steps: plannedSteps(found),
    secrets: [...new Set(secrets)].sort(compare),
    ...(read.length > 0 && { environment: read }),
    holds: mask(holdsOf(outline)),
    risks,
  }
}

const plannedSteps = ({ outline, events, mask }: Found): readonly PlannedStep[] => {
  const answers = answersOf(events)
  const terms = termsOf(outline)
  // A handler is in the plan where a change asked for it.
  const handlers = outlinedHandlers(outline).filter(step => answers.get(addressOf(step))?.ended)
  return [...outlinedSteps(outline), ...handlers].map(step =>
    planStep(step, answers.get(addressOf(step)) ?? noAnswer, mask(terms.get(addressOf(step)) ?? {})),
  )
}

const planStep = (outlined: OutlinedStep, { ended, looks }: StepAnswer, terms: Terms): PlannedStep => ({
  ...outlined,
  outcome: ended?.outcome ?? 'not-reached',
  ...(ended?.evidence && { evidence: ended.evidence }),
  because: ended?.because ?? 'nothing asks for it',
  changes: ended?.changes ?? [],
  looks: inOrder(looks),
  undoable: outlined.undoable ?? false,
  ...terms,
})

/** Looks that are asked at once answer in any order, so they are sorted; two of the same are one. */
const inOrder = (looks: readonly Look[]): readonly Look[] => {
  const distinct = new Map(looks.map(look => [canonicalJson(look), look]))
  const keyOf = (look: Look) => `${look.host} ${look.home} ${nameOf(look)}`
  return [...distinct.entries()]
    .sort(([a, one], [b, other]) => compare(keyOf(one), keyOf(other)) || compare(a, b))
    .map(([, look]) => look)
}

/** By code units: the order must not hang on the language of whoever makes the plan. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
