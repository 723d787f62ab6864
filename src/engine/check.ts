// One look at one step on one host: its answer, what it rests on, and how sure that is.
import type { Answer, Evidence } from '../model/answer.ts'
import { type Change, nameOf, type ResourceName } from '../model/change.ts'
import type { Look } from '../model/look.ts'
import { changesNothing, type OutlineStep } from '../plan/outline.ts'
import { controllerHome, isForeign, refOf } from '../task/resource.ts'
import { type Context, controllerOf, directoryOf, lookingAt } from './context.ts'
import type { HeldThing } from './hold/held-thing.ts'
import type { Lease } from './hold/lease.ts'
import { tellingLongLook } from './long-look.ts'
import { keyOf } from './look-ahead.ts'
import type { Seen } from './look-behind.ts'
import { hasOwnShell, ownShell } from './own-shell.ts'
import { onlyLooking } from './problems.ts'
import type { Before } from './promises.ts'
import { createProof, type RecordedProof } from './proof.ts'
import { receiptKind } from './receipts.ts'
import type { TimeLeft } from './step-time.ts'
import { createWorld, homeOf, type RecordedWorld, type See, Undecided } from './world.ts'

export type CheckOptions = {
  readonly step: OutlineStep
  readonly host: string
  readonly args: unknown
  readonly leases: readonly Lease[]
  readonly context: Context
  /** True in the check after `apply`. */
  readonly justDone: boolean
  /** What `apply` was to change. */
  readonly changed?: readonly Change[]
  /** True where the step was begun on the host before, and nobody has seen its end. */
  readonly wasBegun?: boolean
  /** True for a handler that a change asked for, and for a further try: no receipt says that it is done. */
  readonly isAnew?: boolean
  /** Where another try may follow, and when the last one has ended, as far as that is known. */
  readonly triesLeft?: TriesLeft
  /** Is told what of the step is seen. */
  readonly seen?: Seen
  /** Looks at what comes behind the step, while it is looked at again itself. */
  lookOn?(): void
  /** True in a play that only looks: no hold is taken for it, and no receipt is written. */
  readonly reads?: boolean
  /** When the step was started, by the clock of the run. */
  readonly began?: number
}

/** @param givesUpAt By the clock of the run. */
export type TriesLeft = { readonly givesUpAt?: number }

/** The same for a look ahead, where no hold can be taken. */
type Seeing = Omit<CheckOptions, 'leases'> & { readonly leases: readonly HeldThing[] }

export type Checked = {
  readonly answer: Answer
  readonly looks: readonly Look[]
  readonly proof: RecordedProof
  readonly evidence: Evidence
}

export const checkStep = async (options: CheckOptions): Promise<Checked> => {
  const checked = await tellingLongLook(options, () => lookAtStep(options))
  tellChecked(options, checked)
  return checked
}

/** The same, and nothing is told of it. */
export const lookAtStep = async (options: CheckOptions): Promise<Checked> => {
  const { step, host, args, leases, context, justDone } = options
  // What was done is looked at for itself: nothing that was seen before counts.
  const { world, askAtOnce } = await checkedWorld(options, justDone ? 'now' : 'early or now')
  if (justDone) askAtOnce(changedOf(options))
  const receipt = options.isAnew ? undefined : context.receipts.find(step.id, host)
  const proof = createProof({ world, receipt, ...othersOf(options), holds: leases, justDone })
  const checking = decide(
    step.task.check({
      world,
      proof,
      args,
      place: context.placeOf(host),
      wasBegun: options.wasBegun ?? false,
      isRegistered: step.register !== undefined,
    }),
  )
  const seen = await (justDone ? checking : onlyLooking(checking))
  const { looks } = world
  if (!justDone) context.ahead.asked(step.id, host, looks)
  const before = printedBefore(seen, looks, options)
  const answer = before?.isForeign ? notPrintedYet(before.by) : seen
  const evidence = evidenceOf({ step, answer, looks, proof })
  return { answer, looks, proof, evidence: before && evidence === 'exact' ? 'predicted' : evidence }
}

/**
 * What a foreign script printed rests on anything on its node, so on all that earlier steps will have changed by then.
 *
 * @returns The step that may make it print otherwise, where the answer is taken from what it prints now.
 */
const printedBefore = (answer: Answer, looks: readonly Look[], { host, context }: CheckOptions): Before | undefined =>
  answer.type === 'same' && looks.some(({ kind }) => isForeign(kind)) ? context.promises.before(host) : undefined

const notPrintedYet = (by: string): Answer => ({
  type: 'unknown',
  until: `what it prints is known once ${by} is done`,
})

/** Of what the check asked for before: what was to be changed. */
const changedOf = ({ step, host, context, changed = [] }: CheckOptions): readonly ResourceName[] => {
  const names = new Set(changed.map(nameOf))
  return context.ahead.askedBy(step.id, host).filter(name => names.has(nameOf(name)))
}

export const tellChecked = (options: CheckOptions, { answer, looks, proof }: Checked): void => {
  const { step, host, context } = options
  const told = { answer: answer.type, because: reasonOf(answer), looks: [...looks, ...groundsBeside(options, proof)] }
  context.emit({ type: 'step-checked', step: step.id, host, ...told })
}

/** What other steps found on the node, and which of them will be carried out first. */
const othersOf = ({ host, context }: Pick<CheckOptions, 'host' | 'context'>) => ({
  receiptOf: (step: string) => context.receipts.find(step, host),
  promisedBy: (step: string) => context.promises.find(host, { kind: 'act', key: step })?.by,
})

/** What an answer rests on beside its own looks: which volume is held around it, and receipts. */
const groundsBeside = ({ host, leases }: CheckOptions, { used, heard }: RecordedProof): readonly Look[] => {
  const volumes = leases.flatMap(({ identity }): Look[] =>
    identity.type === 'seen'
      ? [
          {
            kind: identity.rest.kind,
            key: identity.rest.key,
            host,
            home: host,
            value: identity.value,
            origin: { type: 'world' },
          },
        ]
      : [],
  )
  const receipts = [...(used ? [used] : []), ...heard].map((receipt): Look => {
    const origin = { type: 'receipt', run: receipt.run, host: receipt.host, at: receipt.at } as const
    return { kind: receiptKind, key: receipt.step, host, home: host, value: 'stands', origin }
  })
  return [...volumes, ...receipts]
}

/**
 * Looks at all that the check of a step looks at, before the step is at hand; nothing is told of it.
 *
 * @returns Whether the step is due, as things are now.
 */
export const checkEarly = async (options: Omit<Seeing, 'justDone'>): Promise<boolean> => {
  const { step, host, args, leases, context } = options
  const { world, askAtOnce } = await checkedWorld(options, 'early')
  const others = othersOf(options)
  const receipt = others.receiptOf(step.id)
  const proof = createProof({ world, receipt, ...others, holds: leases, justDone: false })
  // A check asks one thing after the other; what its receipt rests on it will ask, and what it asked before.
  askAtOnce([...(receipt?.rests ?? []), ...context.ahead.askedBy(step.id, host)])
  try {
    const answer = await step.task.check({
      world,
      proof,
      args,
      place: context.placeOf(host),
      wasBegun: false,
      isRegistered: false,
    })
    return answer.type === 'differs'
  } finally {
    context.ahead.asked(step.id, host, world.looks)
  }
}

type Stand = Pick<Seeing, 'step' | 'host' | 'leases' | 'context' | 'seen'>

type CheckedWorld = {
  readonly world: RecordedWorld
  /** Asks for things that a check will ask for one after the other; only what the check itself asks is recorded. */
  askAtOnce(names: readonly ResourceName[]): void
}

/** What a check sees is of one moment: what it asks for again is what it saw. */
const checkedWorld = async (stand: Stand, when: 'now' | 'early' | 'early or now'): Promise<CheckedWorld> => {
  const { step, host, context } = stand
  const { ahead } = context
  const sight = { host, by: step.id }
  // Another user sees other things.
  const early = hasOwnShell(step) ? undefined : { now: undefined, early: ahead.early, 'early or now': ahead.now }[when]
  const see = once((ref, home, look) => early?.(ref, { ...sight, home }, look) ?? look(), stand.seen)
  return {
    world: await worldOf(stand, see),
    askAtOnce(names) {
      if (names.length === 0) return
      const refs = names.flatMap(name => refOf(name) ?? [])
      worldOf(stand, see).then(
        beside => refs.map(ref => beside.lookIfKnown(ref).catch(() => {})),
        () => {},
      )
    },
  }
}

const once = (see: See, told?: Seen): See => {
  const seen: Seen = new Map()
  return (ref, home, look) => {
    const key = keyOf(ref, home)
    const there = seen.get(key)
    if (there) return there
    const value = see(ref, home, look)
    seen.set(key, value)
    told?.set(key, value)
    return value
  }
}

/**
 * The world as the step sees it, inside its holds.
 *
 * @param time What its looks have together; each has the step's own unless told.
 */
export const worldOf = async (
  { step, host, leases, context }: Stand,
  see?: See,
  time?: TimeLeft,
): Promise<RecordedWorld> => {
  const { promises, receipts, nodes, outline } = context
  await nodes.shell(host)
  return createWorld({
    host,
    order: outline.order,
    $of: lookingAt({
      ...nodes,
      shell: async at =>
        at === controllerHome ? controllerOf(nodes) : ownShell(await nodes.shell(at), { step, host, context }, time),
    }),
    directory: directoryOf(nodes, host),
    promises,
    receipts,
    holds: leases,
    insideOnly: changesNothing(step),
    ...(see && { see }),
  })
}

/** Whether an answer rests on something that nobody has seen or vouches for: a run takes the hold and looks. */
export const isPresumed = ({ looks }: Pick<Checked, 'looks'>): boolean =>
  looks.some(({ origin }) => origin.type === 'presumed')

const decide = async (checking: Promise<Answer>): Promise<Answer> => {
  try {
    return await checking
  } catch (error) {
    if (error instanceof Undecided) return { type: 'unknown', until: error.message }
    throw error
  }
}

export const reasonOf = (answer: Answer): string => (answer.type === 'unknown' ? answer.until : answer.because)

type Judged = Pick<Checked, 'answer' | 'looks' | 'proof'> & { readonly step: OutlineStep }

const evidenceOf = ({ step, answer, looks, proof }: Judged): Evidence => {
  if (answer.type === 'differs' && step.task.opaque) return 'opaque'
  if (looks.some(({ origin }) => origin.type === 'promise' || origin.type === 'presumed')) return 'predicted'
  if (proof.used || proof.heard.length > 0 || looks.some(({ origin }) => origin.type === 'receipt')) return 'attested'
  return 'exact'
}

/** The changes of an answer, each with the place where its thing lies. */
export const placedChanges = (
  answer: Answer,
  at: Pick<CheckOptions, 'host' | 'leases'>,
): readonly { readonly home: string; readonly change: Change }[] =>
  answer.type === 'differs'
    ? answer.changes.map(change => ({ change, home: homeOf(change, { host: at.host, holds: at.leases }) }))
    : []
