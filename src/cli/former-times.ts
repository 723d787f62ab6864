// How long steps took in earlier runs of the same playbook on the same cluster, as their journals say.

import type { Formerly } from '../engine/outlook.ts'
import { listRuns, readableJournal } from '../journal/index.ts'
import { addressOf } from '../model/address.ts'

export type Asked = { readonly run: string; readonly playbook: string; readonly cluster: string }

/** Further back others things were different. */
const newest = 3

/**
 * The newest run counts in which a step was carried out on its node to a good end. Journals are read when somebody asks;
 * one that cannot be read tells nothing.
 *
 * @param dir Where runs are kept.
 */
export const formerTimes = (dir: string, asked: Asked): Formerly => {
  let known: ReadonlyMap<string, { readonly ms: number; readonly where: string }> | undefined
  return step => {
    known ??= readTimes(dir, asked)
    return known.get(addressOf(step))
  }
}

const readTimes = (dir: string, { run: own, playbook, cluster }: Asked) => {
  const runs = listRuns(dir)
    .filter(each => each.run !== own && each.mode === 'run' && each.undoes === undefined)
    .filter(each => each.playbook === playbook && each.cluster === cluster)
    .slice(0, newest)
  const times = runs.toReversed().flatMap(({ run }) =>
    readableJournal(dir, run).flatMap(event => {
      if (event.type !== 'step-ended' || event.outcome !== 'changed') return []
      return [[addressOf(event), { ms: event.ms, where: `in run ${run}` }] as const]
    }),
  )
  return new Map(times)
}
