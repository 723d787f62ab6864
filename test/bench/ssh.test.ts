// The floor: what the script sends, tried with an `ssh` that only writes down how it was called.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sshScript } from '../../bench/install/ssh.ts'
import { assertPosix } from '../kit/posix.ts'

const dir = mkdtempSync(join(tmpdir(), 'bench-ssh-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const files = { config: join(dir, 'ssh_config'), ready: join(dir, 'ready') }
const sent = [
  { host: 'node1', script: 'stat /etc' },
  { host: 'node2', script: "printf '%s\\n' it's" },
  { host: 'node1', script: 'a=$(date)\necho "$a"' },
]
const script = sshScript(sent, files)

/** Plays a master that stands at once and ends by itself. */
const ssh = `#!/bin/sh
shift 2
case $1 in
  -M) echo stands >>"$READY" ;;
  -O) ;;
  *) printf '%s\\0' "$@" >>"$CALLS" ;;
esac
`

describe('the floor by ssh', () => {
  it('is a script for any sh', () => {
    assertPosix(script)
  })

  it('sends each command once, in order, to its node, whole, and so that it does nothing', () => {
    const calls = join(dir, 'calls')
    writeFileSync(join(dir, 'ssh'), ssh, { mode: 0o755 })
    const env = { PATH: `${dir}:${process.env.PATH}`, READY: files.ready, CALLS: calls }
    const { status, stderr } = spawnSync('sh', ['-c', script], { env, encoding: 'utf8', timeout: 10_000 })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })

    const words = readFileSync(calls, 'utf8').split('\0').slice(0, -1)
    const received = sent.map((_, at) => ({ host: words[2 * at], line: words[2 * at + 1] ?? '' }))
    expect(words).toHaveLength(2 * sent.length)
    expect(received.map(({ host, line }) => ({ host, script: argumentOf(line) }))).toEqual(sent)
  })
})

/** What a node's shell makes of the line: the argument of a `:` that does nothing with it. */
const argumentOf = (line: string): string => {
  expect(line).toMatch(/^: /)
  return spawnSync('sh', ['-c', line.replace(/^:/, "printf '%s'")], { encoding: 'utf8' }).stdout
}
