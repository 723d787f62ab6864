// What a command hands on where it is not carried out again.
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/model/json.ts'
import { checkAct } from '../../../tasks/lib/act.ts'
import { fakeWorld } from '../../kit/fake-world.ts'

const thing = (type: 'absent' | 'other') => fakeWorld({ things: { 'file /a': { type } } })

const proofWith = (result: Json | undefined) => ({
  rest: async () => undefined,
  stands: async () => ({ stands: true as const, because: 'done', ...(result !== undefined && { result }) }),
  resultOf: async () => undefined,
})

const line = { words: 'id -u', cmd: ['id', '-u'] }

describe('a command that its guard keeps back has printed nothing, so nothing goes into a file for it', () => {
  it.each([
    ['other', { creates: '/a' }, 'not carried out, since /a exists'],
    ['absent', { removes: '/a' }, 'not carried out, since /a does not exist'],
  ] as const)('%s, %j', async (type, guard, msg) => {
    expect(await checkAct({ world: thing(type), proof: proofWith(undefined) }, guard, line)).toMatchObject({
      type: 'same',
      result: { stdout: '', stderr: '', rc: 0, msg, cmd: ['id', '-u'] },
    })
  })
})

describe('what a receipt hands on says the command too, also one of a version that did not', () => {
  it.each([
    [
      { stdout: '0', stderr: '', rc: 0 },
      { stdout: '0', stderr: '', rc: 0, cmd: ['id', '-u'] },
    ],
    [undefined, undefined],
  ])('%j', async (kept, wanted) => {
    const answer = await checkAct({ world: thing('absent'), proof: proofWith(kept) }, {}, line)
    expect(answer.type === 'same' && answer.result).toEqual(wanted)
  })
})
