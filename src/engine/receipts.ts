// Receipts on the nodes: read once at the start, written and withdrawn as the run goes on.
import { z } from 'zod'
import type { Change, ResourceName } from '../model/change.ts'
import { nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Origin } from '../model/look.ts'
import { Problem } from '../model/problem.ts'
import type { Receipt, Rest } from '../model/receipt.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { quote } from '../shell/quote.ts'
import type { Ref } from '../task/resource.ts'
import { canonicalJson } from '../text/canonical.ts'
import { directoryOnNode } from './node-directory.ts'
import { json, noted } from './noted.ts'
import { touches } from './promises.ts'

export type Receipts = {
  /** The receipt of a step on a host, unless something that it rests on was changed since. */
  find(step: string, host: string): Receipt | undefined
  /** What a receipt says of a thing on a volume that cannot be seen now; the newest wins, and only of this very volume. */
  attested(
    home: string,
    name: ResourceName,
    identity: readonly Rest[],
  ): { readonly value: Json; readonly origin: Origin } | undefined
  /** Receipts of other steps that rest on what a step is about to change. */
  restingOn(changes: readonly { readonly home: string; readonly change: Change }[], step: string): readonly Receipt[]
  all(): readonly Receipt[]
  /** A time for what is seen now: later than all that is written, also by a controller whose clock is ahead of ours. */
  later(now: string): string
  put(receipt: Receipt): void
  remove(receipt: Receipt): void
}

export const createReceipts = (found: readonly Receipt[] = []): Receipts => {
  const all = new Map(found.map(receipt => [keyOf(receipt), receipt]))
  return {
    find: (step, host) => all.get(keyOf({ step, host })),
    attested: (home, name, identity) =>
      newestAttest(
        [...all.values()].filter(({ rests }) => isOfVolume(rests, identity)),
        home,
        name,
      ),
    restingOn: (changes, step) =>
      [...all.values()].filter(
        receipt => receipt.step !== step && changes.some(({ home, change }) => restsOn(receipt, home, change)),
      ),
    all: () => [...all.values()],
    later: now => laterThan([...all.values()], now),
    put: receipt => {
      all.set(keyOf(receipt), receipt)
    },
    remove: receipt => {
      all.delete(keyOf(receipt))
    },
  }
}

/** What was seen last counts, so the order in which things were seen has to be that of their times. */
const laterThan = (all: readonly Receipt[], now: string): string => {
  const times = all.flatMap(({ at, attests }) => [at, ...attests.map(({ seenAt }) => seenAt ?? at)])
  // A node says what it likes: a time that no clock has is none.
  const known = times.map(time => Date.parse(time)).filter(time => time < Date.UTC(9999, 0))
  const newest = Math.max(Number.NEGATIVE_INFINITY, ...known)
  return newest < Date.parse(now) ? now : new Date(newest + 1).toISOString()
}

const keyOf = ({ step, host }: Pick<Receipt, 'step' | 'host'>): string => `${step}@${host}`

const isOfVolume = (rests: readonly Rest[], identity: readonly Rest[]): boolean =>
  identity.every(seen => rests.some(rest => nameOf(rest) === nameOf(seen) && rest.digest === seen.digest))

const newestAttest = (all: readonly Receipt[], home: string, name: ResourceName) => {
  const attests = all.flatMap(receipt =>
    receipt.attests
      .filter(attest => attest.home === home && nameOf(attest) === nameOf(name))
      .map(({ value, seenAt = receipt.at }) => ({ value, at: seenAt, receipt })),
  )
  // Times of one form; by code units, so that no language has a say in it.
  const newest = attests.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at))).at(-1)
  if (!newest) return undefined
  const { run, host } = newest.receipt
  return { value: newest.value, origin: { type: 'receipt', run, host, at: newest.at } as const }
}

const restsOn = (receipt: Receipt, home: string, change: Change): boolean =>
  receipt.host === home && receipt.rests.some(rest => touches(change, rest))

/** How the receipt of a step is named among the looks of its check. */
export const receiptKind = 'receipt'

/** One file a step. */
export const receiptsBelow = (cluster: string): string => directoryOnNode('receipts', cluster)

const fileOf = ({ cluster, step }: Pick<Receipt, 'cluster' | 'step'>): string =>
  `${receiptsBelow(cluster)}/${step.replace(/[^\w.-]/g, '.')}.json`

/** Whether the receipt of a step lies on a node: what an act that leaves nothing else leaves behind. */
export const actRef = (of: Pick<Receipt, 'cluster' | 'step'>): Ref<'none' | 'done'> => ({
  kind: 'act',
  key: of.step,
  resource: {
    kind: 'act',
    schema: z.enum(['none', 'done']),
    read: $ => $`if [ -f ${fileOf(of)} ]; then echo done; else echo none; fi`,
    parse: ({ stdout }) => (stdout.trim() === 'done' ? 'done' : 'none'),
  },
})

/** A receipt counts only on the node that it names: a copied file system brings strangers' receipts along. */
export const parseReceipt = (value: unknown, host: string): Receipt | undefined => {
  const { data } = schema.safeParse(value)
  if (data?.host !== host) return undefined
  const attests = data.attests.map(({ seenAt, ...attest }) => ({ ...attest, ...(seenAt !== undefined && { seenAt }) }))
  const { result, ...receipt } = data
  return { ...receipt, attests, ...(result !== undefined && { result }) }
}

const named = { kind: z.string(), key: z.string() }
const schema = z.object({
  version: z.literal(1),
  ...noted,
  rests: z.array(z.object({ ...named, digest: z.string() })),
  attests: z.array(z.object({ ...named, home: z.string(), value: json, seenAt: z.string().optional() })),
  result: json.optional(),
})

export const writeReceipt = async (shell: HostShell, receipt: Receipt): Promise<void> => {
  const path = fileOf(receipt)
  const script = `umask 077 && mkdir -p ${quote(receiptsBelow(receipt.cluster))} && cat >${quote(`${path}.new`)} && mv ${quote(`${path}.new`)} ${quote(path)}`
  const { exitCode, stderr } = await shell.run(script, { input: `${canonicalJson(receipt)}\n` })
  if (exitCode === 0) return
  throw new Problem({
    code: 'receipt-not-written',
    summary: `The receipt of ${receipt.step} cannot be written to ${receipt.host}`,
    host: receipt.host,
    seen: stderr.trim(),
    state: 'the step itself is done; without its receipt it counts as due',
    help: `make room or mend ${receiptsBelow(receipt.cluster)} on the node, then run the step again`,
  })
}

export const removeReceipt = async (shell: HostShell, receipt: Receipt): Promise<void> => {
  const { exitCode, stderr } = await shell.run(`rm -f ${quote(fileOf(receipt))}`)
  if (exitCode === 0) return
  throw new Problem({
    code: 'receipt-not-withdrawn',
    summary: `The receipt of ${receipt.step} cannot be taken away from ${receipt.host}`,
    host: receipt.host,
    seen: stderr.trim(),
    state: 'nothing was carried out: a receipt that says too much would outlive it',
    help: `mend ${receiptsBelow(receipt.cluster)} on the node, then run the step again`,
  })
}
