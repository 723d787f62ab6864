// One stream of a program, for one listener at a time; what comes before anyone listens is kept.

export class Outlet {
  #listener: ((bytes: Buffer) => void) | undefined
  #early: Buffer[] = []

  push(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (this.#listener) this.#listener(bytes)
    else this.#early.push(bytes)
  }

  /** There is one listener at a time; a new one takes over. */
  listen(listener: (bytes: Buffer) => void): void {
    this.#listener = listener
    for (const bytes of this.#early.splice(0)) listener(bytes)
  }
}
