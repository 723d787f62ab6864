// Prints of secrets: they show that one changed, and nothing of it; their key stays at the site.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changedSecrets, printSecrets } from '../../src/cli/secret-prints.ts'
import { Secret } from '../../src/model/secret.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-prints-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const password = (value: string) => new Secret('password', value)
const codes = (...args: Parameters<typeof changedSecrets>) => changedSecrets(...args).map(({ code }) => code)

describe('the prints of secrets', () => {
  it('are made with a key that only its owner can read', () => {
    printSecrets([password('x')], dir)
    expect(statSync(join(dir, 'plan.key')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(dir, 'plan.key'))).toHaveLength(32)
  })

  it('are the same for the same values, one for each name, in the order of names', () => {
    const prints = printSecrets([password('x'), new Secret('key', 'k'), password('x')], dir)
    expect(prints.secretPrints.map(({ name }) => name)).toEqual(['key', 'password'])
    expect(printSecrets([new Secret('key', 'k'), password('x')], dir)).toEqual(prints)
  })

  it('tell two names with one value apart', () => {
    const [one, other] = printSecrets([new Secret('a', 'x'), new Secret('b', 'x')], dir).secretPrints
    expect(one?.print).not.toBe(other?.print)
  })

  it('are others at another site', () => {
    const elsewhere = mkdtempSync(join(dir, 'site-'))
    expect(printSecrets([password('x')], elsewhere)).not.toEqual(printSecrets([password('x')], dir))
  })

  it('need no key where there is no secret', () => {
    const elsewhere = mkdtempSync(join(dir, 'site-'))
    expect(printSecrets([], elsewhere)).toEqual({ secretPrints: [] })
    expect(codes({ secretPrints: [] }, [], elsewhere)).toEqual([])
  })
})

describe('secrets held against their prints', () => {
  const then = () => printSecrets([password('x')], dir)

  it.each([
    ['the same', [password('x')], []],
    ['another value', [password('y')], ['secret-changed']],
    ['one value more', [password('x'), password('y')], ['secret-changed']],
    ['one that is gone', [], ['secret-changed']],
    ['one more', [password('x'), new Secret('key', 'k')], ['secret-changed']],
  ])('%s', (_what, now, expected) => {
    expect(codes(then(), now, dir)).toEqual(expected)
  })

  it('tell neither value', () => {
    const [problem] = changedSecrets(then(), [password('Kanarienvogel')], dir)
    expect(JSON.stringify(problem?.fields)).not.toMatch(/Kanarienvogel|"x"/)
  })

  it('cannot be told without the key, or with that of another site', () => {
    const elsewhere = mkdtempSync(join(dir, 'site-'))
    expect(codes(then(), [password('x')], elsewhere)).toEqual(['plan-key-missing'])
    printSecrets([password('x')], elsewhere)
    expect(codes(then(), [password('x')], elsewhere)).toEqual(['plan-key-other'])
  })
})
