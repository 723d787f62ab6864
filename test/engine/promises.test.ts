// Promises of several steps about one thing: the last counts, and one that only alters rests on what was before it.
import { describe, expect, it } from 'vitest'
import { createPromises } from '../../src/engine/promises.ts'
import { notKnownYet } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import { file, owners } from '../../src/task/kinds/index.ts'

const plainFile = { type: 'file', owner: 'root', group: 'root', mode: '0644' }
const theirs = { ...plainFile, owner: 'a', group: 'b' }
const made = (after: Json) => ({ ...file('/d/x'), before: { type: 'absent' }, after })
const handedTo = (pair: string) => ({ ...owners('/d'), before: { pairs: ['root:root'] }, after: { pairs: [pair] } })

const promisesOf = (...changes: Parameters<ReturnType<typeof createPromises>['add']>[1][]) => {
  const promises = createPromises()
  for (const [index, change] of changes.entries()) promises.add('node1', change, `step${index + 1}`)
  return promises.find('node1', file('/d/x'))
}

describe('a file that is made, and whose directory is handed over', () => {
  it('belongs to whom it was handed', () => {
    expect(promisesOf(made(plainFile), handedTo('a:b'))).toEqual({ type: 'value', value: theirs, by: 'step2' })
  })

  it('is as it was made, when that came last', () => {
    expect(promisesOf(handedTo('a:b'), made(plainFile))).toEqual({ type: 'value', value: plainFile, by: 'step2' })
  })

  it('stays unknown, when nobody knows what will be made', () => {
    expect(promisesOf(made(notKnownYet), handedTo('a:b'))).toMatchObject({ type: 'unknown', by: 'step1' })
  })
})

it('what is there already is altered by each of them in turn', () => {
  const promised = promisesOf(handedTo('c:d'), handedTo('a:b'))
  expect(promised).toMatchObject({ type: 'altered', by: 'step2' })
  expect(promised?.type === 'altered' && promised.alter(plainFile)).toEqual(theirs)
})

it('another node knows nothing of it', () => {
  const promises = createPromises()
  promises.add('node2', made(plainFile), 'step1')
  expect(promises.find('node1', file('/d/x'))).toBeUndefined()
})
