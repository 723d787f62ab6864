// The ways into a shell on a node: as the user who logged in, or as another one.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Channel, ChannelOptions, Connection } from './channel.ts'
import { startingSh } from './login-line.ts'

/** One way in: a line for the login shell, and what to do until the greeting comes. */
export type Door = {
  /** Whose shell it leads to; undefined for the user who logged in. */
  readonly user?: string
  /** The line that makes the login shell start `sh` on `script`. */
  knock(script: string): string
  /** Carries out that line where it is not simply the login shell's. */
  open?(connection: Connection, line: string, options: ChannelOptions): Promise<Channel>
  /**
   * Looks at all that was said before the greeting.
   *
   * @returns What to type now, if anything.
   * @throws {Problem} when the door stays shut.
   */
  answer(said: string): Secret | undefined
  /** The same, when nothing more has come for a while. */
  answerQuiet?(said: string): Secret | undefined
  /** What to tell when the program ended without a greeting. */
  shut(said: string, exitCode: number | null): Problem
}

/** Straight in, as the user who logged in. */
export const plainDoor = (host: string): Door => ({
  knock: startingSh,
  answer: () => undefined,
  shut: (said, exitCode) =>
    new Problem({
      code: 'no-shell',
      summary: `No shell could be started on ${host}`,
      host,
      seen: lastWords(said, exitCode),
      wanted: "a login shell that can carry out `exec /bin/sh -c '…'`",
      state: 'nothing was done there',
      help: 'log in by hand (`ssh`) and look at the login shell and the login files of the user',
      exit: exitCodes.unreachable,
    }),
})

/** The last line of what was said, or how it ended when nothing was. */
export const lastWords = (said: string, exitCode: number | null): string =>
  said.trim().split('\n').at(-1)?.trim() || `nothing; exit status ${exitCode ?? 'unknown'}`
