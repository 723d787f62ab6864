// The words of the project: addresses, problems, secrets, changes.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { slug, stepAddress, stepId } from '../../src/model/address.ts'
import { isKnown, nameOf, notKnownYet } from '../../src/model/change.ts'
import { exitCodes, Problem, Problems } from '../../src/model/problem.ts'
import { reveal, Secret } from '../../src/model/secret.ts'
import { formatSpan } from '../../src/model/span.ts'

describe('an address', () => {
  it.each([
    ['Mount the partition', 'mount-the-partition'],
    ["Agents' user", 'agents-user'],
    ['uid.conf', 'uid-conf'],
    ['  Größe — geprüft! ', 'große-gepruft'],
    ['Ünïcödé', 'unicode'],
    ['日本 1', '日本-1'],
    ['!!!', ''],
  ])('makes %j to %j', (name, words) => expect(slug(name)).toBe(words))

  it('is stable: the slug of a slug is itself', () => {
    for (const name of ['Mount the partition', 'Größe', 'a--b']) expect(slug(slug(name))).toBe(slug(name))
  })

  it('names playbook, step and host', () => {
    expect(stepAddress(stepId('install', 'mount'), 'node2')).toBe('install/mount@node2')
  })
})

describe('a secret', () => {
  const secret = new Secret('directory_password', 'canary-4711')

  it.each([
    ['a template', `${secret}`],
    ['a sum', `a ${String(secret)}`],
    ['JSON', JSON.stringify({ secret })],
    ['inspect', inspect({ deep: { secret } }, { depth: 5, showHidden: true })],
    ['keys and values', JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
    ['a copy', JSON.stringify({ ...secret })],
    ['an error', new Error(`wrong: ${secret}`).stack],
  ])('does not show in %s', (_, text) => expect(text).not.toContain('canary'))

  it('is known by what the user calls it, and revealed only on purpose', () => {
    expect(inspect(secret)).toBe('Secret(directory_password)')
    expect(reveal(secret)).toBe('canary-4711')
  })
})

describe('a problem', () => {
  const found = new Problem({ code: 'disk-full', summary: 'No space left', host: 'node2' })

  it('ends the process with 1 unless it says otherwise', () => {
    expect(found.exit).toBe(exitCodes.failed)
    expect(new Problem({ code: 'x', summary: 'x', exit: 6 }).exit).toBe(6)
  })

  it('learns from those further up, and never forgets what it knows itself', () => {
    const told = found.with({ host: 'node1', step: 'install/mount@node2' })
    expect(told.fields).toMatchObject({ host: 'node2', step: 'install/mount@node2' })
    expect(found.fields.step).toBeUndefined()
  })

  it('keeps what caused it', () => {
    const cause = new Error('ENOSPC')
    expect(new Problem({ code: 'x', summary: 'x', cause }).with({ host: 'node1' }).cause).toBe(cause)
  })

  it('has an exit status for each meaning, and no two the same', () => {
    expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length)
  })
})

describe('several problems', () => {
  it('end the process as the first of them would; none is about the input', () => {
    expect(
      new Problems([new Problem({ code: 'a', summary: 'A', exit: 6 }), new Problem({ code: 'b', summary: 'B' })]).exit,
    ).toBe(6)
    expect(new Problems([]).exit).toBe(exitCodes.input)
  })
})

describe('a change', () => {
  it.each([
    [notKnownYet, false],
    [{ unknown: true }, false],
    [{ unknown: false }, true],
    [null, true],
    ['unknown', true],
    [[], true],
  ])('whose value is %j is known: %s', (value, is) => expect(isKnown(value)).toBe(is))

  it('has one name for one thing', () => expect(nameOf({ kind: 'file', key: '/a b' })).toBe('file /a b'))
})

describe('a place', () => {
  it('reads as editors and terminals read it', () => {
    expect(formatSpan({ file: 'a.yml', line: 3, column: 7, width: 1, excerpt: '' })).toBe('a.yml:3:7')
  })
})
