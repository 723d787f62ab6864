// A process is the one that it was only while its number and its beginning agree.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isRunning, startOf } from '../../src/cli/processes.ts'

afterEach(() => vi.restoreAllMocks())

describe('a process', () => {
  it('runs while it runs, and not when it has ended', async () => {
    const child = spawn('sleep', ['60'])
    const pid = child.pid ?? 0
    const started = startOf(pid) ?? ''
    expect(started).not.toBe('')
    expect(isRunning(pid, started)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(isRunning(pid, started)).toBe(false)
  })

  it('that has got the number of another one is not that one', () => {
    expect(isRunning(process.pid, 'at another time')).toBe(false)
  })

  it('of another user is there, though nobody may send it a signal', () => {
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('not permitted'), { code: 'EPERM' })
    })
    expect(isRunning(process.pid, startOf(process.pid) ?? '')).toBe(true)
  })
})
