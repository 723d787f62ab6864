// A node on which every program is watched: what it was called with is written down, word for word.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostShell } from '../../src/shell/host-shell.ts'
import { inputOf } from './input-of.ts'

export type WatchedHost = HostShell & {
  /** A directory that anything may be done in. */
  readonly root: string
  /** Made by whatever is carried out that nobody asked for. */
  readonly canary: string
  /** Programs with their words, in order; since the last call. */
  calls(): readonly (readonly string[])[]
  close(): void
}

/** Carried out for real, below `root`: without them no script comes further than its first line. */
const harmless =
  'basename cat cut dirname find head mkdir printf readlink sort stat tail touch tr cksum sed rmdir perl sh'
/** Only written down. */
const silent =
  'arping blkid chkconfig chmod chown cluster evms id ip ln mount mv namconfig nss rights rm rpm sync umount vgchange uname'

/** @param shell Path of the node's shell. */
export const watchedHost = (shell = '/bin/dash'): WatchedHost => {
  const root = mkdtempSync(join(tmpdir(), 'watched-'))
  // A task that takes an empty directory away must not take this one.
  writeFileSync(join(root, 'stays'), '')
  const bin = mkdtempSync(join(tmpdir(), 'watched-bin-'))
  const log = join(bin, '.log')
  const canary = join(root, 'canary')
  for (const program of `${harmless} ${silent}`.split(' ')) {
    const real = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim()
    const onward = harmless.split(' ').includes(program) && real.startsWith('/') ? `exec ${real} "$@"` : 'exit 0'
    const note = `{ printf '%s\\0' ${program} "$@"; printf '\\1\\0'; } >>${log}`
    writeFileSync(join(bin, program), `#!${shell}\n${note}\n${onward}\n`, { mode: 0o755 })
  }
  return {
    host: 'node1',
    root,
    canary,
    async run(script, { input } = {}) {
      const { stdout, stderr, status, error } = spawnSync(shell, ['-c', script], {
        cwd: root,
        env: { PATH: bin, LC_ALL: 'C' },
        input: inputOf(input),
        encoding: 'utf8',
        timeout: 10_000,
      })
      // Where nothing was carried out, nothing was tried.
      if (stdout === null) throw error ?? new Error(`no shell for ${script}`)
      return { stdout, stderr, exitCode: status ?? 137 }
    },
    calls() {
      if (!existsSync(log)) return []
      const written = readFileSync(log, 'utf8').split('\x01\0').filter(Boolean)
      rmSync(log)
      return written.map(call => call.split('\0').slice(0, -1))
    },
    follow: () => Promise.reject(new Error('nothing is followed here')),
    terminal: command => Promise.reject(new Error(`no terminal for ${command}`)),
    upload: () => Promise.reject(new Error('no upload')),
    close: () => {
      rmSync(root, { recursive: true, force: true })
      rmSync(bin, { recursive: true, force: true })
    },
  }
}
