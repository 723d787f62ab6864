// The port below a shell: one program on a node, with its streams, whatever carries them.
import type { Problem } from '../model/problem.ts'
import type { TerminalSize } from '../shell/host-shell.ts'

/** One program on a node, as the connection shows it. */
export type Channel = {
  /** Calls back with each piece of output, in order; call it before anything else is awaited. */
  onStdout(listener: (bytes: Buffer) => void): void
  onStderr(listener: (bytes: Buffer) => void): void
  /** Resolves when the bytes were handed to the connection. What is `followed` may wait for what comes right behind it. */
  write(bytes: string | Uint8Array, how?: { readonly isFollowed?: boolean }): Promise<void>
  /** Tells the program that no more input comes. */
  endInput(): void
  /** Exit status, 128 + n for signal n; `null` when the end came without one. Never rejects. */
  readonly closed: Promise<number | null>
  /** Lets go of it at once. The program may live on. */
  destroy(): void
}

export type ChannelOptions = { readonly pty?: TerminalSize }

/** What shells and terminals need of a connection. */
export type Connection = {
  /** Inventory name of the node. */
  readonly host: string
  /**
   * Has the login shell of the user carry out one line.
   *
   * @throws {Problem} `connection-lost`, `channel-refused`.
   */
  open(line: string, options?: ChannelOptions): Promise<Channel>
  /** Why nothing can be asked any more; undefined while the connection stands. */
  lost(): Problem | undefined
}
