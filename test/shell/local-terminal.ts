// A Terminal on this machine: a real program on a real pty, by util-linux `script`.
import { spawn, spawnSync } from 'node:child_process'
import { reveal, Secret } from '../../src/model/secret.ts'
import type { Terminal } from '../../src/shell/host-shell.ts'

const program = 'script'

export const hasScript = spawnSync(program, ['--version']).status === 0

export type LocalTerminal = Terminal & {
  /** All that was typed so far. */
  readonly typed: readonly string[]
}

export const localTerminal = (command: string): LocalTerminal => {
  const typed: string[] = []
  const env = { ...process.env, TERM: 'dumb', LANG: 'C', LC_ALL: 'C' }
  const child = spawn(program, ['-qefc', `stty cols 250 rows 50; ${command}`, '/dev/null'], { env })
  const exited = new Promise<number>(resolve =>
    child.once('close', (code, signal) => resolve(code ?? (signal ? 137 : -1))),
  )
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8')
  return {
    typed,
    exited,
    onOutput: listener => void child.stdout.on('data', text => listener(text, 0)),
    write(text) {
      const letters = text instanceof Secret ? reveal(text) : text
      typed.push(letters)
      return new Promise(resolve => child.stdin.write(letters, () => resolve()))
    },
    async end() {
      child.kill('SIGKILL') // which closes the pty, and that ends what runs on it
      await exited
    },
  }
}
