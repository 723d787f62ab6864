// Makes what a check found due: written down first, here and on the node; then done; then looked at again.
import type { Answer, Evidence } from '../model/answer.ts'
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { isOutOfReach, Problem } from '../model/problem.ts'
import { isOfCluster, isOfController } from '../task/resource.ts'
import { applyStep } from './apply.ts'
import { removeBegun, writeBegun } from './begun.ts'
import { settingsOf } from './begun-step.ts'
import { type Checked, type CheckOptions, lookAtStep, placedChanges, reasonOf, tellChecked } from './check.ts'
import { assertNotFailed, letPass } from './judge.ts'
import { assertKept } from './kept-promises.ts'
import { isOfShell } from './look-ahead.ts'
import { createLookBehind, type LookBehind, type Seen } from './look-behind.ts'
import type { Act } from './programs.ts'
import { attestAgain, forgetAttests, keepReceipt, withdrawReceipts } from './receipt-keeping.ts'
import { withStanding } from './standing.ts'
import { isFields } from './step-end.ts'
import { unseen } from './unlogged.ts'

export type Differs = Extract<Answer, { type: 'differs' }>

export type Found = {
  readonly answer: Differs
  readonly evidence: Evidence
  /** An act leaves nothing that shows whether it was done, so it is marked on the node while it is under way. */
  readonly isAct: boolean
  /** It was begun by a run before, and is gone through once more. */
  readonly isTakenUp: boolean
}

export type Made = {
  readonly outcome: 'changed'
  readonly because: string
  readonly evidence: Evidence
  readonly changes: readonly Change[]
  readonly result?: Json
  readonly told?: string
}

export const make = async (options: CheckOptions, found: Found): Promise<Made> => {
  const { answer, evidence } = found
  const { context, step, host } = options
  context.emit({ type: 'step-intended', step: step.id, host, changes: answer.changes })
  await context.onDisk()
  const actChange = actOf(options)
  const placed = placedChanges(answer, options)
  await withdrawReceipts(options, placed)
  const lessened = await forgetAttests(options, placed)
  const act = found.isAct ? await begin(options, found) : undefined
  const after = await carry(options, { answer, act })
  await attestAgain(options, lessened)
  await keepReceipt(options, after.checked, after.result)
  if (act) await end(options, act)
  const changes = after.checked.proof.asked ? [...answer.changes, actChange] : answer.changes
  const result = overlaid(resultOf(after.checked.answer), after.result)
  const told = after.result === undefined ? undefined : step.task.tell?.(after.result)
  return {
    outcome: 'changed',
    because: answer.because,
    evidence,
    changes,
    ...(result !== undefined && { result }),
    ...(told !== undefined && { told }),
  }
}

/** What the second look says, and over it what only `apply` could know. */
const overlaid = (seen: Json | undefined, done: Json | undefined): Json | undefined =>
  isFields(seen) && isFields(done) ? { ...seen, ...done } : (done ?? seen)

type Carried = { readonly checked: Checked; readonly result?: Json }

/** Does it and looks again. Where it fails and its end is known, nothing is left open. */
const carry = async (
  options: CheckOptions,
  { answer, act }: { readonly answer: Differs; readonly act: Act | undefined },
): Promise<Carried> => {
  const { ahead } = options.context
  const isElsewhere = act !== undefined || answer.changes.some(({ kind }) => isOfCluster(kind) || isOfController(kind))
  const forget = () => (isElsewhere ? ahead.changedAll() : ahead.changed(options.host, answer.changes))
  const look = (seen?: Seen) => {
    options.lookOn?.()
    const told = seen && { seen }
    return lookAtStep({ ...options, ...told, wasBegun: false, justDone: true, changed: answer.changes })
  }
  const behind = createLookBehind({ counts: !isElsewhere, look, forget })
  try {
    forget()
    const result = await applyStep(options, answer.changes, { act, behind }).catch(async error => {
      behind.over()
      forget()
      const passed = letPass(error, options)
      if (passed) return passed.result
      throw await withStanding(error, options, answer.changes)
    })
    assertNotFailed(result, options)
    const checked = (await seenBehind(behind, options)) ?? (await lookNow({ look, forget }))
    tellChecked(options, checked)
    if (checked.answer.type !== 'same') throw notSettled(options, checked.answer)
    assertKept(answer.changes, checked.looks)
    return { checked, ...(result !== undefined && { result }) }
  } catch (error) {
    if (act && isEndKnown(error)) await end(options, act).catch(() => {})
    throw error
  }
}

/** What was seen behind the last command, where all of it was, and says that all is as it should be. */
const seenBehind = async (behind: LookBehind, { context, host }: CheckOptions): Promise<Checked | undefined> => {
  const seen = await behind.seen()
  if (seen?.answer.type !== 'same' || !seen.looks.every(look => look.host === host && isOfShell(look))) return undefined
  context.ahead.seenBehind(host)
  return seen
}

type Looking = { look(): Promise<Checked>; forget(): void }

const lookNow = ({ look, forget }: Looking): Promise<Checked> => {
  forget()
  return look()
}

/** A lost connection, and a fault of our own, say nothing about what goes on over there. */
const isEndKnown = (error: unknown): boolean => error instanceof Problem && !isOutOfReach(error)

const begin = async (options: CheckOptions, { answer, isTakenUp }: Found): Promise<Act> => {
  const { context, step, host } = options
  const there = context.begun.find(step.id, host)
  if (isTakenUp && there) return { begun: there, isTakenUp }
  const begun = {
    type: 'begun',
    version: 1,
    step: step.id,
    host,
    cluster: context.outline.cluster,
    run: context.runId,
    at: context.timeOfDay(),
    settings: settingsOf(options),
    changes: keptOf(options, answer.changes),
  } as const
  await writeBegun(await context.nodes.shell(host), begun)
  context.begun.put(begun)
  return { begun, isTakenUp: false }
}

/** A mark lies on the node until the end of the act is known. */
const keptOf = ({ step, context }: CheckOptions, changes: readonly Change[]): readonly Change[] =>
  step.noLog ? changes.map(unseen) : (context.mask?.(changes) ?? changes)

const end = async ({ context, host }: CheckOptions, { begun }: Act): Promise<void> => {
  await removeBegun(await context.nodes.shell(host), begun)
  context.begun.remove(begun)
}

/** An act leaves a receipt; that is its change, also where nothing else shows it. */
export const actOf = ({ step, context, host }: CheckOptions): Change => {
  const before = context.receipts.find(step.id, host) ? 'outdated' : 'none'
  return { kind: 'act', key: step.id, before, after: 'done' }
}

export const resultOf = (answer: Answer): Json | undefined => (answer.type === 'unknown' ? undefined : answer.result)

export const notSettled = ({ step, host }: CheckOptions, answer: Answer): Problem =>
  new Problem({
    code: 'not-settled',
    summary: `${step.name} was carried out on ${host}, but it is still not as it should be`,
    seen: answer.type === 'differs' ? tellDiffers(answer) : reasonOf(answer),
    wanted: 'a second look that says that all is as wanted',
    help: 'where a program was carried out, `run report` has what it said; else run it again with -v, to see each command and its answer',
  })

const tellDiffers = ({ because, changes }: Differs): string =>
  [because, ...changes.map(change => `${change.kind} ${change.key} ${JSON.stringify(change.before)}`)]
    .filter(Boolean)
    .join('\n')
