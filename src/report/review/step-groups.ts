// Steps that are the same on several nodes stand in a review once; where nodes differ, it says in what.
import type { Change } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import type { Look } from '../../model/look.ts'
import type { PlannedStep } from '../../model/plan-file.ts'
import { canonicalJson } from '../../text/canonical.ts'
import { inWords, tellChange } from '../changes.ts'
import { groupBy } from './group-by.ts'

/** One step as it is on these nodes; the first of them lends its values. */
export type Variant = { readonly hosts: readonly string[]; readonly step: PlannedStep }

/** What differs between the variants of one step: a cell for each of them. */
export type Difference = { readonly what: string; readonly of: readonly string[] }

export type StepGroup = {
  /** Counted from 1 through the whole plan, by the first node that has it. */
  readonly number: number
  /** `playbook/step`. */
  readonly step: string
  readonly name: string
  readonly task: string
  readonly play: number
  readonly within: readonly string[]
  readonly source?: string
  readonly summary?: string
  readonly hosts: readonly string[]
  readonly variants: readonly Variant[]
  /** The same on all of its nodes. */
  readonly common: readonly Change[]
  readonly differences: readonly Difference[]
}

export const groupSteps = (steps: readonly PlannedStep[]): readonly StepGroup[] =>
  [...groupBy(steps, ({ play, step }) => `${play} ${step}`).values()].map((same, index) => groupOf(same, index + 1))

/** Nothing is done by it on any node. */
export const isQuiet = ({ variants }: StepGroup): boolean =>
  variants.every(({ step }) => step.outcome === 'same' || step.outcome === 'skipped')

const groupOf = (steps: readonly [PlannedStep, ...PlannedStep[]], number: number): StepGroup => {
  const [{ step, name, task, play, within, source, summary }] = steps
  const variants = variantsOf(steps)
  return {
    number,
    step,
    name,
    task,
    play,
    within,
    ...(source !== undefined && { source }),
    ...(summary !== undefined && { summary }),
    hosts: steps.map(({ host }) => host),
    variants,
    common: commonOf(variants),
    differences: differencesOf(variants),
  }
}

const variantsOf = (steps: readonly PlannedStep[]): readonly Variant[] =>
  [...groupBy(steps, step => canonicalJson(withoutHost(step))).values()].map(same => ({
    hosts: same.map(({ host }) => host),
    step: same[0],
  }))

/** What a step says, apart from where; `install/mount@node2` means its own node on each. */
const withoutHost = ({ host, looks, ...told }: PlannedStep) => ({
  ...told,
  because: ownNode(told.because, host),
  rests: restsOf({ host, looks }),
})

/** Addresses of steps on the same node lose the node. */
export const ownNode = (text: string, host: string): string =>
  text.replace(new RegExp(`@${host.replace(/[^\w]/g, '\\$&')}(?![\\w.-]*\\w)`, 'g'), '')

/** What an answer rests on that nobody has seen now: once each, as sentences end. */
export const restsOf = ({ host, looks }: Pick<PlannedStep, 'host' | 'looks'>): readonly string[] => [
  ...new Set(looks.flatMap(look => tellOrigin(look, host))),
]

const tellOrigin = ({ origin }: Look, host: string): readonly string[] => {
  switch (origin.type) {
    case 'world':
      return []
    case 'promise':
      return [`what ${ownNode(origin.by, host)} will have done`]
    case 'presumed':
      return [
        origin.place === host
          ? 'what nobody can know before an earlier step is done'
          : `${origin.place}, which nobody can see now and which is taken as untouched`,
      ]
    case 'receipt':
      return [`the receipt of run ${origin.run} on ${origin.host === host ? 'the node itself' : origin.host}`]
  }
}

const commonOf = ([first, ...others]: readonly Variant[]): readonly Change[] =>
  (first?.step.changes ?? []).filter(change => others.every(other => hasChange(other, change)))

export const hasChange = ({ step }: Variant, change: Change): boolean =>
  step.changes.some(other => canonicalJson(other) === canonicalJson(change))

/** The changes that are a variant's own. */
export const ownChanges = ({ step }: Variant, common: readonly Change[]): readonly Change[] =>
  step.changes.filter(
    change => !common.includes(change) && !common.some(one => canonicalJson(one) === canonicalJson(change)),
  )

const differencesOf = (variants: readonly Variant[]): readonly Difference[] => {
  if (variants.length < 2) return []
  const tell = (what: string, of: (variant: Variant) => string): Difference => ({ what, of: variants.map(of) })
  const changed = [...new Set(variants.flatMap(({ step }) => step.changes.map(change => inWords(change).name)))]
  const given = [...new Set(variants.flatMap(({ step }) => Object.keys(step.given?.args ?? {})))]
  const prompts = [...new Set(variants.flatMap(({ step }) => (step.given?.prompts ?? []).map(({ name }) => name)))]
  return [
    tell('outcome', ({ step }) => step.outcome),
    tell('evidence', ({ step }) => step.evidence ?? 'none'),
    tell('why', ({ step }) => ownNode(step.because, step.host)),
    tell('rests on', ({ step }) => restsOf(step).join('; ')),
    ...changed.map(name => tell(name, ({ step }) => changesOf(step, name))),
    ...given.map(name => tell(`argument ${name}`, ({ step }) => argumentOf(step.given?.args[name]))),
    ...prompts.map(name => tell(`prompt ${name}`, ({ step }) => answerOf(step, name))),
    tell('way back', ({ step }) => (step.undoable ? 'there is one' : 'none')),
    tell('by hand', ({ step }) => step.byHand?.text ?? ''),
  ].filter(({ of }) => new Set(of).size > 1)
}

const changesOf = ({ changes }: PlannedStep, name: string): string =>
  changes
    .filter(change => inWords(change).name === name)
    .map(change => tellChange(change).replace(` ${name}`, ''))
    .join('; ') || 'stays as it is'

const argumentOf = (value: Json | undefined): string => (value === undefined ? 'not given' : JSON.stringify(value))

const answerOf = ({ given }: PlannedStep, name: string): string =>
  (given?.prompts ?? [])
    .filter(prompt => prompt.name === name)
    .map(({ answer, when }) => `${answer}${when === undefined ? '' : ` when ${when}`}`)
    .join('; ') || 'does not come'
