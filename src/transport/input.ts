// What a command reads: as a text in its own line, or in pieces through a channel of its own.
import { isUtf8 } from 'node:buffer'
import { LargeFile } from '../model/large-file.ts'
import { reveal, Secret } from '../model/secret.ts'
import { type CommandOptions, type Input, longestInline } from '../shell/host-shell.ts'
import type { Program } from './program.ts'
import { fileUnreadable } from './shell-problems.ts'

/** The input as a text that a command line can carry; undefined when it has to go another way. */
export const inlineText = (input: Input | undefined): string | undefined => {
  if (input === undefined || input instanceof LargeFile) return undefined
  if (input instanceof Uint8Array && !isUtf8(input)) return undefined
  const text = input instanceof Uint8Array ? Buffer.from(input).toString('utf8') : toText(input)
  return text.length > longestInline || text.includes('\0') ? undefined : text
}

const toText = (input: string | Secret): string => (input instanceof Secret ? reveal(input) : input)

type Feeding = { readonly enough: AbortSignal; readonly onFed: CommandOptions['onFed'] }

/** What is on its way to a program that is not there yet. */
export type Supply = {
  /** @throws {Problem} `file-unreadable` */
  feed(program: Program, feeding: Feeding): Promise<void>
  /** Nobody takes it. */
  giveUp(): void
}

/** A file is read from here on: what comes first is there when the program is. */
export const supplyOf = (input: Input): Supply => (input instanceof LargeFile ? piecesOf(input) : wholeOf(input))

const wholeOf = (input: string | Uint8Array | Secret): Supply => ({
  async feed(program) {
    await program.write(input instanceof Uint8Array ? input : toText(input))
    program.endInput()
  },
  giveUp() {},
})

const piecesOf = (file: LargeFile): Supply => {
  const pieces = file.pieces()
  const first = pieces.next()
  // Whoever feeds it hears of it.
  first.catch(() => {})
  const giveUp = () => void pieces.return(undefined).catch(() => {})
  return {
    async feed(program, { enough, onFed }) {
      let sent = 0
      try {
        for (let next = await first; !next.done && !enough.aborted; next = await pieces.next()) {
          await program.write(next.value)
          sent += next.value.length
          onFed?.(sent, file.sums.bytes)
        }
      } catch (error) {
        throw fileUnreadable(file, error as Error)
      } finally {
        giveUp()
      }
      program.endInput()
    },
    giveUp,
  }
}
