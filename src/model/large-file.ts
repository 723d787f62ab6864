// A file of this machine that is too long to be carried as a value: it goes to a node piece by piece.

/** What tells it from another: its length, the CRC of POSIX' `cksum`, SHA-1 in hex. */
export type Sums = { readonly bytes: number; readonly crc: string; readonly sha1: string }

export class LargeFile {
  readonly #path: string
  readonly #sumUp: () => Sums
  readonly #beside: Promise<Sums | undefined> | undefined
  #sums: Sums | undefined

  /**
   * @param path Absolute.
   * @param sumUp Reads it for its sums, when somebody wants them.
   * @param beside They come from where they are summed up already; nothing, where that failed. Never rejects.
   */
  constructor(path: string, sumUp: () => Sums, beside?: Promise<Sums | undefined>) {
    this.#path = path
    this.#sumUp = sumUp
    this.#beside = beside
  }

  /** Where it lies on this machine. */
  get path(): string {
    return this.#path
  }

  /** Where they are not there yet, everybody stands still until the whole file was read: wait for `summed` before. */
  get sums(): Sums {
    this.#sums ??= this.#sumUp()
    return this.#sums
  }

  /** Resolves when its sums are there. */
  async summed(): Promise<Sums> {
    this.#sums ??= await this.#beside
    return this.sums
  }

  /** Where it lies is no part of it: on another machine the same file lies elsewhere. */
  toJSON(): Sums {
    return this.sums
  }
}
