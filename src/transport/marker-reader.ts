// Finds a marker line in a stream of bytes, however the stream is cut into pieces, in linear time.

export type MarkerFound = {
  /** Everything before the marker. */
  readonly before: Buffer
  /** What stands behind the marker on its line, trimmed. */
  readonly said: string
  /** What followed the line. */
  readonly after: Buffer
}

/** Takes pieces until the line `MARKER …\n` has come. */
export class MarkerReader {
  readonly #marker: Buffer
  readonly #pieces: Buffer[] = []
  #size = 0
  /** The end of what came: too short to hold the marker, or starting with it. */
  #window: Buffer = Buffer.alloc(0)
  #isFound = false

  constructor(marker: string) {
    this.#marker = Buffer.from(marker)
  }

  /** How many bytes came so far. */
  get size(): number {
    return this.#size
  }

  /** What came so far, as text. */
  get text(): string {
    return Buffer.concat(this.#pieces).toString('utf8')
  }

  feed(piece: Buffer): MarkerFound | undefined {
    this.#pieces.push(piece)
    this.#size += piece.length
    this.#window = Buffer.concat([this.#window, piece])
    if (!this.#isFound) this.#look()
    return this.#isFound ? this.#readLine() : undefined
  }

  #look(): void {
    const at = this.#window.indexOf(this.#marker)
    this.#isFound = at >= 0
    this.#window = this.#window.subarray(
      this.#isFound ? at : Math.max(0, this.#window.length - this.#marker.length + 1),
    )
  }

  #readLine(): MarkerFound | undefined {
    const end = this.#window.indexOf('\n')
    if (end < 0) return undefined
    return {
      before: Buffer.concat(this.#pieces).subarray(0, this.#size - this.#window.length),
      said: this.#window.toString('latin1', this.#marker.length, end).trim(),
      after: this.#window.subarray(end + 1),
    }
  }
}
