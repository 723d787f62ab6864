// What the process was given: streams, directory, environment. Read once, here, and handed on.
import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { RunEvent } from '../model/events.ts'
import { hasFewSigns, inFewSigns, type ScreenStream } from '../report/index.ts'
import { quoteWord } from '../shell/quote.ts'
import type { SshConfig } from '../transport/ssh-config-lines.ts'
import { type Github, githubAt } from './github.ts'
import type { Signals } from './signals.ts'
import { readSshConfig } from './ssh-config-files.ts'

export type Surroundings = {
  readonly cwd: string
  /** How wide it is, where it is a terminal. */
  readonly stdout: { write(text: string | Uint8Array): unknown; readonly columns?: number }
  readonly stderr: ScreenStream
  /** Somebody is there who can be asked and shown a moving picture. */
  readonly isTerminal: boolean
  readonly isDumb: boolean
  readonly colour: boolean
  /** Somebody hears the screen: plain lines, and words for signs. */
  readonly isSpoken: boolean
  readonly version: string
  readonly agent: string | undefined
  /** A variable of the environment, for a secret that is kept there. */
  environment(name: string): string | undefined
  /** The user's `~/.ssh/config` and the system's, as far as they are there. */
  readonly sshConfig: SshConfig
  /** The line that was typed, for journal and reports. */
  readonly command: string
  /** There where this is a job of GitHub Actions. */
  readonly github?: Github
  /** Hears of whatever asks a run to stop; else it is signals of this process. */
  readonly watch?: (tell: (signal: string) => void) => Signals
  /** Hears each event of a run after its journal, as it stands there. */
  readonly events?: EventListener
}

/** @param line The event as the journal has it, with its line break. */
export type EventListener = (event: RunEvent, line: string) => void

export const packageVersion = (): string =>
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

export const surroundings = (): Surroundings => {
  const { env, stderr } = process
  // Who reads stdin opens it: few commands do, and it takes longer than to ask what it is.
  const isTerminal = Boolean(stderr.isTTY && isatty(0))
  const environment = (name: string) => env[name]
  const cwd = process.cwd()
  if (hasFewSigns(environment)) for (const stream of [process.stdout, stderr]) writeInFewSigns(stream)
  const github = githubAt({ cwd, environment, stderr })
  return {
    cwd,
    stdout: process.stdout,
    stderr,
    isTerminal,
    isDumb: env.TERM === 'dumb',
    // https://no-color.org: present and not empty, whatever its value.
    colour: Boolean(stderr.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb',
    // What is wrong with the rest of a command line is told in words too.
    isSpoken: Boolean(env.RUN_SCREEN_READER) || process.argv.includes('--screen-reader'),
    version: packageVersion(),
    agent: env.SSH_AUTH_SOCK,
    environment,
    ...(github && { github }),
    sshConfig: readSshConfig(),
    command: ['run', ...process.argv.slice(2)]
      .map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoteWord(word)))
      .join(' '),
  }
}

/** Whoever writes to the terminal, also what reads a line there. */
const writeInFewSigns = (stream: NodeJS.WriteStream): void => {
  if (!stream.isTTY) return
  const write = stream.write.bind(stream) as (data: unknown, ...rest: unknown[]) => boolean
  stream.write = (data: unknown, ...rest: unknown[]) =>
    write(typeof data === 'string' ? inFewSigns(data) : data, ...rest)
}
