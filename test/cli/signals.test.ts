// Which signal finishes the step at hand, which stops at once, and which says nothing new.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Signals, watchSignals } from '../../src/cli/signals.ts'

let signals: Signals | undefined
afterEach(() => {
  signals?.stop()
  vi.restoreAllMocks()
})

type Came = readonly [signal: NodeJS.Signals, atMs: number]

/** What is heard of signals that come at these times; a process that ends hears no more. */
const hear = (...came: readonly Came[]): readonly string[] => {
  const heard: string[] = []
  let now = 0
  vi.spyOn(process, 'exit').mockImplementation(code => {
    heard.push(`exit ${code}`)
    return undefined as never // the test goes on
  })
  signals = watchSignals(
    signal => heard.push(`stopping ${signal}`),
    signal => heard.push(`leaving ${signal}`),
    () => now,
  )
  for (const [signal, at] of came) {
    now = at
    process.emit(signal, signal)
  }
  return heard
}

describe('signals', () => {
  it.each<[string, readonly Came[], readonly string[]]>([
    ['the first Ctrl-C stops after the step', [['SIGINT', 0]], ['stopping SIGINT']],
    ['the first SIGTERM does too', [['SIGTERM', 0]], ['stopping SIGTERM']],
    ['a closed terminal does too', [['SIGHUP', 0]], ['stopping SIGHUP']],
    [
      'the second Ctrl-C stops at once',
      [
        ['SIGINT', 0],
        ['SIGINT', 1000],
      ],
      ['stopping SIGINT', 'leaving SIGINT', 'exit 130'],
    ],
    [
      'one keystroke that comes twice is one, as under npx',
      [
        ['SIGINT', 0],
        ['SIGINT', 20],
      ],
      ['stopping SIGINT'],
    ],
    [
      'a terminal that says twice that it is closed stops nothing at once',
      [
        ['SIGHUP', 0],
        ['SIGHUP', 1000],
      ],
      ['stopping SIGHUP'],
    ],
    [
      'nor does the end of its session after it',
      [
        ['SIGHUP', 0],
        ['SIGTERM', 1000],
      ],
      ['stopping SIGHUP'],
    ],
    [
      'nor a terminal that is closed after Ctrl-C',
      [
        ['SIGINT', 0],
        ['SIGHUP', 1000],
      ],
      ['stopping SIGINT'],
    ],
    [
      'SIGTERM after Ctrl-C stops at once',
      [
        ['SIGINT', 0],
        ['SIGTERM', 1000],
      ],
      ['stopping SIGINT', 'leaving SIGTERM', 'exit 130'],
    ],
  ])('%s', (_, came, heard) => {
    expect(hear(...came)).toEqual(heard)
  })
})
