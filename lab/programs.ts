// Runs the small programs of the machine that the lab is made of, and says which one failed, and how.
import { type ChildProcess, spawn } from 'node:child_process'

/** Of the caller's environment only the way to programs; not every user's has the administrator's. */
export const environment = {
  PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
  LANG: 'C',
}

export type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** Runs a program and waits; any end is an answer, also that the program is not there (status 127). */
export const attempt = (argv: readonly string[], input = ''): Promise<Ended> =>
  new Promise(resolve => {
    const [program = '', ...args] = argv
    const child = spawn(program, args, { stdio: 'pipe', env: environment })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text))
    child.stdin.on('error', () => {}).end(input)
    child.on('error', error => resolve({ status: 127, stdout, stderr: error.message }))
    child.on('close', status => resolve({ status: status ?? 128, stdout, stderr }))
  })

/**
 * Runs a program that has no reason to fail.
 *
 * @returns What it printed, trimmed.
 * @throws {Error} with what it said on stderr.
 */
export const must = async (argv: readonly string[], input = ''): Promise<string> => {
  const { status, stdout, stderr } = await attempt(argv, input)
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit ${status}: ${stderr.trim()}`)
  return stdout.trim()
}

/** Starts a program that the kernel kills when this process dies, however it dies. */
export const bound = (argv: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...environment, ...env },
  })

/**
 * Waits for a line on a program's stdout.
 *
 * @returns The rest of the line, after the word and a space.
 * @throws {Error} when the program ends without it, with what it said on stderr.
 */
export const line = (child: ChildProcess, word: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let seen = ''
    let errors = ''
    const look = (text: Buffer) => {
      seen += text
      const found = new RegExp(`^${word}(?: (.*))?\n`, 'm').exec(seen)
      if (!found) return
      child.stdout?.off('data', look)
      resolve(found[1] ?? '')
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', text => (errors += text))
    child.once('error', reject)
    child.once('close', (status, signal) =>
      reject(new Error(`ended (${signal ?? status}) before it said ${word}: ${errors.trim() || seen.trim()}`)),
    )
  })

/** Waits until a child is gone. */
export const gone = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise(resolve => child.once('exit', () => resolve()))
