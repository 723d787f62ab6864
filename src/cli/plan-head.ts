// What a plan is, in a few lines above what is done with it.

import { isWait } from '../model/counts.ts'
import type { PlanFile } from '../model/plan-file.ts'
import { plannedWork } from '../plan/plan-file.ts'

/** Lines without line breaks. */
export const planHead = ({ digest, body, created, validUntil, tool }: PlanFile): readonly string[] => {
  const { playbook, cluster, order, inventory, lab, steps } = body
  const work = new Set(plannedWork(body))
  const open = steps.filter(step => step.outcome === 'unknown' && !isWait(step)).length
  const final = steps.filter(({ undoable, outcome }) => !undoable && outcome === 'would-change').length
  const counts = [
    `${work.size} of ${steps.length} steps would change something`,
    ...(open > 0 ? [`${open} of them cannot be told yet`] : []),
    ...(final > 0 ? [`${final} cannot be undone (▲)`] : []),
  ]
  return [
    `Plan ${digest.slice(0, 8)}  ${playbook}  cluster ${cluster}  order ${order.join(' → ')}  ${inventory}${lab ? ' (lab)' : ''}`,
    `  ${counts.join(' · ')}`,
    `  made ${created} by run ${tool} · valid until ${validUntil}`,
  ]
}
