// A file that is read piece by piece, by who stands still for it and by who serves others meanwhile.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { piecesInTurn, piecesOf } from '../../src/cli/pieces.ts'

const dir = mkdtempSync(join(tmpdir(), 'pieces-'))
afterAll(() => rmSync(dir, { recursive: true }))
const file = join(dir, 'it')

const open = () => readdirSync('/proc/self/fd').length

it.each([0, 1, 2 ** 19, 2 ** 19 + 1, 3_500_000])('is what it holds, one after the other, of %i bytes', async size => {
  const content = Buffer.from(Array.from({ length: 251 }, (_, at) => at)).toString('latin1')
  writeFileSync(file, content.repeat(Math.ceil(size / 251)).slice(0, size), 'latin1')
  const before = open()
  const atOnce = [...piecesOf(file)].map(({ length }) => length)
  const pieces: Buffer[] = []
  // Each is good until the next one is asked for.
  for await (const piece of piecesInTurn(file)) pieces.push(Buffer.from(piece))
  expect(Buffer.concat(pieces).toString('latin1')).toBe(content.repeat(Math.ceil(size / 251)).slice(0, size))
  expect([pieces.map(({ length }) => length), open()]).toEqual([atOnce, before])
})

it('serves others between two pieces', async () => {
  writeFileSync(file, Buffer.alloc(4 * 2 ** 20))
  let isOver = false
  const turns = (async () => {
    let count = 0
    for (; !isOver; count += 1) await setImmediate()
    return count
  })()
  let pieces = 0
  for await (const _ of piecesInTurn(file)) pieces += 1
  isOver = true
  expect([pieces, (await turns) >= pieces]).toEqual([8, true])
})

it('lets go of it where nobody wants more, and says why it cannot be read', async () => {
  writeFileSync(file, Buffer.alloc(4 * 2 ** 20))
  const before = open()
  for await (const _ of piecesInTurn(file)) break
  expect(open()).toBe(before)
  await expect(piecesInTurn(dir).next()).rejects.toThrow('EISDIR')
  await expect(piecesInTurn(join(dir, 'nowhere')).next()).rejects.toThrow('ENOENT')
  expect(open()).toBe(before)
})
