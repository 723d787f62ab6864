// `run vault …` as users of ansible-vault know it: files stay for their owner only, and either program reads the other's.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { decrypt, encrypt, openEnvelope } from '../../src/text/vault.ts'
import { runFile } from '../lab/e2e/command.ts'

vi.setConfig({ testTimeout: 60_000 })

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-vault-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const at = (name: string) => join(dir, name)
const textOf = (name: string) => readFileSync(at(name), 'utf8')
const opened = (text: string, password = 'old pass') => decrypt(openEnvelope(text), password)?.toString()

beforeEach(() => {
  for (const name of readdirSync(dir)) rmSync(at(name))
  writeFileSync(at('key'), 'old pass\n')
  writeFileSync(at('new-key'), 'new pass\n')
  writeFileSync(at('plain.yml'), 'a: 1\n')
})

const vault = (args: readonly string[], stdin = '') => {
  const env = { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [runFile, 'vault', ...args], {
    cwd: dir,
    env,
    input: stdin,
  })
  return { status, stdout: stdout.toString(), stderr: stderr.toString() }
}

const withKey = ['--vault-password-file', 'key'] as const

describe('files', () => {
  it('are encrypted in their place, shown, given another password, and decrypted again', () => {
    expect(vault(['encrypt', ...withKey, 'plain.yml'])).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(opened(textOf('plain.yml'))).toBe('a: 1\n')
    expect(vault(['view', ...withKey, 'plain.yml']).stdout).toBe('a: 1\n')
    expect(vault(['rekey', ...withKey, '--new-vault-password-file', 'new-key', 'plain.yml']).status).toBe(0)
    expect(opened(textOf('plain.yml'), 'new pass')).toBe('a: 1\n')
    expect(vault(['decrypt', '--vault-password-file', 'new-key', 'plain.yml']).status).toBe(0)
    expect(textOf('plain.yml')).toBe('a: 1\n')
  })

  it('are for their owner only, also what was not before, and nothing is left beside them', () => {
    chmodSync(at('plain.yml'), 0o644)
    for (const word of ['encrypt', 'decrypt']) {
      vault([word, ...withKey, 'plain.yml'])
      expect(statSync(at('plain.yml')).mode & 0o777).toBe(0o600)
    }
    expect(readdirSync(dir).sort()).toEqual(['key', 'new-key', 'plain.yml'])
  })

  it('stay where a link points to', () => {
    symlinkSync('plain.yml', at('link.yml'))
    vault(['encrypt', ...withKey, 'link.yml'])
    expect(opened(textOf('plain.yml'))).toBe('a: 1\n')
  })

  it('keep every byte, also of what is no text', () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) % 256))
    writeFileSync(at('bytes'), bytes)
    vault(['encrypt', ...withKey, 'bytes'])
    vault(['decrypt', ...withKey, 'bytes'])
    expect(readFileSync(at('bytes'))).toEqual(bytes)
  })

  it('may come on stdin, and go to stdout or elsewhere', () => {
    const { stdout } = vault(['encrypt', ...withKey], 'from stdin')
    expect(opened(stdout)).toBe('from stdin')
    expect(vault(['decrypt', ...withKey, '--output', 'out', '-'], stdout).status).toBe(0)
    expect(textOf('out')).toBe('from stdin')
    expect(statSync(at('out')).mode & 0o777).toBe(0o600)
    expect(vault(['decrypt', ...withKey, '--output', '-'], stdout).stdout).toBe('from stdin')
  })

  it('carry the vault id that they were encrypted for, and keep it when the password is another', () => {
    vault(['encrypt', '--vault-id', 'dev@new-key', '--vault-id', 'prod@key', '--encrypt-vault-id', 'prod', 'plain.yml'])
    expect(textOf('plain.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
    vault(['rekey', '--vault-id', 'key', '--new-vault-password-file', 'new-key', 'plain.yml'])
    expect(textOf('plain.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
    vault(['rekey', '--vault-id', 'new-key', '--new-vault-id', 'dev@key', 'plain.yml'])
    expect(textOf('plain.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;dev\n/)
  })

  it.each<readonly [string, readonly string[], string]>([
    ['none is there', ['encrypt', ...withKey, 'nowhere.yml'], 'error[file-not-found]'],
    ['it is encrypted already', ['encrypt', ...withKey, 'vaulted'], 'error[vault-encrypted-already]'],
    ['it is not encrypted', ['decrypt', ...withKey, 'plain.yml'], 'error[vault-not-encrypted]'],
    ['the password is another', ['decrypt', '--vault-id', 'new-key', 'vaulted'], 'error[vault-password-wrong]'],
    ['there is no password', ['encrypt', 'plain.yml'], 'error[vault-password-missing]'],
    ['there is no new password', ['rekey', ...withKey, 'vaulted'], 'error[vault-password-missing]'],
    [
      'no vault id is named',
      ['encrypt', '--vault-id', 'a@key', '--vault-id', 'b@key', 'plain.yml'],
      'error[vault-id-open]',
    ],
    [
      'the vault id is unknown',
      ['encrypt', ...withKey, '--encrypt-vault-id', 'x', 'plain.yml'],
      'error[vault-id-unknown]',
    ],
    ['several go to one', ['encrypt', ...withKey, '--output', 'o', 'plain.yml', 'key'], 'error[output-one-file]'],
    ['one of several is wrong', ['decrypt', ...withKey, 'vaulted', 'plain.yml'], 'error[vault-not-encrypted]'],
    ['an editor is wanted', ['edit', 'vaulted'], 'error[vault-edit-absent]'],
  ])('stay as they are where %s', (_, args, code) => {
    const before = encrypt(Buffer.from('b'), 'old pass')
    writeFileSync(at('vaulted'), before)
    const said = vault(args)
    expect(said.status).toBe(2)
    expect(said.stderr).toContain(code)
    expect([textOf('vaulted'), textOf('plain.yml')]).toEqual([before, 'a: 1\n'])
    expect(readdirSync(dir)).toHaveLength(4)
  })
})

describe('a program that prints the password', () => {
  const program = (name: string, text: string) => {
    writeFileSync(at(name), text)
    chmodSync(at(name), 0o700)
  }

  it('is carried out, without what it says on stderr', () => {
    program('print-key', '#!/bin/sh\necho noise >&2\ncat key\n')
    expect(opened(vault(['encrypt', '--vault-password-file', 'print-key'], 'x').stdout)).toBe('x')
  })

  it('is told the vault id where its name ends in -client', () => {
    program('keys-client.sh', '#!/bin/sh\n[ "$1" = --vault-id ] && cat "$2-key"\n')
    const { stdout } = vault(['encrypt', '--vault-id', 'new@keys-client.sh'], 'x')
    expect(opened(stdout, 'new pass')).toBe('x')
  })

  it('that fails is told by its exit status, and by nothing that it printed', () => {
    program('fails', '#!/bin/sh\necho old pass\nexit 3\n')
    const { status, stderr } = vault(['encrypt', '--vault-id', 'fails'], 'x')
    expect(status).toBe(2)
    expect(stderr).toContain('exit status 3')
    expect(stderr).not.toContain('old pass')
  })
})

describe('encrypt-string', () => {
  const valuesIn = (stdout: string) => {
    const document: unknown = parse(stdout, { customTags: [{ tag: '!vault', resolve: (text: string) => text }] })
    return Object.fromEntries(Object.entries(document ?? {}).map(([name, text]) => [name, opened(String(text))]))
  }

  it('prints what goes into a file of variables', () => {
    const { stdout, stderr } = vault(['encrypt-string', ...withKey, '--stdin-name', 'db_password'], 's3cret')
    expect(stdout).toMatch(/^db_password: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n( {10}[0-9a-f]+\n)+$/)
    expect(valuesIn(stdout)).toEqual({ db_password: 's3cret' })
    expect(stderr).toBe('')
  })

  it('takes several texts with their names, and warns that a command line is no place for them', () => {
    const { stdout, stderr } = vault(['encrypt_string', ...withKey, 'one', 'two', '-n', 'a', '-n', 'b'])
    expect(valuesIn(stdout)).toEqual({ a: 'one', b: 'two' })
    expect(stderr).toContain('warning[secret-in-command-line]')
  })

  it('warns of a line break that comes with the text', () => {
    const { stdout, stderr } = vault(['encrypt-string', ...withKey, '--stdin-name', 'a'], 's3cret\n')
    expect(valuesIn(stdout)).toEqual({ a: 's3cret\n' })
    expect(stderr).toContain('warning[secret-with-line-break]')
  })

  it('cannot ask where there is no terminal', () => {
    expect(vault(['encrypt-string', ...withKey, '-p']).stderr).toContain('error[secret-missing]')
  })
})

const hasAnsible = spawnSync('ansible-vault', ['--version']).status === 0
describe.runIf(hasAnsible)('beside the ansible-vault of this machine', () => {
  const ansible = (...args: readonly string[]) => execFileSync('ansible-vault', args, { cwd: dir, encoding: 'utf8' })

  it('either decrypts what the other encrypted', () => {
    vault(['encrypt', '--vault-id', 'prod@key', 'plain.yml'])
    ansible('decrypt', '--vault-id', 'prod@key', 'plain.yml')
    expect(textOf('plain.yml')).toBe('a: 1\n')
    ansible('encrypt', '--vault-id', 'prod@key', 'plain.yml')
    expect(vault(['view', '--vault-id', 'prod@key', 'plain.yml']).stdout).toBe('a: 1\n')
  })

  it('both print a value in the same form', () => {
    const form = (text: string) => text.trim().replace(/(\s+[0-9a-f]+)+$/, ' hex')
    const ours = vault(['encrypt-string', ...withKey, 's3cret', '-n', 'a']).stdout
    const theirs = ansible('encrypt_string', ...withKey, 's3cret', '-n', 'a')
    expect(form(ours)).toBe(form(theirs))
  })
})
