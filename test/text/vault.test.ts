import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decrypt, encrypt, isVault, isVaultLabel, openEnvelope, VaultDamage } from '../../src/text/vault.ts'

const golden = (name: string) => readFileSync(new URL(`./vault/${name}.vault`, import.meta.url), 'utf8')
const password = 'correct horse'

const opened = (text: string, by = password) => decrypt(openEnvelope(text), by)?.toString()

const damageOf = (text: string): string => {
  try {
    decrypt(openEnvelope(text), password)
  } catch (error) {
    if (error instanceof VaultDamage) return error.message
    throw error
  }
  return 'none'
}

/** What ansible-vault 2.14 wrote; the lengths go over the edges of a block. */
const written: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['one-letter', 'x'],
  ['block-less-one', '123456789012345'],
  ['block', '1234567890123456'],
  ['block-and-one', '12345678901234567'],
  ['line', 'hunter2-of-old\n'],
  ['crlf', 'two\r\nlines\r\n'],
  ['labelled', 'für alle ☃\n'],
]

describe('a text that ansible-vault wrote', () => {
  it.each(written)('opens: %s', (name, text) => {
    expect(isVault(golden(name))).toBe(true)
    expect(opened(golden(name))).toBe(text)
  })

  it('opens to bytes, whatever they are', () => {
    expect(decrypt(openEnvelope(golden('bytes')), password)).toEqual(Buffer.alloc(3000, 0xff))
  })

  it('names the vault id that it is for', () => {
    expect(openEnvelope(golden('labelled')).label).toBe('prod')
    expect(openEnvelope(golden('line')).label).toBe('default')
  })

  it.each<readonly [string, (text: string) => string]>([
    ['lines end with CRLF', text => text.replaceAll('\n', '\r\n')],
    ['lines are indented, as in an inventory', text => text.replaceAll('\n', '\n      ')],
    ['no line break at the end', text => text.trimEnd()],
    ['empty lines at the end', text => `${text}\n\n`],
    ['hex in capitals', text => text.replace(/\n[0-9a-f\n]+/, hex => hex.toUpperCase())],
    ['lines of another width', text => text.replace(/\n(?!\$)/g, '').replace('AES256', 'AES256\n')],
  ])('opens as well where %s', (_, change) => {
    expect(opened(change(golden('line')))).toBe('hunter2-of-old\n')
  })

  it('does not open with another password', () => {
    expect(opened(golden('line'), 'correct horse ')).toBeUndefined()
    expect(opened(golden('line'), '')).toBeUndefined()
  })
})

describe('a damaged text', () => {
  const line = golden('line')
  it.each<readonly [string, string]>([
    [line.replace('1.1', '1.0'), 'its version is 1.0'],
    [line.replace('AES256', 'AES'), 'its cipher is AES'],
    [line.replace('$ANSIBLE', 'ANSIBLE'), 'its first line is no header of ansible-vault'],
    [line.slice(0, 66), 'it has 1 parts and not salt, MAC and ciphertext'],
    [line.replace(/\n3/, '\ng'), 'it is not all hex digits, in pairs'],
    [line.trimEnd().slice(0, -1), 'it is not all hex digits, in pairs'],
    ['$ANSIBLE_VAULT;1.1;AES256\n', 'it has 1 parts and not salt, MAC and ciphertext'],
  ])('is told apart from a wrong password (%#)', (text, why) => {
    expect(damageOf(text)).toBe(why)
  })

  it('never opens to something else: whichever digit of it is another one', () => {
    const body = line.indexOf('\n') + 1
    for (let at = body; at < line.trimEnd().length; at += 7) {
      if (line[at] === '\n') continue
      const other = line[at] === '3' ? '6' : '3'
      const text = line.slice(0, at) + other + line.slice(at + 1)
      try {
        expect(text === line ? undefined : opened(text), `digit ${at}`).toBeUndefined()
      } catch (error) {
        if (!(error instanceof VaultDamage)) throw error
      }
    }
  })
})

describe('what is encrypted here', () => {
  it.each(written)('opens again: %s', (_, text) => {
    expect(opened(encrypt(Buffer.from(text), password))).toBe(text)
  })

  it('reads as ansible-vault would have written it, byte for byte', () => {
    for (const name of ['line', 'labelled', 'bytes', 'block'] as const) {
      const envelope = openEnvelope(golden(name))
      const bytes = decrypt(envelope, password) ?? Buffer.alloc(0)
      expect(encrypt(bytes, password, envelope)).toBe(golden(name))
    }
  })

  it('never reads the same twice', () => {
    expect(encrypt(Buffer.from('x'), password)).not.toBe(encrypt(Buffer.from('x'), password))
  })

  const hasAnsible = spawnSync('ansible-vault', ['--version']).status === 0
  it.runIf(hasAnsible)('is read by the ansible-vault of this machine, and the other way round', () => {
    const dir = mkdtempSync(join(tmpdir(), 'vault-'))
    const file = (name: string, text: string) => {
      writeFileSync(join(dir, name), text)
      chmodSync(join(dir, name), 0o600)
      return join(dir, name)
    }
    const key = file('password', 'pass ☃ word\n')
    const vault = (...args: readonly string[]) => execFileSync('ansible-vault', args, { encoding: 'utf8', cwd: dir })
    const ours = file('ours', encrypt(Buffer.from('a\r\nb\n☃'), 'pass ☃ word', { label: 'prod' }))
    expect(vault('view', '--vault-id', `prod@${key}`, ours)).toContain('☃')
    const theirs = file('theirs', 'a\r\nb\n☃')
    vault('encrypt', '--vault-id', `prod@${key}`, '--encrypt-vault-id', 'prod', theirs)
    expect(opened(readFileSync(theirs, 'utf8'), 'pass ☃ word')).toBe('a\r\nb\n☃')
  })
})

it.each([
  ['prod', true],
  ['my vault', true],
  ['', false],
  ['a;b', false],
  ['a\nb', false],
  [' a', false],
])('%j can be a vault id: %s', (label, isOne) => {
  expect(isVaultLabel(label)).toBe(isOne)
})
