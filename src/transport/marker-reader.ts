// Finds a marker line in a stream of bytes, however the stream is cut into pieces, in linear time.

export type MarkerFound = {
  /** Everything before the marker. */
  readonly before: Buffer
  /** What stands behind the marker on its line, trimmed. */
  readonly said: string
  /** What followed the line. */
  readonly after: Buffer
}

/** No line of ours is longer; a marker without an end of its line is somebody's who has read it. */
const longestLine = 256

const none = Buffer.alloc(0)

/**
 * Takes pieces until the line `MARKER …\n` has come, with what belongs behind the marker.
 *
 * A shell that shows what it is told (`set -v`, an echo) shows the marker too, and behind it the rest of the command:
 * such a line is passed over.
 */
export class MarkerReader {
  readonly #marker: Buffer
  readonly #said: RegExp
  readonly #pieces: Buffer[] = []
  #size = 0
  /** The end of what came: too short to hold the marker, or starting with it. */
  #window: Buffer = none
  #isFound = false

  /** @param said What may stand behind the marker, trimmed. */
  constructor(marker: string, said: RegExp) {
    this.#marker = Buffer.from(marker)
    this.#said = said
  }

  /** How many bytes came so far. */
  get size(): number {
    return this.#size
  }

  /** What came so far, as text. */
  get text(): string {
    return this.#whole().toString('utf8')
  }

  feed(piece: Buffer): MarkerFound | undefined {
    this.#pieces.push(piece)
    this.#size += piece.length
    this.#window = this.#window.length === 0 ? piece : Buffer.concat([this.#window, piece])
    for (;;) {
      if (!this.#isFound) this.#look()
      if (!this.#isFound) return undefined
      const end = this.#window.subarray(0, longestLine).indexOf('\n')
      if (end < 0 && this.#window.length < longestLine) return undefined
      const said = end < 0 ? '' : this.#window.toString('latin1', this.#marker.length, end).trim()
      if (end >= 0 && this.#said.test(said)) return this.#found(said, end)
      this.#window = this.#window.subarray(this.#marker.length)
      this.#isFound = false
    }
  }

  /** Most often all of it comes in one piece. */
  #whole(): Buffer {
    const [first = none, ...others] = this.#pieces
    return others.length === 0 ? first : Buffer.concat(this.#pieces)
  }

  #look(): void {
    const at = this.#window.indexOf(this.#marker)
    this.#isFound = at >= 0
    this.#window = this.#window.subarray(
      this.#isFound ? at : Math.max(0, this.#window.length - this.#marker.length + 1),
    )
  }

  #found(said: string, end: number): MarkerFound {
    return {
      before: this.#whole().subarray(0, this.#size - this.#window.length),
      said,
      after: this.#window.subarray(end + 1),
    }
  }
}
