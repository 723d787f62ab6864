// A program on this machine that prints a secret: carried out without a shell, and nothing that it prints is shown.
import { spawnSync } from 'node:child_process'

export type Printed = { readonly text: string } | { readonly fault: string }

/** Time enough for a person who has to touch a key. */
const patienceMs = 60_000

/**
 * What it prints on stdout.
 *
 * What it says on stderr may hold the secret too, so it is not told; what it wants to ask, it asks at the terminal.
 */
export const printedBy = ([program = '', ...args]: readonly string[], cwd: string): Printed => {
  const { error, status, signal, stdout } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', 'pipe', 'ignore'],
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1024 * 1024,
  })
  if (error && 'code' in error) return { fault: faults[String(error.code)] ?? String(error.code) }
  if (signal) return { fault: `${signal} ended it` }
  return status === 0 ? { text: stdout } : { fault: `exit status ${status}` }
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'it may not be carried out',
  ENOEXEC: 'it is no program: its first line has to name one, such as #!/bin/sh',
  ETIMEDOUT: `it did not end within ${patienceMs / 1000} s`,
  ENOBUFS: 'it prints more than a megabyte',
}
