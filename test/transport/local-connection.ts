// A Connection without a network: each channel is a process on this machine, with the `sh` that a test wants.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { Connection } from '../../src/transport/channel.ts'

export type LocalConnection = Connection & {
  /** How many channels were opened. */
  readonly opened: () => number
  /** How many of them have not ended. */
  readonly living: () => number
  /** Ends every process that is left. */
  closeAll(): void
}

/** Shells to try, as one would name them on a command line. */
export const shells = ['dash', 'bash --posix', 'busybox sh'].filter(
  shell => spawnSync(shell.split(' ')[0] ?? '', [...shell.split(' ').slice(1), '-c', ':']).status === 0,
)

/** @param sh Stands wherever a node would have `/bin/sh`. @param login What the login files say and do. @param words The login shell. */
export const localConnection = (sh = 'sh', login = ':', words: readonly string[] = ['sh', '-c']): LocalConnection => {
  const children: ChildProcessByStdio<Writable, Readable, Readable>[] = []
  return {
    host: 'node1',
    lost: () => undefined,
    opened: () => children.length,
    living: () => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length,
    closeAll: () => {
      for (const child of children) child.kill('SIGKILL')
    },
    async open(line) {
      const [program = 'sh', ...rest] = words
      const before = login === ':' ? '' : `${login}\n`
      const child = spawn(program, [...rest, `${before}${line.replaceAll('/bin/sh', sh)}`], { stdio: 'pipe' })
      children.push(child)
      child.stdin.on('error', () => {})
      return {
        onStdout: listener => void child.stdout.on('data', listener),
        onStderr: listener => void child.stderr.on('data', listener),
        write: bytes => new Promise(resolve => child.stdin.write(bytes, () => resolve())),
        endInput: () => void child.stdin.end(),
        closed: new Promise(resolve =>
          child.once('close', (code, signal) => resolve(code ?? (signal ? 128 + constants.signals[signal] : null))),
        ),
        destroy: () => {
          child.stdin.destroy()
          child.stdout.destroy()
          child.stderr.destroy()
          child.kill('SIGKILL')
        },
      }
    },
  }
}
