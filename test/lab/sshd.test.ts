// The second lane: the same nodes behind OpenSSH's own server.
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { labReset } from '../../lab/index.ts'
import { sshdProgram } from '../../lab/sshd-program.ts'
import { isRoot, up } from './scratch-lab.ts'
import { begin, login, output, run } from './ssh.ts'

const hasSshd = existsSync(sshdProgram)

describe.skipIf(!hasSshd || !isRoot)('a lab behind sshd (needs openssh-server, and root)', async () => {
  const lab = hasSshd && isRoot ? await up({ sshd: true }) : undefined
  if (!lab) return
  const root = await login(lab, 'node1')

  it('runs commands on the node', async () => {
    expect(await output(root, 'uname -n; pwd')).toBe('node1\n/root')
    expect(await run(root, 'cat; exit 6', 'given')).toMatchObject({ status: 6, stdout: 'given' })
    expect(await run(root, 'kill -KILL $$')).toMatchObject({ signal: 'SIGKILL' })
  })

  it('gives a terminal', async () => {
    const { said } = await begin(root, 'stty size; exit 4', { rows: 33, cols: 111 })
    expect(await said).toMatchObject({ status: 4, stdout: '33 111\r\n' })
  })

  it('runs inside the node: its process is seen there', async () => {
    expect(await output(root, 'cat /proc/[0-9]*/comm')).toContain('sshd')
  })

  it('is back after a reset, with the same key', async () => {
    await labReset(lab.dir)
    expect(await output(await login(lab, 'node1'), 'uname -n')).toBe('node1')
  })
})

it.skipIf(hasSshd)('sshd that is not installed is asked for by its package', async () => {
  await expect(up({ sshd: true })).rejects.toMatchObject({ code: 'lab-no-sshd' })
})
