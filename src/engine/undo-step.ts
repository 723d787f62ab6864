// One step of a way back: what is there must be what the run left, and after it what was there before the run.
import { stepAddress } from '../model/address.ts'
import type { Answer } from '../model/answer.ts'
import { type Change, isKnown, nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import { exitCodes, noWayBackCode, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { OutlineStep } from '../plan/outline.ts'
import { tellValue } from '../report/index.ts'
import { due, same } from '../task/answers.ts'
import { definitionOf, type Ref } from '../task/resource.ts'
import type { Task } from '../task/task.ts'
import type { World } from '../task/world.ts'
import { canonicalJson } from '../text/canonical.ts'
import { keptBy } from './kept.ts'
import { actRef } from './receipts.ts'
import type { Deed } from './undo-record.ts'

/** What a step of a way back is handed: the deed, and what the step itself was handed when it was done. */
export type UndoArgs = { readonly deed: Deed; readonly args: unknown; readonly cluster: string }

type Seen = { readonly change: Change; readonly now: Json }

/** @param run The run that is taken back. */
export const undoTask = ({ task, id }: OutlineStep, run: string): Task => {
  const ways: Ways = new Map()
  return {
    type: 'task',
    name: task.name,
    summary: `Take back: ${task.summary}`,
    args: task.args,
    opaque: false,
    // `prepare` of the step makes them, so that is what they are.
    check: ({ world, args }) => answer(args as UndoArgs, { world, run, task, ways }),
    async apply(use) {
      const { deed, args } = use.args as UndoArgs
      const way = ways.get(deed.host) ?? { changes: deed.changes }
      ways.set(deed.host, { ...way, isGone: true })
      const isLeft = (change: Change) => use.changes.some(left => nameOf(left) === nameOf(change))
      const changes = way.changes.filter(change => isLeft(change) && !isAct(change))
      if (changes.length > 0) await task.undo?.({ ...use, args, changes, kept: keptBy(run, id) })
      return undefined
    },
    ...(task.undo && { undo: () => Promise.reject(doAgain()) }),
  }
}

/** What is taken back on a host, and whether that was done: what is still there then is a failure, and no drift. */
type Ways = Map<string, { readonly changes: readonly Change[]; readonly isGone?: true }>

type At = {
  readonly world: World
  readonly run: string
  readonly task: Task
  readonly ways: Ways
}

const answer = async ({ deed, args, cluster }: UndoArgs, { world, run, task, ways }: At): Promise<Answer> => {
  const found: Seen[] = []
  for (const change of deed.changes) found.push({ change, now: await seeNow(change, { world, deed, cluster }) })
  const way = ways.get(deed.host)
  const isGone = way?.isGone === true
  const changes = isGone ? way.changes : (task.grown?.({ args, seen: found }) ?? deed.changes)
  if (!isGone) ways.set(deed.host, { changes })
  const seen = found.map(({ change, now }) => ({
    change: changes.find(one => nameOf(one) === nameOf(change)) ?? change,
    now,
  }))
  const left = seen.filter(({ change, now }) => !isEqual(now, change.before))
  if (left.length === 0) return same(`as it was before run ${run}`)
  if (!task.undo || left.some(({ change }) => !isWhole(change)))
    return withoutWayBack(deed, seen, task.undo !== undefined)
  const moved = left.find(({ change, now }) => isKnown(change.after) && !isEqual(now, change.after))
  if (moved && !isGone) throw drifted(deed, moved, run)
  return due(`as it was before run ${run}`, ...left.map(takenBack))
}

type Looking = { readonly world: World; readonly deed: Deed; readonly cluster: string }

/** Of what lies hidden and nobody vouches for, the run itself knows best how it left it. */
const seeNow = async (change: Change, { world, deed, cluster }: Looking): Promise<Json> => {
  const ref = refOf(change, deed, cluster)
  const seen = await world.lookIfKnown(ref)
  if (!seen.known) return world.look(ref)
  return seen.isPresumed && isKnown(change.after) ? change.after : seen.value
}

const takenBack = ({ change: { kind, key, before }, now }: Seen): Change => ({ kind, key, before: now, after: before })

/** A person may have taken it back; then only its receipt is left, which says that it was done. */
const withoutWayBack = (deed: Deed, seen: readonly Seen[], hasUndo: boolean): Answer => {
  const things = seen.filter(({ change }) => !isAct(change) && isKnown(change.before))
  const isBack = things.length > 0 && things.every(({ change, now }) => isEqual(now, change.before))
  if (!isBack) throw noWayBack(deed, hasUndo)
  const acts = seen.filter(({ change, now }) => isAct(change) && !isEqual(now, change.before))
  const because = 'taken back by hand'
  return acts.length > 0 ? due(because, ...acts.map(takenBack)) : same(because)
}

/** What a journal masks, nobody can bring back from it. */
const isWhole = (change: Change): boolean => isKnown(change.before) && !canonicalJson(change).includes(mask)

const mask = new Secret('masked', '').toString()

const isAct = ({ kind }: Change): boolean => kind === 'act'

const isEqual = (a: Json, b: Json): boolean => canonicalJson(a) === canonicalJson(b)

const refOf = ({ kind, key }: Change, deed: Deed, cluster: string): Ref => {
  if (kind === 'act') return actRef({ cluster, step: deed.step })
  const resource = definitionOf(kind)
  if (resource) return { kind, key, resource }
  throw new Problem({
    code: 'kind-unknown',
    summary: `Nobody here can look at ${kind} ${key} any more`,
    seen: `the run changed it; no task that is loaded now knows the kind "${kind}"`,
    wanted: 'the task that changed it',
    state: 'the undo ends here',
    help: 'put the task back, then undo again',
  })
}

const noWayBack = ({ step, host, isDone, changes }: Deed, hasUndo: boolean): Problem =>
  new Problem({
    code: noWayBackCode,
    summary: `${stepAddress(step, host)} is a point of no return`,
    seen: [
      hasUndo ? 'the journal does not hold what was there before' : 'its task has no way back',
      isDone ? '' : 'it was begun, and its end is unknown',
    ]
      .filter(Boolean)
      .join('; '),
    wanted: 'all as it was before',
    state: 'the undo ends here: this step and what was done before it stay as they are',
    help: [
      'take it back by hand, then undo again; or end behind it on purpose: --from the step after it',
      ...changes.map(({ kind, key }) => `${kind} ${key}`),
    ].join('\n'),
    exit: exitCodes.failed,
  })

const drifted = ({ step, host, isDone }: Deed, { change, now }: Seen, run: string): Problem =>
  new Problem({
    code: 'drifted',
    summary: `${nameOf(change)} on ${host} is not what run ${run} left`,
    seen: tellValue(now, change.kind),
    wanted: [
      `${tellValue(change.after, change.kind)}, as the run left it`,
      `or ${tellValue(change.before, change.kind)}, if it was taken back already`,
    ].join('\n'),
    state: isDone
      ? `${stepAddress(step, host)} was not touched: it would have been lost what others did since`
      : `${stepAddress(step, host)} was begun and not finished; it was not touched`,
    help: 'find out who changed it; make it one of the two, then undo again',
    exit: exitCodes.drift,
  })

const doAgain = (): Problem =>
  new Problem({
    code: 'undo-of-undo',
    summary: 'An undo is not undone',
    help: 'carry the playbook out again',
    exit: exitCodes.input,
  })
