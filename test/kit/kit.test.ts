// The kit itself: a host that was told nothing must not let anything pass.
import { afterAll, describe, expect, it } from 'vitest'
import { hostDollar } from '../../src/shell/dollar.ts'
import { hasDash } from './posix.ts'
import { sandboxHost } from './sandbox-host.ts'
import { scriptedHost } from './scripted-host.ts'

describe('a scripted host', () => {
  it('fails on a command that it was not told about', async () => {
    const host = scriptedHost([['echo 1', '1\n']])
    await expect(host.run('echo 2')).rejects.toThrow('not told about this command: echo 2')
    expect(host.commands).toEqual(['echo 2'])
  })

  it.skipIf(!hasDash)('fails on a command that only bash can read', async () => {
    await expect(scriptedHost([[/./, '']]).run('if [[ a == b ]]; then (( x++ ')).rejects.toThrow('dash cannot read')
  })

  it('answers in turn where it was told several replies, and stays with the last', async () => {
    const $ = hostDollar(scriptedHost([['n', ['1', { stdout: '2', exitCode: 0 }]]]))
    expect([await $`n`.text(), await $`n`.text(), await $`n`.text()]).toEqual(['1', '2', '2'])
  })

  it('throws what it was told to throw', async () => {
    await expect(scriptedHost([[/lost/, new Error('gone')]]).run('lost')).rejects.toThrow('gone')
  })
})

describe('a sandbox', () => {
  const sandbox = sandboxHost()
  afterAll(() => sandbox.close())

  it('carries scripts out for real, in a directory of its own', async () => {
    await sandbox.prepare('echo hello >greeting')
    expect((await sandbox.run(`cat ${sandbox.path('greeting')}`)).stdout).toBe('hello\n')
  })

  it('finds a program that was installed before that of the machine', async () => {
    sandbox.install('uname', 'echo stand-in')
    expect((await sandbox.run('uname')).stdout).toBe('stand-in\n')
  })
})
