// A step that only waits: nothing changes by it, so nothing is marked on the node and no receipt is written.
import type { Json } from '../model/json.ts'
import { applyStep } from './apply.ts'
import type { CheckOptions } from './check.ts'
import { assertNotFailed, letPass } from './judge.ts'
import type { Differs } from './make.ts'
import { Declined, type StepEnd } from './step-end.ts'

/** What happens meanwhile others do: what was seen before counts no more. A dry run waits for nothing. */
export const waitFor = async (options: CheckOptions, { because }: Differs): Promise<StepEnd> => {
  const { context, step, host } = options
  if (context.mode === 'dry-run') return { outcome: 'unknown', because, changes: [] }
  context.emit({ type: 'step-intended', step: step.id, host, changes: [] })
  const result = await untilStopped(options)
    .catch(error => {
      const passed = letPass(error, options)
      if (passed) return passed.result
      throw error
    })
    .finally(() => context.ahead.changedAll())
  assertNotFailed(result, options)
  return { outcome: 'same', because, evidence: 'exact', changes: [], ...(result !== undefined && { result }) }
}

const askAgainMs = 50

/**
 * A step that changes something is finished when the run is interrupted; nothing is half done by a wait that is not.
 *
 * @throws {Declined} where the run was interrupted meanwhile.
 */
const untilStopped = async (options: CheckOptions): Promise<Json | undefined> => {
  const stop = new AbortController()
  const watch = setInterval(() => {
    if (options.context.isStopping()) stop.abort()
  }, askAgainMs)
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(new Declined(interrupted)), { once: true })
  })
  const waiting = applyStep(options, [], { stopping: stop.signal })
  try {
    return await Promise.race([stopped, waiting])
  } finally {
    clearInterval(watch)
    // Whichever comes second has nobody who listens.
    for (const late of [stopped, waiting]) late.catch(() => {})
  }
}

const interrupted: StepEnd = {
  outcome: 'not-reached',
  because: 'the run was interrupted; it was not waited to the end',
  changes: [],
}
