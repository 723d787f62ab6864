// The port through which everything reaches a node: commands, terminals, uploads. transport/ implements it.
import type { LargeFile } from '../model/large-file.ts'
import type { Secret } from '../model/secret.ts'

/** One answer that was typed: to which prompt, and how much of the screen had been shown by then, in bytes. */
export type Typed = { readonly prompt: string; readonly shown: number }

/** Of a large file the pieces are read when they are sent. */
export type Input = string | Uint8Array | Secret | LargeFile

/** One look of a kind of which one command can make several. */
export type SeveralAsked = {
  readonly kind: string
  readonly key: string
  /** Shell code that makes the looks for these keys. */
  script(keys: readonly string[]): string
  /** What each look alone would have said; nothing where that cannot be told, and it is made alone. Pure. */
  split(result: CommandResult, count: number): readonly (CommandResult | undefined)[] | undefined
}

export type CommandOptions = {
  /** What the command reads on stdin; without it stdin is empty. A secret may only go this way. */
  readonly input?: Input
  /** After this many milliseconds the command is ended on the node and `command-timeout` is thrown. */
  readonly timeoutMs?: number
  /** When it fires the command is ended on the node and `command-interrupted` is thrown. */
  readonly signal?: AbortSignal
  /** It waits for no other command, and none waits for it: for what must be said while a long one goes on. */
  readonly beside?: boolean
  /** It only looks: it need not wait for the answer of what was sent before it, and may be made twice. */
  readonly reads?: boolean
  /** How several looks of this kind are made with one command, where they are asked for at the same time. */
  readonly together?: SeveralAsked
  /**
   * Called where the node carries out one after the other what it is sent, and the command was sent: what is asked
   * from now on is carried out when it has ended. Not every command goes that way.
   */
  onSent?(): void
  /** Hears of an input that goes piece by piece, how many of its bytes were sent. */
  onFed?(at: number, of: number): void
}

/**
 * Longest text, in characters, that goes to the node in the command itself, so that it comes whole or not at all. What is
 * longer, or has a NUL in it, is read beside the command, and may end where the connection does.
 */
export const longestInline = 32 * 1024

export type CommandResult = {
  /** Exit status, 0 to 255; 128 + n when a signal n ended it. */
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export type HostShell = {
  /** Inventory name of the node. */
  readonly host: string
  /**
   * Carries out a POSIX `sh` script and waits for its end.
   *
   * An exit status other than 0 is an answer, not an error.
   *
   * @throws {Problem} `connection-lost` (outcome unknown), `command-timeout`, `command-interrupted`.
   */
  run(script: string, options?: CommandOptions): Promise<CommandResult>
  /** Starts a command on a terminal of its own. */
  terminal(command: string, size?: TerminalSize): Promise<Terminal>
  /** Starts a script that says something for a long time, on a channel of its own; it reads nothing. */
  follow(script: string): Promise<Stream>
  /** Writes a file, through a temporary one beside it. `mode` is octal, such as `0644`. */
  upload(bytes: Uint8Array, path: string, mode: string): Promise<void>
}

export type TerminalSize = { readonly columns: number; readonly rows: number }

export type Stream = {
  /** Calls back with each piece of its stdout, in order; pieces that came before are handed on at once. */
  onOutput(listener: (bytes: Uint8Array) => void): void
  /** Exit status; `null` when the connection was lost, or nobody waited for the end. Never rejects. */
  readonly ended: Promise<number | null>
  /** Listens no more. The script ends when it next says something. */
  stop(): void
}

/** An interactive program on a node. */
export type Terminal = {
  /**
   * Calls back with each piece of output, in order; pieces that came before are handed on at once.
   *
   * `shown` is how much has been shown by then, in bytes: after the same number it is the same screen.
   */
  onOutput(listener: (text: string, shown: number) => void): void
  /** Types text; resolves when it was handed to the node. `about` is noted there where the program outlives us. */
  write(text: string | Secret, about?: Typed): Promise<void>
  /**
   * Whether the terminal itself shows what is typed; nothing where the program sees to that. Not there for a program that
   * ends with its connection.
   *
   * @throws {Problem} Where the node cannot be asked.
   */
  showsTyped?(): Promise<boolean | undefined>
  /** What was typed before we came; not there for a program that ends with its connection. */
  readonly typedBefore?: readonly Typed[]
  /**
   * Ends the program and all that it started, and waits until it is gone.
   *
   * @param over Another shell on the same node, where the connection of this one is lost.
   */
  end(over?: HostShell): Promise<void>
  /** How it ended. `null` when nobody knows: the connection went away first. */
  readonly exited: Promise<number | null>
}
