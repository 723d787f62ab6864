// Where journals and bundles lie, nobody else may have put anything.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assertOurs, createRun } from '../../src/journal/index.ts'

const folder = (): string => {
  const dir = join(mkdtempSync(join(tmpdir(), 'ours-')), 'runs')
  mkdirSync(dir, { mode: 0o700 })
  return dir
}

const refused = (seen: string) =>
  expect.objectContaining({
    code: 'folder-not-ours',
    exit: 2,
    fields: expect.objectContaining({ seen: expect.stringContaining(seen) }),
  })

describe('a folder of ours', () => {
  it('is taken, whoever may read it', () => {
    const dir = folder()
    chmodSync(dir, 0o755)
    expect(() => assertOurs(dir)).not.toThrow()
  })

  it('is refused as a link, which leads to wherever somebody wants', () => {
    const link = `${folder()}-link`
    symlinkSync(folder(), link)
    expect(() => assertOurs(link)).toThrow(refused('a link'))
  })

  it('is refused where everybody can write to it', () => {
    const dir = folder()
    chmodSync(dir, 0o777)
    expect(() => assertOurs(dir)).toThrow(refused('everybody can write'))
    expect(() => createRun(dir, new Date())).toThrow(refused('everybody can write'))
  })

  it.skipIf(process.getuid?.() !== 0)('is refused where it belongs to another user (needs root)', () => {
    const dir = folder()
    chownSync(dir, 7100, 7100)
    expect(() => createRun(dir, new Date())).toThrow(refused('belongs to user 7100'))
  })
})
