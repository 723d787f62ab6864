// Starts `sh` on a script, and cuts off what login files and sudo say before it.
import { randomBytes } from 'node:crypto'
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, type Secret } from '../model/secret.ts'
import type { TerminalSize } from '../shell/host-shell.ts'
import { Outlet } from '../shell/outlet.ts'
import type { Channel, Connection } from './channel.ts'
import type { Door } from './door.ts'
import { type MarkerFound, MarkerReader } from './marker-reader.ts'

/** A running `sh` whose streams begin with what the script itself says. */
export type Program = Pick<Channel, 'write' | 'endInput' | 'closed' | 'destroy'> & {
  /** Process id on the node. */
  readonly pid: number
  readonly stdout: Outlet
  readonly stderr: Outlet
}

export type ProgramOptions = {
  readonly script: string
  readonly door: Door
  /** With a terminal, stderr is part of stdout. */
  readonly pty?: TerminalSize
  /** Longest wait for the greeting. */
  readonly withinMs?: number
  /** Longest wait for the second stream, when the first has greeted. */
  readonly otherMs?: number
}

/**
 * Starts `sh` on a script through a door.
 *
 * The first thing that the `sh` says is a random greeting; what came before is dropped.
 *
 * @throws {Problem} `no-shell`, `shell-silent`, `shell-half`, `shell-mixed`, `shell-noisy`, what the door throws, and what the connection throws.
 */
export const openProgram = async (connection: Connection, options: ProgramOptions): Promise<Program> => {
  const { script, door, pty, withinMs = 30_000 } = options
  const marker = randomBytes(16).toString('hex')
  const toStderr = pty ? '' : `echo ${marker} >&2; `
  const line = door.knock(`echo ${marker} $$; ${toStderr}${script}`)
  const channel = await (door.open?.(connection, line, { pty }) ?? connection.open(line, { pty }))
  let silence: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      greet(channel, marker, { ...options, host: connection.host }),
      new Promise<never>((_, reject) => {
        silence = setTimeout(() => reject(shellSilent(connection.host, withinMs)), withinMs)
      }),
    ])
  } catch (error) {
    channel.destroy()
    throw connection.lost() ?? error
  } finally {
    clearTimeout(silence)
  }
}

/** Nothing is no output. */
const pass = (bytes: Buffer, outlet: Outlet): void => {
  if (bytes.length > 0) outlet.push(bytes)
}

const greet = (
  channel: Channel,
  marker: string,
  { door, pty, host, otherMs = 10_000 }: ProgramOptions & { readonly host: string },
): Promise<Program> =>
  new Promise((resolve, reject) => {
    const [stdout, stderr] = [new Outlet(), new Outlet()]
    const noise = [new MarkerReader(marker, /^\d+$/), new MarkerReader(marker, /^$/)] as const
    const said = () => noise.map(reader => reader.text).join('')
    // What is for stderr and comes on stdout was sent there by a login file.
    const stray = new MarkerReader(marker, /^$/)
    const awaited = new Set<Outlet>(pty ? [stdout] : [stdout, stderr])
    let pid = 0

    const isMixed = (outlet: Outlet, bytes: Buffer) =>
      outlet === stdout && awaited.has(stderr) && stray.feed(bytes) !== undefined
    const hear = (reader: MarkerReader, outlet: Outlet) => (bytes: Buffer) => {
      if (isMixed(outlet, bytes)) return reject(shellMixed(host))
      if (!awaited.has(outlet)) return pass(bytes, outlet)
      const found = reader.feed(bytes)
      if (found) greeted(outlet, found)
      else answerDoor()
    }
    const greeted = (outlet: Outlet, found: MarkerFound) => {
      clearTimeout(quiet)
      clearTimeout(other)
      awaited.delete(outlet)
      pass(found.after, outlet)
      if (outlet === stdout) pid = Number(found.said)
      if (awaited.size === 0) return resolve({ ...handles(channel), pid, stdout, stderr })
      other = setTimeout(() => reject(shellHalf(host, outlet === stdout ? 'stdout' : 'stderr')), otherMs)
    }
    const type = (look: (said: string) => Secret | undefined) => {
      try {
        assertBrief(noise, host)
        const answer = look(said())
        if (answer) void channel.write(`${reveal(answer)}\n`)
      } catch (problem) {
        reject(problem)
      }
    }
    let quiet: NodeJS.Timeout | undefined
    let other: NodeJS.Timeout | undefined
    const answerDoor = () => {
      type(door.answer)
      clearTimeout(quiet)
      const { answerQuiet } = door
      if (answerQuiet) quiet = setTimeout(() => type(answerQuiet), quietMs)
    }
    channel.onStdout(hear(noise[0], stdout))
    channel.onStderr(hear(noise[1], stderr))
    void channel.closed.then(exitCode => {
      clearTimeout(quiet)
      clearTimeout(other)
      reject(door.shut(said(), exitCode))
    })
  })

/** Longer than a line takes that comes in pieces. */
const quietMs = 700

const handles = (channel: Channel): Pick<Program, 'write' | 'endInput' | 'closed' | 'destroy'> => ({
  write: (bytes, how) => channel.write(bytes, how),
  endInput: () => channel.endInput(),
  closed: channel.closed,
  destroy: () => channel.destroy(),
})

/** What login files say is short; each piece of it is searched for a question. */
const mostNoise = 2 ** 20

const assertBrief = (noise: readonly MarkerReader[], host: string): void => {
  if (noise.some(({ size }) => size > mostNoise)) throw tooMuchNoise(host)
}

const tooMuchNoise = (host: string): Problem =>
  new Problem({
    code: 'shell-noisy',
    summary: `The login on ${host} says more than ${mostNoise} bytes before the shell answers`,
    host,
    state: 'nothing was done there',
    help: 'log in by hand: what do the login files of the user print?',
    exit: exitCodes.unreachable,
  })

const shellMixed = (host: string): Problem =>
  new Problem({
    code: 'shell-mixed',
    summary: `On ${host} the login files send stderr into stdout, so what a command prints cannot be told from its errors`,
    host,
    wanted: 'two streams, as the SSH server gives them',
    state: 'nothing was done there',
    help: 'look for `exec 2>&1` in the login files of the user (`~/.bashrc`, `~/.profile`, `~/.cshrc`): only a terminal may have it, `case $- in *i*) exec 2>&1;; esac`',
    exit: exitCodes.unreachable,
  })

/** @param heard The stream that the shell did answer on. */
const shellHalf = (host: string, heard: 'stdout' | 'stderr'): Problem =>
  new Problem({
    code: 'shell-half',
    summary: `The shell on ${host} answers on ${heard} alone`,
    host,
    wanted: 'both streams, as the SSH server gives them',
    state: 'nothing was done there',
    help: `look for \`exec ${heard === 'stdout' ? '2>' : '>'}…\` in the login files of the user (\`~/.bashrc\`, \`~/.profile\`, \`~/.cshrc\`): they send ${heard === 'stdout' ? 'stderr' : 'stdout'} elsewhere`,
    exit: exitCodes.unreachable,
  })

const shellSilent = (host: string, withinMs: number): Problem =>
  new Problem({
    code: 'shell-silent',
    summary: `No shell answered on ${host} within ${withinMs / 1000} s`,
    host,
    state: 'nothing was done there',
    help: 'log in by hand: do the login files of the user wait for something?',
    exit: exitCodes.unreachable,
  })
