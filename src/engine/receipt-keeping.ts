// When a receipt is written, and when it is taken away.
import type { Change } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Receipt } from '../model/receipt.ts'
import { canonicalJson } from '../text/canonical.ts'
import type { Checked, CheckOptions } from './check.ts'
import { restsOf } from './holds.ts'
import { touches } from './promises.ts'
import { removeReceipt, writeReceipt } from './receipts.ts'
import { homeOf } from './world.ts'

type Attest = Receipt['attests'][number]

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
    .filter(look => look.home !== host && look.origin.type === 'world')
    .map(({ kind, key, home, value }) => ({ kind, key, home, value }))
  if (!proof.asked && attests.length === 0) return undefined
  return {
    version: 1,
    step: step.id,
    host,
    cluster: context.outline.cluster,
    run: context.runId,
    at: context.timeOfDay(),
    settings: proof.asked?.settings ?? '',
    rests: proof.asked?.rests ?? restsOf(leases),
    attests,
    ...(result !== undefined && { result }),
  }
}

const isSaidAlready = ({ context, step, host }: CheckOptions, receipt: Receipt): boolean => {
  const there = context.receipts.find(step.id, host)
  return there !== undefined && contentOf(there) === contentOf(receipt)
}

const contentOf = ({ settings, rests, attests, result }: Receipt): string =>
  canonicalJson({ settings, rests, attests, result })

type Placed = { readonly home: string; readonly change: Change }

/** A change to what a receipt rests on makes it worthless, even if the thing is changed back later. */
export const withdrawReceipts = async (options: CheckOptions, changes: readonly Placed[]): Promise<void> => {
  const { context, step, host } = options
  const resting = context.receipts.restingOn(changes, step.id)
  const own = context.receipts.find(step.id, host)
  for (const receipt of own ? [...resting, own] : resting) {
    await removeReceipt(await context.nodes.shell(receipt.host), receipt)
    context.receipts.remove(receipt)
    const because = receipt === own ? 'it is carried out again' : `${step.id} changes what it rests on`
    context.emit({ type: 'receipt-withdrawn', step: receipt.step, host: receipt.host, because })
  }
  await forgetAttests(options, changes)
}

/** What a step is about to change, nobody vouches for any more; a foreign program may touch all of a volume. */
const forgetAttests = async ({ context, step, host, leases }: CheckOptions, changes: readonly Placed[]) => {
  const isTouched = (attest: Attest): boolean =>
    step.task.opaque
      ? attest.home === homeOf(attest, { host, holds: leases })
      : changes.some(({ home, change }) => home === attest.home && touches(change, attest))
  for (const receipt of context.receipts.all().filter(({ attests }) => attests.some(isTouched))) {
    const lessened = { ...receipt, attests: receipt.attests.filter(attest => !isTouched(attest)) }
    context.receipts.put(lessened)
    // On other nodes it stays as it is: what is seen now is newer, and the newest counts.
    if (receipt.host === host) await writeReceipt(await context.nodes.shell(host), lessened)
  }
}
