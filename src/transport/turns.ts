// Whose turn it is at one shell: what only looks goes side by side, all else has the shell for itself; first come, first served.

export class Turns {
  /** The last that had the shell for itself. */
  #alone: Promise<unknown> = Promise.resolve()
  /** All that only look and came after it. */
  #beside: Promise<unknown> = Promise.resolve()

  /** Begins when all before it has ended; what comes after it waits for its end. */
  alone<T>(errand: () => Promise<T>): Promise<T> {
    const mine = Promise.all([this.#alone, this.#beside]).then(errand)
    this.#alone = quiet(mine)
    this.#beside = Promise.resolve()
    return mine
  }

  /** Waits only for what has the shell for itself. */
  beside<T>(errand: () => Promise<T>): Promise<T> {
    const mine = this.#alone.then(errand)
    this.#beside = Promise.all([this.#beside, quiet(mine)])
    return mine
  }

  /** Resolves when nothing is under way any more. */
  async rest(): Promise<void> {
    await Promise.all([this.#alone, this.#beside])
  }
}

const quiet = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => {})
