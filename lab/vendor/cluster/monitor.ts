// Resource monitoring: a script that is carried out again and again where the resource runs, and what follows when it fails.
import type { Monitoring } from './resource.ts'

/**
 * What is done about a failure. A failure within what is tolerated has the resource unloaded and loaded where it is.
 *
 * @source OES 11, Cluster Services administration, 10.7: enabling monitoring
 */
export type Consequence = 'load-anew' | Monitoring['action']

export type MonitorOptions = {
  /** Carries the script out; nothing where the node died meanwhile. */
  readonly look: () => Promise<boolean | undefined>
  readonly failed: (consequence: Consequence) => void
}

export class Monitor {
  readonly #options: MonitorOptions
  #timer: NodeJS.Timeout | undefined
  /** Moments of the failures, in milliseconds. */
  #failures: readonly number[] = []

  constructor(options: MonitorOptions) {
    this.#options = options
  }

  /** From now on, until it is stopped or has seen a failure. What it has seen before still counts. */
  watch(settings: Monitoring): void {
    this.stop()
    const timer = setTimeout(() => void this.#look(settings, timer), settings.everySeconds * 1000)
    timer.unref()
    this.#timer = timer
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #look(settings: Monitoring, timer: NodeJS.Timeout): Promise<void> {
    const isWell = await this.#options.look()
    // Somebody has moved the resource while the script ran, or its node is gone.
    if (this.#timer !== timer || isWell === undefined) return
    if (isWell) return this.watch(settings)
    this.stop()
    this.#options.failed(this.#count(settings))
  }

  #count({ withinSeconds, tolerated, action }: Monitoring): Consequence {
    const now = Date.now()
    this.#failures = [...this.#failures.filter(at => now - at < withinSeconds * 1000), now]
    if (this.#failures.length <= tolerated) return 'load-anew'
    this.#failures = []
    return action
  }
}
