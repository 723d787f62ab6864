// Keeps an answer from counting that came while something was ended in its shell: what was ended may have been its own.
//
// What is ended is found by its parent, and that is the shell: a look that waits behind the one that is meant begins as
// soon as that one is gone, and may be taken for it. Cut short, it could say that nothing is there.
export class Endings {
  #count = 0
  readonly #open = new Set<Promise<unknown>>()

  /** Notes one for as long as it lasts. */
  async during<T>(ending: Promise<T>): Promise<T> {
    this.#count += 1
    this.#open.add(ending)
    try {
      return await ending
    } finally {
      this.#open.delete(ending)
    }
  }

  /**
   * @param look Is made once more where one was under way beside it.
   * @param isTaken Whether it failed because its shell was taken away.
   */
  async undisturbed<T>(look: () => Promise<T>, isTaken: (error: unknown) => boolean): Promise<T> {
    for (;;) {
      const [isCalm, before] = [this.#open.size === 0, this.#count]
      const wasDisturbed = () => !isCalm || before !== this.#count
      try {
        const answer = await look()
        if (!wasDisturbed()) return answer
      } catch (error) {
        if (!wasDisturbed() || !isTaken(error)) throw error
      }
      await Promise.allSettled(this.#open)
    }
  }
}
