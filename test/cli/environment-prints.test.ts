// Prints of variables of the environment: they show which one reads otherwise, and nothing of what it reads.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changedEnvironment, printEnvironment } from '../../src/cli/environment-prints.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-environment-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const where = (values: Readonly<Record<string, string>>) => ({ environment: (name: string) => values[name] })
const then = () => printEnvironment(['OWNER', 'SITE', 'OWNER'], where({ OWNER: 'root', SITE: '' }), dir)

describe('what was looked up in the environment', () => {
  it.each([
    ['the same', { OWNER: 'root', SITE: '', ELSE: 'new' }, []],
    ['another value', { OWNER: 'Kanarienvogel', SITE: '' }, ['`OWNER`, another value']],
    ['not set any more', { SITE: '' }, ['`OWNER`, not set']],
    ['not set instead of empty', { OWNER: 'root' }, ['`SITE`, not set']],
    ['all of it', {}, ['`OWNER`, not set', '`SITE`, not set']],
  ])('%s', (_what, now, expected) => {
    const told = changedEnvironment(then(), where(now), dir)
    expect(told.map(({ message, fields }) => `${/`\w+`/.exec(message)}, ${fields.seen}`)).toEqual(expected)
    expect(JSON.stringify(told.map(({ fields }) => fields))).not.toMatch(/Kanarienvogel|root/)
  })

  it('has a print for each name, once, with nothing of the value in it', () => {
    expect(then().environmentPrints?.map(({ name }) => name)).toEqual(['OWNER', 'SITE'])
    expect(JSON.stringify(then())).not.toContain('root')
  })

  it('needs no key where nothing was', () => {
    const elsewhere = mkdtempSync(join(dir, 'site-'))
    expect(printEnvironment([], where({}), elsewhere)).toEqual({})
    expect(changedEnvironment({}, where({}), elsewhere)).toEqual([])
    expect(changedEnvironment(then(), where({}), elsewhere).map(({ code }) => code)).toEqual(['plan-key-missing'])
  })
})
