// What is made of files has its name without their being read, for as long as nobody has written to them.
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nameOnce } from '../../src/cli/known-names.ts'

let dir = ''
const one = () => join(dir, 'one.ts')

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-names-'))
  writeFileSync(one(), 'export default 1')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
})

afterEach(() => {
  vi.useRealTimers()
  rmSync(dir, { recursive: true })
})

/** How often files were read. */
let reads = 0

const nameOf = (paths: readonly string[] = [one()], { cache = dir, made = 'tasks' } = {}): string => {
  const sums = () => Object.fromEntries(paths.map(path => [path, readFileSync(path, 'utf8')]))
  const take = () => {
    reads += 1
    return { name: Object.values(sums()).join(), sums: sums() }
  }
  reads = 0
  const named = nameOnce({ cache, made, paths, take })
  expect(named).toMatchObject({ name: Object.values(sums()).join(), sums: sums() })
  return named.name
}

it('reads files once', () => {
  nameOf()
  expect(reads).toBe(1)
  nameOf()
  expect(reads).toBe(0)
})

const rewrite = (text: string): void => writeFileSync(one(), text)

it.each<[string, () => void]>([
  ['it is longer', () => rewrite('export default 10')],
  ['it is as long and has the time that it had', () => asOldAs(() => rewrite('export default 2'))],
  ['another one was moved into its place', () => asOldAs(() => replace('export default 2'))],
])('reads a file again when %s', (_, edit) => {
  nameOf()
  edit()
  nameOf()
  expect(reads).toBe(1)
})

const asOldAs = (edit: () => void): void => {
  const { atime, mtime } = statSync(one())
  // A file system counts time in steps.
  const { ctimeMs } = statSync(one())
  do edit()
  while (statSync(one()).ctimeMs === ctimeMs)
  utimesSync(one(), atime, mtime)
}

const replace = (text: string): void => {
  writeFileSync(join(dir, 'new'), text)
  renameSync(join(dir, 'new'), one())
}

it('reads all again when one is added, or gone', () => {
  const two = join(dir, 'two.ts')
  writeFileSync(two, 'export default 2')
  nameOf()
  nameOf([one(), two])
  expect(reads).toBe(1)
  nameOf()
  expect(reads).toBe(1)
})

it('remembers what else is made of them beside it', () => {
  nameOf()
  nameOf([one()], { made: 'playbook' })
  expect(reads).toBe(1)
  nameOf()
  expect(reads).toBe(0)
})

it('does not rely on what was written just now', () => {
  vi.setSystemTime(statSync(one()).mtimeMs + 1000)
  nameOf()
  nameOf()
  expect(reads).toBe(1)
})

it.each(['', '[', 'null', '{"tasks":3}', '{"tasks":{}}'])('reads files again where what it remembers is %j', text => {
  writeFileSync(join(dir, 'names.json'), text)
  nameOf()
  expect(reads).toBe(1)
})

it('reads files each time where nothing can be kept', () => {
  nameOf([one()], { cache: join(one(), 'cache') })
  nameOf([one()], { cache: join(one(), 'cache') })
  expect(reads).toBe(1)
})
