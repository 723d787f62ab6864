import { expect, it } from 'vitest'
import { lateMap } from '../../src/text/late-map.ts'

const made: string[] = []
const map = lateMap(['one', 'two', 'three'], name => {
  made.push(name)
  return name.length
})

it('makes a value when it is asked for, once, and tells names without any', () => {
  expect([map.size, map.has('two'), map.has('four'), [...map.keys()]]).toEqual([
    3,
    true,
    false,
    ['one', 'two', 'three'],
  ])
  expect(made).toEqual([])
  expect([map.get('two'), map.get('two'), map.get('four')]).toEqual([3, 3, undefined])
  expect(made).toEqual(['two'])
})

it('is in the order of its names, whatever was asked for first', () => {
  const visited: unknown[] = []
  map.forEach((value, name, itself) => void visited.push([name, value, itself === map]))
  expect(visited).toEqual([
    ['one', 3, true],
    ['two', 3, true],
    ['three', 5, true],
  ])
  expect([...map]).toEqual([...map.entries()])
  expect([...map.values()]).toEqual([3, 3, 5])
})
