// A file of this machine that is too long to be carried as a value: it goes to a node piece by piece.

/** What tells it from another: its length, and the CRC of POSIX' `cksum`. */
export type Sums = { readonly bytes: number; readonly crc: string }

/** Ways to read it for what it is known by. */
export type Reading = {
  /** Everybody stands still meanwhile. */
  sumsAtOnce(): Sums
  /** Others are served between two pieces. */
  sums(): Promise<Sums>
  /** The same; it gives way before each piece. @returns In hex. */
  digest(by: Digest, giveWay?: GiveWay): Promise<string>
  /** The same. Each is good until the next one is asked for. */
  pieces(): AsyncIterable<Uint8Array>
}

export type Digest = 'sha1' | 'sha256'

/** Resolves when nobody has to wait for what goes on then. */
export type GiveWay = () => Promise<unknown> | undefined

export class LargeFile {
  readonly #path: string
  readonly #reading: Reading
  #sums: Sums | undefined
  #summed: Promise<Sums> | undefined
  readonly #digests = new Map<Digest, Promise<string>>()
  #senders = 0
  #waiting: (() => void)[] = []

  /** @param path Absolute. */
  constructor(path: string, reading: Reading) {
    this.#path = path
    this.#reading = reading
  }

  /** Where it lies on this machine. */
  get path(): string {
    return this.#path
  }

  /** Where they are not there yet, everybody stands still until the whole file was read: wait for `summed` before. */
  get sums(): Sums {
    this.#sums ??= this.#reading.sumsAtOnce()
    return this.#sums
  }

  /** Resolves when its sums are there; it is read for them once. */
  async summed(): Promise<Sums> {
    if (this.#sums) return this.#sums
    this.#summed ??= this.#reading.sums()
    this.#sums = await this.#summed
    return this.#sums
  }

  /** In hex. It is read for it once, and where somebody asks. */
  digest(by: Digest, giveWay?: GiveWay): Promise<string> {
    const taken = this.#digests.get(by) ?? this.#reading.digest(by, giveWay)
    this.#digests.set(by, taken)
    return taken
  }

  /** All of it, for who sends it, one after the other; each is good until the next one is asked for. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    this.#senders += 1
    try {
      yield* this.#reading.pieces()
    } finally {
      this.#senders -= 1
      if (this.#senders === 0) for (const goOn of this.#waiting.splice(0)) goOn()
    }
  }

  /** Resolves when nobody sends it any more; nothing where nobody does. */
  sent(): Promise<void> | undefined {
    return this.#senders === 0 ? undefined : new Promise(resolve => this.#waiting.push(resolve))
  }

  /** Where it lies is no part of it: on another machine the same file lies elsewhere. */
  toJSON(): Sums {
    return this.sums
  }
}
