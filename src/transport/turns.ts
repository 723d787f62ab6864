// Whose turn it is at one shell: what only looks goes side by side, all else has the shell for itself; first come, first served.
// A look may be sent behind what has been sent: the shell comes to it when all before it has ended.

export class Turns {
  /** The last that had the shell for itself. */
  #alone: Promise<unknown> = Promise.resolve()
  /** From when on looks may follow it. */
  #sent: Promise<unknown> = Promise.resolve()
  /** All that only look and came after it. */
  #beside: Promise<unknown> = Promise.resolve()

  /**
   * Begins when all before it has ended; what comes after it waits for its end.
   *
   * @param errand Calls back when it stands in the shell, where it does: looks need not wait any longer then.
   */
  alone<T>(errand: (onSent: () => void) => Promise<T>): Promise<T> {
    let onSent = () => {}
    const sent = new Promise<void>(resolve => {
      onSent = resolve
    })
    const mine = Promise.all([this.#alone, this.#beside]).then(() => errand(onSent))
    this.#alone = quiet(mine)
    this.#sent = Promise.race([sent, this.#alone])
    this.#beside = Promise.resolve()
    return mine
  }

  /** Waits only until what has the shell for itself stands in it. */
  beside<T>(errand: () => Promise<T>): Promise<T> {
    const mine = this.#sent.then(errand)
    this.#beside = Promise.all([this.#beside, quiet(mine)])
    return mine
  }

  /** Resolves when nothing is under way any more. */
  async rest(): Promise<void> {
    await Promise.all([this.#alone, this.#beside])
  }
}

const quiet = (promise: Promise<unknown>): Promise<unknown> => promise.catch(() => {})
