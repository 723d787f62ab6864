// A step that only waits: nothing changes by it, so nothing is marked on the node and no receipt is written.
import { applyStep } from './apply.ts'
import type { CheckOptions } from './check.ts'
import { assertNotFailed, letPass } from './judge.ts'
import type { Differs } from './make.ts'
import type { StepEnd } from './step-end.ts'

/** What happens meanwhile others do: what was seen before counts no more. A dry run waits for nothing. */
export const waitFor = async (options: CheckOptions, { because }: Differs): Promise<StepEnd> => {
  const { context, step, host } = options
  if (context.mode === 'dry-run') return { outcome: 'unknown', because, changes: [] }
  context.emit({ type: 'step-intended', step: step.id, host, changes: [] })
  const result = await applyStep(options, [])
    .catch(error => {
      const passed = letPass(error, options)
      if (passed) return passed.result
      throw error
    })
    .finally(() => context.ahead.changedAll())
  assertNotFailed(result, options)
  return { outcome: 'same', because, evidence: 'exact', changes: [], ...(result !== undefined && { result }) }
}
