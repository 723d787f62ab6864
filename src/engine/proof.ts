// Whether an act was done and still counts: its receipt, held against what it rests on now.

import { nameOf } from '../model/change.ts'
import type { Json } from '../model/json.ts'
import type { Receipt, Rest } from '../model/receipt.ts'
import type { Proof, Standing } from '../task/world.ts'
import { digest } from '../text/canonical.ts'
import { type HeldThing, restsOf } from './hold/held-thing.ts'
import { type RecordedWorld, Undecided } from './world.ts'

export type RecordedProof = Proof & {
  /** What a receipt of this check would say; `undefined` when the check never asked for proof. */
  readonly asked: { readonly settings: string; readonly rests: readonly Rest[] } | undefined
  /** The receipt that the answer rests on, when it stands. */
  readonly used: Receipt | undefined
  /** Receipts of other steps that it was told from. */
  readonly heard: readonly Receipt[]
}

export type ProofOptions = {
  readonly world: RecordedWorld
  readonly receipt: Receipt | undefined
  /** Receipts of other steps on the same node. */
  readonly receiptOf: (step: string) => Receipt | undefined
  /** In a dry run, the step that would be carried out before this one: what it finds nobody knows yet. */
  readonly promisedBy: (step: string) => string | undefined
  /** The holds around the step: a receipt of another volume is none. */
  readonly holds: readonly HeldThing[]
  /** True in the check after `apply`: what was just done stands by itself. */
  readonly justDone: boolean
}

export const createProof = ({
  world,
  receipt,
  receiptOf,
  promisedBy,
  holds,
  justDone,
}: ProofOptions): RecordedProof => {
  const rests: Rest[] = [...restsOf(holds)]
  const hidden = holds.flatMap(({ identity }) => (identity.type === 'hidden' ? [identity.name] : []))
  let asked: RecordedProof['asked']
  let used: Receipt | undefined
  const heard: Receipt[] = []

  const stands = (settings: Json | undefined): Standing => {
    asked = { settings: settings === undefined ? '' : digest(settings), rests }
    if (justDone) return { stands: true, because: 'done now' }
    if (!receipt) return { stands: false, because: 'no receipt says that it was done' }
    if (receipt.settings !== asked.settings)
      return { stands: false, because: 'its settings are others than when it was done' }
    const moved = findMoved(receipt.rests, rests, hidden)
    if (moved) return { stands: false, because: `${moved} is not what it was when it was done` }
    used = receipt
    const because = `done by run ${receipt.run} at ${receipt.at}, and what it rests on is unchanged`
    return { stands: true, because, ...(receipt.result !== undefined && { result: receipt.result }) }
  }

  return {
    async rest(ref) {
      const seen = await world.lookIfKnown(ref)
      rests.push({ kind: ref.kind, key: ref.key, digest: seen.known ? digest(seen.value) : '' })
      return seen.known ? seen.value : undefined
    },
    stands: async settings => stands(settings),
    async resultOf(step) {
      const by = promisedBy(step)
      if (by !== undefined) throw new Undecided(`what it will find is known once ${by} is done`)
      const found = receiptOf(step)
      if (found) heard.push(found)
      return found?.result
    },
    heard,
    get asked() {
      return asked
    },
    get used() {
      return used
    },
  }
}

/** Name of the first thing that is not as it was, or that only one side knows. */
const findMoved = (then: readonly Rest[], now: readonly Rest[], hidden: readonly string[]): string | undefined => {
  const before = new Map(then.map(rest => [nameOf(rest), rest.digest]))
  const after = new Map(now.map(rest => [nameOf(rest), rest.digest]))
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(name => !hidden.includes(name))
  return names.find(name => before.get(name) !== after.get(name))
}
