// A fault that is there only because of another one is not told beside it: who mends the one has mended both.
import type { Problem } from '../model/problem.ts'

/** Those that rest on nothing that another one is about. */
export const withoutEchoes = (problems: readonly Problem[]): readonly Problem[] => {
  const wrong = new Set(problems.map(({ fields }) => fields.about))
  return problems.filter(({ fields: { restsOn = [] } }) => !restsOn.some(topic => wrong.has(topic)))
}
