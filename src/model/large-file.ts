// A file of this machine that is too long to be carried as a value: it goes to a node piece by piece.

/** What tells it from another: its length, the CRC of POSIX' `cksum`, SHA-1 in hex. */
export type Sums = { readonly bytes: number; readonly crc: string; readonly sha1: string }

export class LargeFile {
  readonly sums: Sums
  readonly #path: string

  /** @param path Absolute. */
  constructor(path: string, sums: Sums) {
    this.#path = path
    this.sums = sums
  }

  /** Where it lies on this machine. */
  get path(): string {
    return this.#path
  }

  /** Where it lies is no part of it: on another machine the same file lies elsewhere. */
  toJSON(): Sums {
    return this.sums
  }
}
