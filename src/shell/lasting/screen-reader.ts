// Reads the screen of a program between its two marks, however it is cut into pieces, and cut where answers were typed.

export type Piece = {
  readonly text: string
  /** How much of the screen is read with this piece, in bytes from its very begin. */
  readonly end: number
}

export type Read = {
  readonly pieces: readonly Piece[]
  /** Exit status of the program, once its last mark has come. */
  readonly exitCode?: number
}

/**
 * @param mark Stands alone on a line before the first word, and with the exit status on a line after the last.
 * @param cuts Bytes at which a piece must end, ascending.
 */
export const createScreenReader = (mark: string, cuts: readonly number[]) => {
  const decoder = new TextDecoder()
  const sign = Buffer.from(mark)
  let position = 0
  let waiting: Buffer = Buffer.alloc(0)
  let hasBegun = false

  const take = (size: number): Piece => {
    const text = decoder.decode(waiting.subarray(0, size), { stream: true })
    skip(size)
    return { text, end: position }
  }
  const skip = (size: number) => {
    waiting = waiting.subarray(size)
    position += size
  }
  /** How much of what waits is surely not the begin of a mark. */
  const clear = (): number => {
    const at = waiting.indexOf(sign)
    if (at >= 0) return at
    for (let size = Math.min(sign.length - 1, waiting.length); size > 0; size--)
      if (waiting.subarray(waiting.length - size).equals(sign.subarray(0, size))) return waiting.length - size
    return waiting.length
  }
  /** The line that a mark begins; nothing where it has not come whole. */
  const markLine = (): string | undefined => {
    const end = waiting.indexOf('\n')
    if (!waiting.subarray(0, sign.length).equals(sign) || end < 0) return undefined
    const line = waiting.subarray(sign.length, end).toString('latin1').trim()
    skip(end + 1)
    return line
  }

  return {
    /** Bytes that were read so far, with those that wait for the rest of a mark. */
    received: () => position + waiting.length,
    read(bytes: Uint8Array): Read {
      waiting = Buffer.concat([waiting, bytes])
      if (!hasBegun) {
        skip(clear())
        if (markLine() === undefined) return { pieces: [] }
        hasBegun = true
      }
      const pieces: Piece[] = []
      for (let size = clear(); size > 0; size = clear()) {
        const cut = cuts.find(at => at > position && at < position + size)
        pieces.push(take(cut === undefined ? size : cut - position))
      }
      const line = markLine()
      return line === undefined ? { pieces } : { pieces, exitCode: Number(line) }
    },
  }
}
