// A person at a real terminal: the command in tmux, what its screen shows, and keys that are typed there.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { runFile } from './command.ts'

export type Seat = {
  /** Waits until the last line that is not empty ends so. */
  sees(end: string): Promise<void>
  /** Types a line, then Enter. */
  types(line: string): void
  /** Waits for the end of the command, and gives its exit status. */
  ended(): Promise<number>
  /** The workstation goes away: the command has no time for anything. */
  lose(): void
  /** Whether anything on the screen has a colour or is dim or bold. */
  colours(): boolean
  /** Makes the window another size. */
  resize(columns: number, rows: number): void
  /** What is in sight. */
  window(): string
  /** All lines, those that have scrolled away too. */
  screen(): string
  leave(): void
}

/** Whether there is a tmux to sit at. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0

const longestMs = 60_000
const everyMs = 50

export type SeatOptions = {
  readonly dir: string
  readonly columns?: number
  readonly rows?: number
  /** Variables that the user has set, as `NAME=VALUE`. */
  readonly env?: readonly string[]
}

let seats = 0

export const sitAt = ({ dir, columns = 110, rows = 40, env = [] }: SeatOptions, args: readonly string[]): Seat => {
  // One of its own: a server that is on its way out takes nobody in.
  seats += 1
  const socket = `${dir}/tmux-${seats}`
  const tmux = (...words: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('tmux', ['-S', socket, ...words], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tmux ${words[0]}: ${stderr}`)
    return stdout
  }
  const words = [`HOME=${dir}`, 'LANG=C.UTF-8', ...env, process.execPath, runFile, ...args]
  const typed = `echo $$ >${socket}.pid; exec env ${words.join(' ')}`
  // The shell stays, so that the last screen does.
  tmux(
    ...['-f', '/dev/null', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', dir],
    `sh -c '${typed}'; echo "ended with $?"; exec cat`,
  )
  const screen = () => tmux('capture-pane', '-p', '-J', '-S', '-2000')
  const waitFor = async (isThere: (shown: string) => boolean, what: string): Promise<string> => {
    for (const begun = Date.now(); Date.now() - begun < longestMs; ) {
      const shown = screen().trimEnd()
      if (isThere(shown)) return shown
      await new Promise(resolve => setTimeout(resolve, everyMs))
    }
    throw new Error(`the screen never showed ${what}:\n${screen().trimEnd()}`)
  }
  return {
    screen,
    window: () => tmux('capture-pane', '-p', '-J'),
    async sees(end) {
      await waitFor(shown => shown.endsWith(end), end)
    },
    colours: () => tmux('capture-pane', '-p', '-e').includes('\u001b['),
    resize: (to, lines) => void tmux('resize-window', '-x', `${to}`, '-y', `${lines}`),
    types(line) {
      if (line !== '') tmux('send-keys', '-l', '--', line)
      tmux('send-keys', 'Enter')
    },
    async ended() {
      const shown = await waitFor(shown => /^ended with \d+$/m.test(shown), 'its end')
      return Number(/^ended with (\d+)$/m.exec(shown)?.[1])
    },
    lose: () => void process.kill(Number(readFileSync(`${socket}.pid`, 'utf8')), 'SIGKILL'),
    leave: () => void spawnSync('tmux', ['-S', socket, 'kill-server']),
  }
}
