// A way that nobody opens is given up, and closed where it comes after all.
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { inTime } from '../../src/transport/in-time.ts'
import type { Target } from '../../src/transport/target.ts'
import { problemOf } from '../shell/problem-of.ts'

const target: Target = {
  host: 'node1',
  address: '10.0.0.1',
  port: 22,
  user: 'root',
  knownHostsFiles: [],
  connectTimeoutMs: 600_000,
}

const opening = () => {
  let resolve: (way: PassThrough) => void = () => {}
  const promise = new Promise<PassThrough>(done => {
    resolve = done
  })
  return { promise, resolve: (way: PassThrough) => resolve(way) }
}

it('is the way that was opened', async () => {
  const [way, { promise, resolve }] = [new PassThrough(), opening()]
  resolve(way)
  expect(await inTime(promise, { target })).toBe(way)
})

it('says why there is none', async () => {
  await expect(inTime(Promise.reject(new Error('refused')), { target })).rejects.toThrow('refused')
})

it.each<[string, number, (end: AbortController) => void, string]>([
  ['takes too long', 20, () => {}, 'no answer within 0.02 s'],
  ['is not waited for any more', 600_000, end => setTimeout(() => end.abort(), 20), 'the run has ended meanwhile'],
  ['is begun when nobody waits', 600_000, end => end.abort(), 'the run has ended meanwhile'],
])('one that %s is given up, and closed when it comes', async (_, connectTimeoutMs, act, seen) => {
  const [end, way, { promise, resolve }] = [new AbortController(), new PassThrough(), opening()]
  act(end)
  const begun = new PassThrough()
  const waiting = { target: { ...target, connectTimeoutMs }, until: end.signal, begun }
  const { fields } = await problemOf(inTime(promise, waiting))
  expect(fields).toMatchObject({ code: 'host-unreachable', host: 'node1', seen })
  expect(begun.destroyed).toBe(true)
  resolve(way)
  await new Promise(setImmediate)
  expect(way.destroyed).toBe(true)
})
