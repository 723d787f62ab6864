// A file that an argument names: short ones are read, of a long one its sums, which are those of everybody's programs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fileReader } from '../../src/cli/file-reader.ts'
import type { Surroundings } from '../../src/cli/surroundings.ts'
import { largeFile } from '../kit/large-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'file-reader-'))
afterAll(() => rmSync(dir, { recursive: true }))

const find = fileReader({ cwd: dir } as Surroundings, () => {})
const named = { from: 'site.yml', folder: 'files' }

it('is its bytes where it is short', () => {
  writeFileSync(join(dir, 'short'), 'a\n')
  expect(find('short', named)).toMatchObject({ bytes: Buffer.from('a\n') })
})

it('is its bytes where it is encrypted as a whole, which is told of it', () => {
  writeFileSync(join(dir, 'vault'), `$ANSIBLE_VAULT;1.1;AES256\n${'00'.repeat(2 ** 20)}\n`)
  expect(find('vault', named)).toHaveProperty('bytes')
})

it.each([2 ** 20 + 1, 3_333_333, 17_000_000])('is itself where it has %i bytes', size => {
  const large = largeFile(join(dir, 'long'), 'abcdefg'.repeat(size).slice(0, size))
  expect(fileReader({ cwd: dir } as Surroundings, () => {})('long', named)).toMatchObject({
    large: { path: large.path, sums: large.sums },
  })
})

it('gives way before each of its pieces to who asks for that', async () => {
  const size = 3 * 2 ** 20
  const large = largeFile(join(dir, 'yielding'), 'abcdefg'.repeat(size).slice(0, size))
  const found = fileReader({ cwd: dir } as Surroundings, () => {})('yielding', named)
  let ways = 0
  const giveWay = async () => {
    ways += 1
  }
  expect('large' in found && (await found.large.digest('sha256', giveWay))).toBe(await large.digest('sha256'))
  expect(ways).toBe(6)
})

it('tells that it cannot be read any more, where somebody wants its sums', () => {
  const large = largeFile(join(dir, 'going'), 'x'.repeat(2 ** 20 + 1))
  const found = fileReader({ cwd: dir } as Surroundings, () => {})('going', named)
  rmSync(large.path)
  expect(() => 'large' in found && found.large.sums).toThrow(`${large.path} cannot be read any more on this machine`)
})
