// What a run was read from: what is known of it at once, and what is large and told later; in the end all is the same.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { beginPrints, changedInputs, givingWay, printInputs } from '../../src/cli/input-prints.ts'
import { LargeFile, type Reading } from '../../src/model/large-file.ts'
import { readingOf } from '../kit/large-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'prints-'))
afterAll(() => rmSync(dir, { recursive: true }))

const at = (name: string) => join(dir, name)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
writeFileSync(at('short.yml'), 'short')

const large = (reading: Partial<Reading> = {}) =>
  new LargeFile(at('large'), { ...readingOf({ bytes: 3, crc: '1' }, () => 'ab'), ...reading })
const files = ['short.yml', 'module.ts', 'large', 'gone'].map(at)
const sumsWith = (file: LargeFile) =>
  new Map<string, string | LargeFile>([
    [at('module.ts'), 'cd'],
    [at('large'), file],
  ])
const now = [
  { file: 'gone', sha256: '' },
  { file: 'module.ts', sha256: 'cd' },
  { file: 'short.yml', sha256: sha256('short') },
]

it('reads nothing of what is large before it is asked for, and then its sums first, which a step may wait for', async () => {
  const asked: string[] = []
  const reading = readingOf({ bytes: 3, crc: '1' }, () => 'ab')
  const file = large({
    sums() {
      asked.push('sums')
      return reading.sums()
    },
    digest(by) {
      asked.push(by)
      return reading.digest(by)
    },
  })
  const { now: seen, later } = beginPrints(files, dir, sumsWith(file))
  expect([seen, asked]).toEqual([now, []])
  expect(await Promise.all(later.map(({ take }) => take()))).toEqual([{ file: 'large', sha256: 'ab' }])
  expect(asked).toEqual(['sums', 'sha256'])
})

const beingSent = async () => {
  const file = large({
    async *pieces() {
      yield Uint8Array.of(1)
    },
  })
  const pieces = file.pieces()
  await pieces.next()
  return { file, end: () => pieces.return(undefined) }
}

it('gives way to who sends what is large, and goes on when that is over', async () => {
  const { file, end } = await beingSent()
  const giveWay = givingWay(file, 600_000)
  const way = giveWay()
  expect(way).toBeInstanceOf(Promise)
  await end()
  await way
  expect(giveWay()).toBeUndefined()
})

it('gives way for so long and not longer', async () => {
  const { file } = await beingSent()
  const giveWay = givingWay(file, 5)
  for (let way = giveWay(); way; way = giveWay()) await way
  expect(file.sent()).toBeInstanceOf(Promise)
})

it.each([
  ['are all there in the end, by their names', large(), 'ab'],
  ['have an empty one of what cannot be read any more', large({ digest: () => Promise.reject(new Error('gone')) }), ''],
])('%s', async (_, file, print) => {
  const [gone, ...others] = now
  expect(await printInputs(files, dir, sumsWith(file))).toEqual([gone, { file: 'large', sha256: print }, ...others])
})

it('tells of two readings what reads otherwise, what came, and what went', () => {
  const then = [...now, { file: 'large', sha256: 'ab' }]
  const other = [{ file: 'module.ts', sha256: 'other' }, ...now.filter(({ file }) => file !== 'module.ts')]
  expect([changedInputs(then, then), changedInputs(then, other), changedInputs(other, then)]).toEqual([
    [],
    ['large', 'module.ts'],
    ['large', 'module.ts'],
  ])
})
