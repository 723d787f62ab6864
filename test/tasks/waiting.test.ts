// The tasks that wait: what they wait for, and what they say when it does not come.

import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../src/model/answer.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import { readNow } from '../../src/task/resource.ts'
import { connects } from '../../tasks/lib/connects.ts'
import pause from '../../tasks/pause.ts'
import waitFor from '../../tasks/wait_for.ts'
import { answerOf, apply, problemOf } from '../kit/fake-world.ts'
import { sandboxHost } from '../kit/sandbox-host.ts'
import { onNode } from '../kit/settle.ts'

const tell = (answer: Answer): string =>
  answer.type === 'unknown' ? answer.until : [answer.type, answer.because].join(': ')

const plain = { type: 'file', owner: 'root', group: 'root', mode: '0644' }

describe('pause', () => {
  it.each([
    [{ seconds: 5 }, 'differs: waits 5 s'],
    [{ minutes: '2', seconds: 1 }, 'differs: waits 121 s'],
    [{ seconds: 0 }, 'same: no time to wait'],
    [{}, 'differs: waits for a person: to go on'],
    [{ prompt: 'Is it on?' }, 'differs: waits for a person: Is it on?'],
  ])('%j', async (args, said) => expect(tell(await answerOf(pause, args))).toBe(said))

  it('waits no shorter than it was told', async () => {
    const begun = performance.now()
    const { result } = await apply(pause, { seconds: 0.2 }, [])
    expect(performance.now() - begun).toBeGreaterThanOrEqual(190)
    expect(result).toMatchObject({ delta: 0, rc: 0, user_input: '' })
  })

  it('takes no time that a timer cannot hold', () => {
    for (const args of [{ seconds: 24 * 86_400 }, { minutes: 24 * 1440 }])
      expect(pause.args.safeParse(args).success).toBe(true)
    for (const args of [{ seconds: 24 * 86_400 + 1 }, { minutes: 24 * 1440, seconds: 1 }])
      expect(pause.args.safeParse(args).error?.issues[0]?.message).toBe('a wait of at most 24 days')
  })

  it('hands on what a person answers, and fails where nobody is', async () => {
    const { result, told } = await apply(pause, { prompt: 'Which disk' }, [], { typed: ['sdb'] })
    expect(told).toEqual(['Pause:\nWhich disk: '])
    expect(result).toMatchObject({ user_input: 'sdb' })
    expect(await problemOf(apply(pause, {}, []))).toMatchObject({ code: 'waits-for-person', exit: 5 })
  })
})

describe('wait_for', () => {
  it.each([
    [
      'a port that listens',
      { port: 80 },
      { 'port 80': { listening: true } },
      'same: something listens at 127.0.0.1:80 already',
    ],
    [
      'one that does not',
      { port: 80 },
      { 'port 80': { listening: false } },
      'differs: waits until something listens at 127.0.0.1:80',
    ],
    [
      'one that is to close',
      { port: 80, state: 'stopped' },
      { 'port 80': { listening: true } },
      'differs: waits until nothing listens at 127.0.0.1:80',
    ],
    [
      'one elsewhere',
      { port: 80, host: 'db' },
      { 'connects db 80 5': { connects: true } },
      'same: something listens at db:80 already',
    ],
    ['a file that is there', { path: '/a' }, { 'file /a': plain }, 'same: /a is there already'],
    ['a file that is to go', { path: '/a', state: 'absent' }, { 'file /a': plain }, 'differs: waits until /a is gone'],
    [
      'a text in it',
      { path: '/a', search_regex: 'up (\\d+)' },
      { 'text /a': { type: 'text', text: 'up 3' } },
      'same: /a holds /up (\\d+)/ already',
    ],
    [
      'no file for a text',
      { path: '/a', search_regex: 'up' },
      { 'text /a': { type: 'absent' } },
      'differs: waits until /a holds /up/',
    ],
    ['after a while', { path: '/a', delay: 1 }, {}, 'differs: waits until /a is there'],
  ])('%s', async (_, args, things, said) => expect(tell(await answerOf(waitFor, args, { things }))).toBe(said))

  it('wants one thing to wait for', () => {
    for (const args of [{}, { port: 1, path: '/a' }, { port: 1, search_regex: 'x' }])
      expect(waitFor.args.safeParse(args).success).toBe(false)
  })

  const node = sandboxHost()
  afterAll(() => node.close())

  it('ends as soon as it is so, with what was found', async () => {
    const { use } = onNode(waitFor, node, { path: node.path('log'), search_regex: 'port (\\d+)', timeout: 20 })
    const waiting = waitFor.apply({ ...use, changes: [] })
    writeFileSync(node.path('log'), 'at port 8300\n')
    const found = await waiting
    expect(found).toMatchObject({ match_groups: ['8300'] })
    expect((found as { elapsed: number }).elapsed).toBeLessThan(20)
  })

  it('fails in the author’s words where the time is over', async () => {
    const { use } = onNode(waitFor, node, { path: node.path('never'), timeout: 0, msg: 'no file came' })
    expect(await problemOf(waitFor.apply({ ...use, changes: [] }))).toMatchObject({
      code: 'waited-in-vain',
      summary: 'no file came',
      wanted: `${node.path('never')} is there`,
    })
  })

  it('asks another host from the node', async () => {
    const server = createServer(socket => socket.end())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const look = () => readNow(hostDollar(node), connects(`127.0.0.1 ${port} 2`))
    expect(await look()).toEqual({ connects: true })
    await new Promise(resolve => server.close(resolve))
    expect(await look()).toEqual({ connects: false })
  })
})
