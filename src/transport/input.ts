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

/** @throws {Problem} `file-unreadable` */
export const feed = async (program: Program, input: Input, { enough, onFed }: Feeding): Promise<void> => {
  if (input instanceof LargeFile) await feedPieces(program, input, { enough, onFed })
  else await program.write(input instanceof Uint8Array ? input : toText(input))
  program.endInput()
}

const feedPieces = async (program: Program, file: LargeFile, { enough, onFed }: Feeding): Promise<void> => {
  let sent = 0
  try {
    for await (const piece of file.pieces()) {
      if (enough.aborted) return
      await program.write(piece)
      sent += piece.length
      onFed?.(sent, file.sums.bytes)
    }
  } catch (error) {
    throw fileUnreadable(file, error as Error)
  }
}
