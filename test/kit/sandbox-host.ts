// A node that is a scratch directory of this machine: each script by a real shell, so that probes meet a real world.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { inputOf } from './input-of.ts'
import { assertPosix } from './posix.ts'

export type Sandbox = HostShell & {
  /** An absolute path in the scratch directory. */
  path(...parts: readonly string[]): string
  /** Prepares things with a script that starts in the scratch directory; it has to end with 0. */
  prepare(script: string): Promise<void>
  /** Where the programs are that were put in front of those of the machine. */
  readonly programs: string
  /** Puts a program in front of those of the machine, such as a stand-in for `rpm`. */
  install(program: string, script: string): void
  close(): void
}

/** @param words How the shell is started, such as `['busybox', 'sh']`. */
export const sandboxHost = (words: readonly string[] = ['sh'], host = 'node1'): Sandbox => {
  const root = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const bin = mkdtempSync(join(tmpdir(), 'sandbox-bin-'))
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, LC_ALL: 'C' }

  const run: HostShell['run'] = async (script, { input, timeoutMs } = {}) => {
    assertPosix(script)
    const [program = 'sh', ...rest] = words
    const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs }
    const child = spawn(program, [...rest, '-c', script], { env, cwd: root, stdio: 'pipe', ...timeout })
    const exited = new Promise<number>((resolve, reject) => {
      child.on('error', reject).on('close', code => resolve(code ?? 137))
    })
    child.stdin.on('error', () => {}).end(inputOf(input))
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
    return { stdout, stderr, exitCode }
  }

  return {
    host,
    run,
    path: (...parts) => join(root, ...parts),
    async prepare(script) {
      const { exitCode, stderr } = await run(script)
      if (exitCode !== 0) throw new Error(`the fixture could not be prepared: ${stderr}`)
    },
    programs: bin,
    install: (program, script) => writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
    follow: async script => {
      assertPosix(script)
      const [program = 'sh', ...rest] = words
      const child = spawn(program, [...rest, '-c', script], {
        env,
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
        detached: true,
      })
      const ended = new Promise<number | null>(resolve => child.on('close', resolve))
      return {
        onOutput: listener => void child.stdout.on('data', listener),
        ended,
        stop: () => void process.kill(-(child.pid ?? 0)),
      }
    },
    terminal: () => Promise.reject(new Error('a sandbox has no terminals')),
    upload: () => Promise.reject(new Error('a sandbox takes no uploads')),
    close: () => {
      rmSync(root, { recursive: true, force: true })
      rmSync(bin, { recursive: true, force: true })
    },
  }
}
