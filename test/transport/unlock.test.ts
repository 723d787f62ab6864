// A locked key is opened once, however many nodes are logged in to with it: opening it is slow on purpose.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { type Attended, alone } from '../../src/transport/company.ts'
import { unlocker } from '../../src/transport/unlock.ts'
import { hasSshd, sshKeygen } from './sshd.ts'

describe.skipIf(!hasSshd)('a locked key (needs ssh-keygen)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'unlock-'))
  const path = join(dir, 'key')
  let text: string
  beforeAll(() => {
    sshKeygen(['-q', '-a', '1', '-t', 'ed25519', '-N', 'a passphrase', '-f', path])
    text = readFileSync(path, 'utf8')
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  const attended = (): Attended => ({ ...alone(), unhurried: errand => errand() })
  const unlockWith = (company: Attended, passphrase: string) =>
    unlocker(company, new Secret('passphrase', passphrase))(path, text)

  it('is opened by the passphrase of the inventory, once for all', async () => {
    const company = attended()
    const [first, second] = [await unlockWith(company, 'a passphrase'), await unlockWith(company, 'a passphrase')]
    expect(first?.type).toBe('ssh-ed25519')
    expect(second).toBe(first)
  })

  it('is tried again with another passphrase, and no passphrase is a name of anything', async () => {
    const company = attended()
    expect(await unlockWith(company, 'another')).toBeUndefined()
    expect(await unlockWith(company, 'a passphrase')).toBeDefined()
    expect([...company.keys.keys()].join()).not.toMatch(/another|a passphrase/)
  })
})
