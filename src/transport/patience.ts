// A longest wait for a server, which stands still while a person is asked: people take their time.

export type Patience = {
  /** Resolves when the time is up. */
  readonly over: Promise<void>
  /** From here on the time counts. */
  start(): void
  /** Carries out what may take as long as it takes. */
  unhurried<T>(errand: () => Promise<T>): Promise<T>
  stop(): void
}

export const patience = (ms: number): Patience => {
  let left = ms
  let since = 0
  let errands = 0
  let timer: NodeJS.Timeout | undefined
  let end = () => {}
  const over = new Promise<void>(resolve => {
    end = resolve
  })
  const go = () => {
    since = performance.now()
    timer = setTimeout(end, Math.max(0, left))
  }
  const hold = () => {
    left -= performance.now() - since
    clearTimeout(timer)
  }
  let isRunning = false
  return {
    over,
    start() {
      isRunning = true
      go()
    },
    stop() {
      isRunning = false
      clearTimeout(timer)
    },
    async unhurried(errand) {
      if (errands === 0 && isRunning) hold()
      errands += 1
      try {
        return await errand()
      } finally {
        errands -= 1
        if (errands === 0 && isRunning) go()
      }
    },
  }
}
