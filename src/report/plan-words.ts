// What the kinds of evidence mean, for whoever signs a plan: only those that occur in it.
import { type Evidence, evidences } from '../model/answer.ts'
import type { PlanDocument } from './plan.ts'

export const meanings: Readonly<Record<Evidence, string>> = {
  exact: 'all that the answer rests on was seen on the nodes.',
  predicted: 'the answer rests on what an earlier step will have changed, or on a place that cannot be seen yet.',
  attested: 'the answer rests on a receipt of an earlier run whose fingerprint still fits.',
  opaque: 'a foreign program decides; only its guard and its declared effects are known.',
}

export const evidenceWords = ({ hosts }: PlanDocument): string => {
  const found = new Set(hosts.flatMap(({ steps }) => steps.map(({ evidence }) => evidence)))
  return evidences
    .filter(evidence => found.has(evidence))
    .map(evidence => `- **${evidence}**: ${meanings[evidence]}`)
    .join('\n')
}
