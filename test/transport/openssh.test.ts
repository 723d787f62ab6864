import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hostDollar } from '../../src/shell/dollar.ts'
import { connect, type Session } from '../../src/transport/session.ts'
import { hasSshd, type Sshd, startSshd } from './sshd.ts'

describe.skipIf(!hasSshd)('a session with OpenSSH (needs openssh-server)', () => {
  let sshd: Sshd
  let session: Session

  beforeAll(async () => {
    sshd = await startSshd()
    session = await connect(sshd.target)
  })

  afterAll(async () => {
    await session.close()
    await sshd.stop()
  })

  it('runs commands one after the other in one shell, as zx', async () => {
    const $ = hostDollar(session.shell())
    expect(await $`echo ${"it's"}; echo warning >&2`.text()).toBe("it's\n")
    const shells = await Promise.all([$`echo $PPID $$`.text(), $`echo $PPID $$`.text()])
    expect(shells[0]).toBe(shells[1])
  })

  it('tells exit status, stdout and stderr apart', async () => {
    expect(await session.shell().run('echo out; echo err >&2; exit 3')).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    })
  })

  it('uploads a file whole, with its mode, and leaves nothing beside it', async () => {
    const bytes = Buffer.alloc(3_000_000, 'ü\0\n')
    const path = join(sshd.dir, "it's a file")
    await session.shell().upload(bytes, path, '0640')
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect((await session.shell().run(`ls ${sshd.dir}`)).stdout).not.toMatch(/file\./)
  })

  it('opens a terminal that is plain and wide', async () => {
    const terminal = await session.shell().terminal('echo $TERM $LANG; stty size; tty >/dev/null && read x; exit $x')
    let said = ''
    terminal.onOutput(text => {
      said += text
    })
    await vi.waitFor(() => expect(said).toContain('50 250'))
    await terminal.write('7\r')
    expect(await terminal.exited).toBe(7)
    expect(said).toBe('dumb C\r\n50 250\r\n7\r\n')
  })
})
