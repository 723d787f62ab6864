// The preconditions of a plan, looked at again before anything is touched: what was seen then must be so now.
import { addressOf } from '../model/address.ts'
import { nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Look } from '../model/look.ts'
import type { PlanBody } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Receipt } from '../model/receipt.ts'
import { formatValue, inWords } from '../report/index.ts'
import { hostDollar } from '../shell/dollar.ts'
import { definitionOf, isOfController, readNow } from '../task/resource.ts'
import { canonicalJson } from '../text/canonical.ts'
import { controllerOf, directoryOf, type Nodes } from './context.ts'
import { readNotes } from './notes.ts'
import { receiptKind } from './receipts.ts'

export type LookAgain = {
  readonly nodes: Nodes
  /** Masks what is seen now as the plan was masked. */
  mask<Value>(value: Value): Value
}

/**
 * Asks every host for all that the plan saw there: hosts at the same time, each thing once.
 *
 * What a plan took from a receipt has to stand in that receipt still. What lies below a hold is not asked: it is not
 * there, and each step looks again when it is.
 *
 * @returns One problem for each thing that is not as it was, with then and now; none when the plan still fits.
 * @throws {Problem} `host-unreachable` and its like.
 */
export const findDrifts = async ({ steps, cluster }: PlanBody, again: LookAgain): Promise<readonly Problem[]> => {
  const looks = distinct(steps.flatMap(step => step.looks.map(look => ({ ...look, by: addressOf(step) }))))
  const hosts = [...new Set(looks.map(hostOf))]
  const found = await Promise.all(
    hosts.map(host =>
      findOnHost(
        looks.filter(look => hostOf(look) === host),
        { host, cluster, ...again },
      ),
    ),
  )
  return found.flat()
}

type Precondition = Look & {
  /** Address of the first step that rests on it. */
  readonly by: string
}

const distinct = (looks: readonly Precondition[]): readonly Precondition[] => {
  const byThing = new Map<string, Precondition>()
  for (const look of looks) {
    const key = `${hostOf(look)} ${look.origin.type} ${look.home} ${nameOf(look)}`
    if (isAskable(look) && !byThing.has(key)) byThing.set(key, look)
  }
  return [...byThing.values()]
}

const isAskable = ({ origin }: Look): boolean => origin.type === 'world' || origin.type === 'receipt'

/** A receipt is asked of the node that it lies on. */
const hostOf = ({ host, origin }: Look): string => (origin.type === 'receipt' ? origin.host : host)

type OnHost = LookAgain & { readonly host: string; readonly cluster: string }

const findOnHost = async (looks: readonly Precondition[], on: OnHost): Promise<readonly Problem[]> => {
  const shell = await on.nodes.shell(on.host)
  const $ = hostDollar(shell)({ nothrow: true, reads: true })
  const receipts = looks.some(({ origin }) => origin.type === 'receipt')
    ? (await readNotes(shell, on.cluster)).receipts
    : []
  const problems: Problem[] = []
  // One shell answers one question at a time.
  for (const look of looks) {
    const problem = look.origin.type === 'receipt' ? attestedNow(look, receipts, on) : await seenNow(look, { ...on, $ })
    if (problem) problems.push(problem)
  }
  return problems
}

type Asking = OnHost & { readonly $: ReturnType<typeof hostDollar> }

const seenNow = async (look: Precondition, { $, mask, nodes, host }: Asking): Promise<Problem | undefined> => {
  const resource = definitionOf(look.kind)
  if (!resource) return moved(look, { seen: `nobody knows how to look at a ${look.kind}` })
  try {
    const $at = isOfController(look.kind) ? hostDollar(controllerOf(nodes))({ nothrow: true, reads: true }) : $
    const now: Json = mask(await readNow($at, { kind: look.kind, key: look.key, resource }, directoryOf(nodes, host)))
    return canonicalJson(now) === canonicalJson(look.value) ? undefined : movedTo(look, now)
  } catch (error) {
    if (error instanceof Problem && error.exit === exitCodes.failed) return moved(look, { seen: error.message })
    throw error
  }
}

const attestedNow = (look: Precondition, receipts: readonly Receipt[], { mask }: OnHost): Problem | undefined => {
  const { origin } = look
  if (origin.type !== 'receipt') return undefined
  const ofRun = receipts.filter(({ run }) => run === origin.run)
  const stands =
    look.kind === receiptKind
      ? ofRun.some(({ step, at }) => step === look.key && at === origin.at)
      : ofRun.some(receipt => isAttested(look, receipt, mask))
  return stands ? undefined : moved(look, { seen: `the receipt of run ${origin.run} does not say so any more` })
}

const isAttested = (look: Precondition, { attests }: Receipt, mask: LookAgain['mask']): boolean =>
  attests.some(
    ({ home, value, ...name }) =>
      home === look.home && nameOf(name) === nameOf(look) && canonicalJson(mask(value)) === canonicalJson(look.value),
  )

const movedTo = (look: Precondition, now: Json): Problem => {
  const { diff } = inWords({ kind: look.kind, key: look.key, before: look.value, after: now })
  const seen = tellSide(now, look.value)
  return moved(look, {
    seen,
    wanted: tellSide(look.value, now),
    ...(diff.length > 0 && { excerpt: diff.join('\n') }),
  })
}

/** What one side has otherwise than the other: only the fields that differ. */
const tellSide = (value: Json, other: Json): string => {
  if (!isFields(value) || !isFields(other)) return short(formatValue(value))
  const fields = Object.entries(value).filter(([key, one]) => canonicalJson(one) !== canonicalJson(other[key]))
  return short(fields.map(([key, one]) => `${key} ${formatValue(one)}`).join(', ')) || formatValue(value)
}

const isFields = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Sides = { readonly seen: string; readonly wanted?: string; readonly excerpt?: string }

const moved = (look: Precondition, { seen, wanted = short(formatValue(look.value)), ...more }: Sides): Problem =>
  new Problem({
    code: 'precondition-moved',
    summary: `${nameOf(look)} on ${hostOf(look)} is not as it was when the plan was made`,
    host: look.host,
    step: look.by,
    seen: `${seen} (now)`,
    wanted: `${wanted} (then)`,
    help: 'find out who changed it; put it back, or make the plan again',
    ...more,
    exit: exitCodes.drift,
  })

const longest = 200

/** Says how much it leaves out. */
const short = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length - longest} more characters)`
