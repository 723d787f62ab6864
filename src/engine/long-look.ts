// A look that takes long is told: whoever reads lines sees nothing turn, and a node that hangs says nothing itself.
import type { CheckOptions } from './check.ts'
import { sayBeside } from './outlook.ts'

/** Seldom: each time is a line. */
const firstMs = 30_000
const everyMs = 300_000

/** @throws What the look throws. */
export const tellingLongLook = async <Value>(
  { step, host, context }: Pick<CheckOptions, 'step' | 'host' | 'context'>,
  look: () => Promise<Value>,
): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined
  const tellIn = (ms: number) => {
    timer = setTimeout(() => {
      sayBeside(context, { type: 'step-progressed', step: step.id, host, text: 'no answer to its look yet' })
      tellIn(everyMs)
    }, ms).unref()
  }
  tellIn(firstMs)
  try {
    return await look()
  } finally {
    clearTimeout(timer)
  }
}
