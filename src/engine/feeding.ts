// A file that is sent piece by piece is counted while it is sent, and how fast it goes says how long it will.
import { LargeFile } from '../model/large-file.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { formatBytes } from '../text/bytes.ts'
import type { CheckOptions } from './check.ts'

/** One that is sent sooner needs no word; more often nobody reads it. */
const everyMs = 2000

/** The same shell, which tells of what it sends. */
export const feeding = (shell: HostShell, { step, host, context }: CheckOptions): HostShell => ({
  ...shell,
  run(script, options = {}) {
    if (!(options.input instanceof LargeFile)) return shell.run(script, options)
    const began = context.now()
    let told = began
    return shell.run(script, {
      ...options,
      onFed(at, of) {
        options.onFed?.(at, of)
        if (at >= of || context.now() - told < everyMs) return
        told = context.now()
        const ms = Math.round(((told - began) * (of - at)) / at)
        const text = `sent ${formatBytes(at, of)} of ${formatBytes(of, of)}`
        const count = { at, of, unit: 'bytes' } as const
        const outlook = [{ type: 'at-this-pace', ms }] as const
        try {
          context.emit({ type: 'step-progressed', step: step.id, host, text, count, outlook })
        } catch {
          // A journal that cannot be written stops the run where the step has to tell its end.
        }
      },
    })
  },
})
