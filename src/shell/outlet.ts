// What comes in pieces, for one listener at a time; what comes before anyone listens is kept.

export class Outlet<Piece = Buffer> {
  #listener: ((piece: Piece) => void) | undefined
  #early: Piece[] = []

  push(piece: Piece): void {
    if (this.#listener) this.#listener(piece)
    else this.#early.push(piece)
  }

  /** There is one listener at a time; a new one takes over. */
  listen(listener: (piece: Piece) => void): void {
    this.#listener = listener
    for (const piece of this.#early.splice(0)) listener(piece)
  }
}
