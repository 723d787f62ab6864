// A dry run held against the run: what it foretold, what was made, what it missed, what it invented, step by step.
import { addressOf } from '../../../src/model/address.ts'
import { type Change, isKnown, nameOf } from '../../../src/model/change.ts'
import type { Json } from '../../../src/model/json.ts'
import type { Look } from '../../../src/model/look.ts'
import { canonicalJson } from '../../../src/text/canonical.ts'
import type { Told } from '../e2e/changes.ts'

/** One thing that a step does, or would: a change, or that it is refused. */
type Fact = { readonly at: string; readonly change: Change }

export type Side = {
  readonly told: readonly Told[]
  /** Code of the problem that ended a step, by the step's address. */
  readonly refusals: ReadonlyMap<string, string>
}

export type Foretold = Side & {
  /** What each step rests on, by the step's address. */
  readonly looks: ReadonlyMap<string, readonly Look[]>
}

export type Comparison = {
  readonly predicted: number
  readonly made: number
  readonly missed: readonly string[]
  readonly invented: readonly string[]
  /** Steps of which the dry run could not say whether they are due, each with what the run made there. */
  readonly undecided: readonly string[]
  /** Those of them that wait for what a program or an agent will have left behind: named, and expected. */
  readonly awaited: readonly string[]
  /** Missed and invented ones, where the step rests on what lies hidden and was changed there: named apart, never left out. */
  readonly unseen: readonly string[]
}

/** @param hidden Names of what was changed by hand where no dry run can see it. */
export const compare = (dry: Foretold, run: Side, hidden: readonly string[] = []): Comparison => {
  const foretold = factsOf(dry)
  const open = new Set(openOf(dry.told))
  const awaited = dry.told.filter(isAwaiting).map(addressOf)
  const made = factsOf(run)
  const blind = blindSteps(dry, run, hidden)
  const missed = made.filter(fact => !open.has(fact.at) && !foretold.some(told => fits(told, fact)))
  const invented = foretold.filter(told => !open.has(told.at) && !made.some(fact => fits(told, fact)))
  const inSight = (facts: readonly Fact[]) => facts.filter(({ at }) => !blind.has(at)).map(tell)
  return {
    predicted: foretold.length,
    made: made.length,
    missed: inSight(missed),
    invented: inSight(invented),
    undecided: [...open]
      .filter(at => !awaited.includes(at))
      .map(at => [at, ...made.filter(fact => fact.at === at).map(tell)].join('; ')),
    awaited,
    unseen: [...missed, ...invented].filter(({ at }) => blind.has(at)).map(tell),
  }
}

/** Everything that a side says would be, or was, done; one entry a change, and one a refusal. */
export const factsOf = ({ told, refusals }: Side): readonly Fact[] => [
  ...told.flatMap(one => one.changes.map(change => ({ at: addressOf(one), change }))),
  ...[...refusals].map(([at, code]) => ({ at, change: { kind: 'refusal', key: code, before: null, after: null } })),
]

/** Steps of which the dry run could not say whether they are due. */
const openOf = (told: readonly Told[]): readonly string[] =>
  told.filter(({ outcome }) => outcome === 'unknown').map(addressOf)

/** What these leave behind nobody can foretell: what the program creates in the directory, files of agents that ran, all that comes with the resource. */
const isAwaiting = ({ outcome, because = '' }: Told): boolean =>
  outcome === 'unknown' &&
  /is known once (?:install\/(?:installer|agents-test)|drill\/(?:resource-here|back-on-the-preferred-node))@\S+ is done$/.test(
    because,
  )

export const tell = ({ at, change }: Fact): string =>
  `${at}: ${nameOf(change)} ${canonicalJson(change.before)} → ${canonicalJson(change.after)}`

/** What nobody could know before may have come out in any way; all else as it was foretold. */
const fits = (told: Fact, made: Fact): boolean =>
  told.at === made.at &&
  nameOf(told.change) === nameOf(made.change) &&
  isAs(told.change.before, made.change.before) &&
  isAs(told.change.after, made.change.after)

const isAs = (told: Json, made: Json): boolean => !isKnown(told) || canonicalJson(told) === canonicalJson(made)

/**
 * Steps that rest on a hidden thing by a receipt or a presumption, those that rest on what such a step promises, those
 * that could not be told before and are refused, and those that a run does not come to because one of them is refused.
 */
const blindSteps = ({ looks, told }: Foretold, run: Side, hidden: readonly string[]): ReadonlySet<string> => {
  const programs = hidden.filter(name => name.startsWith('program ')).map(name => name.replace('program ', ''))
  const blind = new Set(programs)
  for (const [at, seen] of looks) if (seen.some(look => isBlind(look, hidden) || restsOnOne(look, blind))) blind.add(at)
  if (hidden.length > 0) for (const at of openOf(told)) if (run.refusals.has(at)) blind.add(at)
  if (![...run.refusals.keys()].some(at => blind.has(at))) return blind
  const reached = new Set(run.told.map(addressOf))
  return new Set([...blind, ...told.map(addressOf).filter(at => !reached.has(at))])
}

const restsOnOne = ({ origin }: Look, blind: ReadonlySet<string>): boolean =>
  origin.type === 'promise' && blind.has(origin.by)

const isBlind = (look: Look, hidden: readonly string[]): boolean =>
  (look.origin.type === 'receipt' || look.origin.type === 'presumed') && hidden.includes(nameOf(look))
