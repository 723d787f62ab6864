import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { createRedactor, redact, redactEchoed } from '../../src/shell/redact.ts'

const value = `Käfig 4711 "$\\x'!`
const secrets = [new Secret('pw', value)]
const printed = (script: string): string => execFileSync('sh', ['-c', script], { input: value, encoding: 'utf8' })

describe('the value of a secret', () => {
  it.each<readonly [string, string]>([
    ['as it is', value],
    ['in JSON', JSON.stringify({ password: value })],
    ['in JSON within JSON', `{"said":${JSON.stringify(value)}}`],
    ['in a URL', `https://admin:${encodeURIComponent(value)}@ldap`],
    ['in a form', new URLSearchParams({ password: value }).toString()],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64 for URLs', Buffer.from(value).toString('base64url')],
    ['in hex', Buffer.from(value).toString('hex')],
    ['in hex in capitals', Buffer.from(value).toString('hex').toUpperCase()],
    ['quoted for sh', printed(`sed "s/'/'\\\\\\\\''/g; s/^/'/; s/$/'/"`)],
    ['through base64 of coreutils', printed('base64')],
    ['through od', printed("od -An -v -tx1 | tr -d ' \\n'")],
  ])('is masked %s', (_, text) => {
    const masked = redact(`before ${text} after`, secrets)
    expect(masked).toContain('••••••')
    expect(masked).toMatch(/^before .* after$/s)
    expect(masked).not.toMatch(/4711|NDcxMQ|34373131|K%C3%A4fig/)
  })

  it('is masked line by line where a terminal breaks it up', () => {
    expect(redact('one of two\r\n  second line', [new Secret('key', 'one of two\nsecond line')])).toBe(
      '••••••\r\n  ••••••',
    )
  })

  it('is masked whole where it holds another one', () => {
    expect(redact('longer-secret', [new Secret('a', 'secret'), new Secret('b', 'longer-secret')])).toBe('••••••')
  })
})

describe('a short secret', () => {
  const short = [new Secret('pin', 'on'), new Secret('no', '7'), new Secret('empty', '')]

  it('strikes no other words', () => {
    expect(redact('mounted on node7', short)).toBe('mounted on node7')
  })

  it('is masked as a word of its own where it was typed into a program', () => {
    expect(redactEchoed('PIN: on\r\nmonitoring 7', short)).toBe('PIN: ••••••\r\nmonitoring 7')
  })
})

it('what is learned later is masked from then on', () => {
  const redactor = createRedactor()
  expect(redactor.redact(value)).toBe(value)
  redactor.learn(secrets)
  expect(redactor.redact(value)).toBe('••••••')
})
