// When a receipt is written, and when it is taken away.
import { type Change, isKnown, notKnownYet } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Attest, Receipt } from '../model/receipt.ts'
import { clusterHome, controllerHome, definitionOf, directoryHome } from '../task/resource.ts'
import { canonicalJson } from '../text/canonical.ts'
import { type Checked, type CheckOptions, worldOf } from './check.ts'
import { restsOf } from './hold/held-thing.ts'
import { touches } from './promises.ts'
import { removeReceipt, writeReceipt } from './receipts.ts'
import { homeOf } from './world.ts'

/**
 * Writes a receipt where the answer cannot be found out again by looking: after an act, and for what lies on a volume
 * that will not be mounted the next time. One that says the same already is left alone.
 */
export const keepReceipt = async (options: CheckOptions, checked: Checked, result?: Json): Promise<void> => {
  const receipt = receiptOf(options, checked, result)
  if (!receipt || isSaidAlready(options, receipt)) return
  const { context, host } = options
  await writeReceipt(await context.nodes.shell(host), receipt)
  context.receipts.put(receipt)
  context.emit({ type: 'receipt-written', receipt })
}

const receiptOf = (options: CheckOptions, { looks, proof }: Checked, result?: Json): Receipt | undefined => {
  const { step, host, context, leases } = options
  // What rests on a receipt needs no second one: only what was seen itself can be attested.
  if (proof.used) return undefined
  const attests = looks
    .filter(({ home, origin }) => isOfVolume(home, options) && origin.type === 'world')
    .map(({ kind, key, home, value }) => ({ kind, key, home, value: keptOf(options, value) }))
  if (!proof.asked && attests.length === 0) return undefined
  return {
    version: 1,
    step: step.id,
    host,
    cluster: context.outline.cluster,
    run: context.runId,
    at: context.receipts.later(context.timeOfDay()),
    settings: proof.asked?.settings ?? '',
    rests: proof.asked?.rests ?? restsOf(leases),
    attests,
    ...(result !== undefined && !step.noLog && { result: maskedBy(context, result) }),
  }
}

/** Where `no_log` hides it: that it was seen, and not what. A dry run cannot tell then; a run takes the hold and looks. */
const keptOf = ({ step, context }: CheckOptions, value: Json): Json =>
  step.noLog ? notKnownYet : maskedBy(context, value)

/** What nodes, directory and cluster have, they can be asked again. */
const isOfVolume = (home: string, { host, context }: CheckOptions): boolean =>
  ![host, directoryHome, clusterHome, controllerHome, ...context.outline.order].includes(home)

/** A receipt lies on a node for as long as the node lives, and what a program printed may hold a secret. */
const maskedBy = ({ mask }: CheckOptions['context'], value: Json): Json => mask?.(value) ?? value

/** The same content, and nobody else has vouched for something else since. */
const isSaidAlready = ({ context, step, host, leases }: CheckOptions, receipt: Receipt): boolean => {
  const there = context.receipts.find(step.id, host)
  if (!there || contentOf(there) !== contentOf(receipt)) return false
  return receipt.attests.every(attest => {
    const newest = context.receipts.attested(attest.home, attest, restsOf(leases))
    return newest !== undefined && canonicalJson(newest.value) === canonicalJson(attest.value)
  })
}

const contentOf = ({ settings, rests, attests, result }: Receipt): string =>
  canonicalJson({ settings, rests, attests: attests.map(({ seenAt: _, ...attest }) => attest), result })

type Placed = { readonly home: string; readonly change: Change }

/** A change to what a receipt rests on makes it worthless, even if the thing is changed back later. */
export const withdrawReceipts = async (options: CheckOptions, changes: readonly Placed[]): Promise<void> => {
  const { context, step, host } = options
  const resting = context.receipts.restingOn(changes, step.id)
  const own = context.receipts.find(step.id, host)
  for (const receipt of own ? [...resting, own] : resting) {
    await removeReceipt(await context.nodes.shell(receipt.host), receipt)
    context.receipts.remove(receipt)
    const because = receipt === own ? 'what it says is about to change' : `${step.id} changes what it rests on`
    context.emit({ type: 'receipt-withdrawn', step: receipt.step, host: receipt.host, because })
  }
}

/** A receipt that vouches for less than before, and what it vouched for. */
type Lessened = { readonly receipt: Receipt; readonly forgotten: readonly Attest[] }

/** What a step is about to change, nobody vouches for any more; a foreign program may touch all of a volume. */
export const forgetAttests = async (
  options: CheckOptions,
  changes: readonly Placed[],
): Promise<readonly Lessened[]> => {
  const { context, step, host, leases } = options
  const isTouched = (attest: Attest): boolean =>
    step.task.opaque
      ? attest.home === homeOf(attest, { host, holds: leases })
      : changes.some(({ home, change }) => home === attest.home && touches(change, attest))
  const lessened = context.receipts
    .all()
    .filter(({ attests }) => attests.some(isTouched))
    .map(receipt => ({
      receipt: { ...receipt, attests: receipt.attests.filter(attest => !isTouched(attest)) },
      forgotten: receipt.attests.filter(isTouched),
    }))
  for (const { receipt } of lessened) await replaceReceipt(options, receipt)
  return lessened
}

/** After the step its volume is still there to be seen: receipts vouch again, for what is there now. */
export const attestAgain = async (options: CheckOptions, lessened: readonly Lessened[]): Promise<void> => {
  const seenAt = options.context.receipts.later(options.context.timeOfDay())
  const world = await worldOf(options)
  for (const { receipt, forgotten } of lessened) {
    const attests: Attest[] = []
    for (const { kind, key, home, value } of forgotten) {
      const resource = definitionOf(kind)
      const seen = resource && (await world.lookIfKnown({ kind, key, resource }))
      if (!seen?.known) continue
      const kept = isKnown(value) ? maskedBy(options.context, seen.value) : value
      attests.push({ kind, key, home, value: kept, seenAt })
    }
    await replaceReceipt(options, { ...receipt, attests: [...receipt.attests, ...attests] })
  }
}

/** On other nodes it stays as it is: what is seen now is newer, and the newest counts. */
const replaceReceipt = async ({ context, host }: CheckOptions, receipt: Receipt): Promise<void> => {
  context.receipts.put(receipt)
  if (receipt.host === host) await writeReceipt(await context.nodes.shell(host), receipt)
}
