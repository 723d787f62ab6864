// What a reviewer has to know of how nodes and directories are reached: old algorithms, as somebody asked for them.
import type { Risk } from '../model/risk.ts'
import type { Outline } from '../plan/outline.ts'
import { riskyAlgorithms } from '../transport/algorithms.ts'
import type { ReachableTarget } from './connections.ts'
import type { TargetOf } from './targets.ts'

type Reached = {
  readonly outline: Outline
  readonly targetOf: TargetOf
  /** Those of the directories, a sentence each. */
  readonly risks: readonly string[]
}

export const risksOnTheWay = ({ outline, targetOf, risks }: Reached): readonly Risk[] => [
  ...[...new Set([...outline.order, ...outline.plays.flatMap(({ hosts }) => hosts)])].flatMap(host =>
    sshRisks(targetOf(host)).map(text => ({ host, text })),
  ),
  ...risks.map(text => ({ text })),
]

/** A host that is gone through can listen, and change what it hands on, as well as the last one. */
const sshRisks = ({ jumps = [], ...target }: ReachableTarget): readonly string[] =>
  [target, ...jumps].flatMap((each, index) => {
    const risky = riskyAlgorithms(each)
    const whom = index === 0 ? 'reached' : `reached through ${each.host},`
    return risky.length === 0 ? [] : [`${whom} with SSH algorithms that are not safe any more: ${risky.join(', ')}`]
  })
