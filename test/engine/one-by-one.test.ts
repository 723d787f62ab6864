import { expect, it } from 'vitest'
import { createOneByOne } from '../../src/engine/one-by-one.ts'

it('who comes first goes first, and what they set going goes on before the next', async () => {
  const told: string[] = []
  const oneByOne = createOneByOne()
  const go = async (host: string) => {
    await oneByOne()
    told.push(host)
    await new Promise<void>(resolve => setImmediate(resolve))
    told.push(`${host} is sent`)
  }
  await Promise.all(['node1', 'node2', 'node3'].map(go))
  expect(told).toEqual(['node1', 'node1 is sent', 'node2', 'node2 is sent', 'node3', 'node3 is sent'])
})
