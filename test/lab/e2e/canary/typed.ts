// The command at a terminal, and somebody there who answers its questions.
import { spawn } from 'node:child_process'
import { runFile } from '../command.ts'

type Answer = readonly [question: string, answer: string]

type Seat = {
  readonly dir: string
  readonly env?: Readonly<Record<string, string>>
  readonly answers: readonly Answer[]
}

/** All that the terminal showed, and how the command ended; each answer is typed once its question is there. */
export const typedAt = (
  { dir, env = {}, answers }: Seat,
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly screen: string }> => {
  const command = [process.execPath, runFile, ...args].map(word => `'${word}'`).join(' ')
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const open = [...answers]
  let screen = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    screen += text
    const [next] = open
    if (!next || !screen.includes(next[0])) return
    open.shift()
    child.stdin.write(`${next[1]}\r`)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', status => resolve({ status, screen }))
  })
}
