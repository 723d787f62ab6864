// After `apply`, what is seen must be what was promised: a step that says "same" to something else has failed too.
import { type Change, isKnown, nameOf } from '../model/change.ts'
import type { Look } from '../model/look.ts'
import { Problem } from '../model/problem.ts'
import { canonicalJson } from '../text/canonical.ts'

/** @throws {Problem} `prediction-broken`, with both sides of the first thing that came out otherwise. */
export const assertKept = (changes: readonly Change[], looks: readonly Look[]): void => {
  for (const change of changes) {
    const seen = looks.findLast(look => nameOf(look) === nameOf(change))
    if (!seen || !isKnown(change.after) || canonicalJson(seen.value) === canonicalJson(change.after)) continue
    throw new Problem({
      code: 'prediction-broken',
      summary: `${nameOf(change)} came out otherwise than was promised`,
      seen: canonicalJson(seen.value),
      wanted: canonicalJson(change.after),
      state: 'the change was made',
      help: 'run it again with -v: if nothing else changes it at the same time, the commands show where the task does not do what it says',
    })
  }
}
