// docs/faults.md: each row is held by a test that brings the fault about, and each such test has its row.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { faultRows, isWriting, writeRow } from '../kit/fault-table.ts'
import { readText } from './pages.ts'

const tests = readdirSync(fileURLToPath(new URL('../', import.meta.url)), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.test.ts'))
  .map(path => `test/${path}`)
  .sort()

/** Where a test holds a row, and whether the call says that OpenSSH's server is one of those that it was tried against. */
const calls = tests.flatMap(path =>
  [...readText(path).matchAll(/\bheldAs\(\s*'([^']+)'(.*)/g)].map(([, fault = '', rest = '']) => ({
    fault,
    heldBy: `\`${path}\`${rest.includes("'OpenSSH too'") ? ' (OpenSSH too)' : ''}`,
  })),
)

const heldBy = (fault: string): string =>
  [...new Set(calls.filter(call => call.fault === fault).map(call => call.heldBy))].join(' ')

describe('docs/faults.md', () => {
  it('has a row for each fault that a test brings about, and none that no test holds', () => {
    const faults = faultRows().map(({ fault }) => fault)
    expect(faults.toSorted()).toEqual([...new Set(calls.map(({ fault }) => fault))].sort())
  })

  it.each(faultRows())('$fault: names the tests that hold it', ({ fault, heldBy: told }) => {
    if (isWriting) writeRow(fault, row => ({ ...row, heldBy: heldBy(fault) }))
    else expect(told).toBe(heldBy(fault))
  })

  it('says of each what its outcome is, the exit code, and what to do where it did not end well', () => {
    const open = faultRows().filter(({ told: [outcome = '', exit = '', says = '', , next = ''] }) =>
      exit === '0' ? outcome !== 'carried out' : [outcome, says, next].includes(''),
    )
    expect(open.map(({ fault }) => fault)).toEqual([])
  })
})
