// An interactive program on a terminal of its own, on a node.
import { reveal, Secret } from '../model/secret.ts'
import { endingScript, type Whom } from '../shell/end-processes.ts'
import type { HostShell, Terminal, TerminalSize } from '../shell/host-shell.ts'
import { plainly, wideTerminal } from '../shell/plain-terminal.ts'
import { quoteWord } from '../shell/quote.ts'
import type { Connection } from './channel.ts'
import type { Door } from './door.ts'
import { openProgram } from './program.ts'

export type TerminalFields = {
  readonly command: string
  readonly size?: TerminalSize
  readonly door: Door
  /** Ends processes on the node, over another channel. */
  readonly end: (whom: Whom) => Promise<void>
}

const endOver = async (shell: HostShell, whom: Whom): Promise<void> => {
  const { exitCode } = await shell.run(endingScript(whom))
  if (exitCode !== 0) throw new Error(`process ${whom.below} on ${shell.host} does not end`)
}

/** Starts a command on a terminal. Its output begins with its own first word: what login files say is cut off. */
export const openTerminal = async (connection: Connection, fields: TerminalFields): Promise<Terminal> => {
  const { command, size = wideTerminal, door, end } = fields
  // Some servers open a terminal without a size.
  const resize = `stty cols ${size.columns} rows ${size.rows} 2>/dev/null`
  const script = `${plainly}; ${resize}; eval ${quoteWord(command)}`
  const program = await openProgram(connection, { script, door, pty: size })
  const decoder = new TextDecoder()
  let shown = 0
  return {
    onOutput: listener =>
      program.stdout.listen(bytes => {
        shown += bytes.length
        listener(decoder.decode(bytes, { stream: true }), shown)
      }),
    write: text => program.write(text instanceof Secret ? reveal(text) : text),
    exited: program.closed,
    async end(over) {
      const whom = { below: program.pid, withSession: true }
      if (over) await endOver(over, whom)
      else await end(whom)
      program.destroy()
      await program.closed
    },
  }
}
