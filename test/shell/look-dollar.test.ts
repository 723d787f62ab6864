// A look speaks as a step does: the same words make the same script.
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { hostDollar } from '../../src/shell/dollar.ts'
import type { CommandOptions, HostShell } from '../../src/shell/host-shell.ts'
import { type LookDollar, lookDollar } from '../../src/shell/look-dollar.ts'
import { part } from '../../src/shell/quote.ts'

const told = (exitCode = 0) => {
  const heard: { script: string; options: CommandOptions | undefined }[] = []
  const shell: HostShell = {
    host: 'node1',
    run: async (script, options) => {
      heard.push({ script, options })
      return { stdout: 'out\n', stderr: 'err\n', exitCode }
    },
    follow: () => Promise.reject(new Error('no')),
    terminal: () => Promise.reject(new Error('no')),
    upload: () => Promise.reject(new Error('no')),
  }
  return { shell, heard }
}

describe('a look', () => {
  it.each<[string, ($: LookDollar) => Promise<unknown>]>([
    ['without words', $ => $`cat /proc/mounts`],
    ['with a word', $ => $`stat ${"it's"} -c`],
    ['with words at both ends', $ => $`${'/bin/ls'} -l ${'a b'}`],
    ['with numbers and truth values', $ => $`echo ${1} ${true}`],
    ['with a list, and an empty one', $ => $`find ${['a', 'b c']} ${[]} -print`],
    ['with a part of a script', $ => $`[ -e ${'x'} ] && ${part`rm ${'y z'}`} ; echo`],
    ['of several lines', $ => $`a\nb \${c} ${'d'}`],
  ])('%s is the script that a step would send', async (_, speak) => {
    const [asked, done] = [told(), told()]
    await speak(lookDollar(asked.shell))
    await speak(hostDollar(done.shell)({ nothrow: true }))
    expect(asked.heard.map(({ script }) => script)).toEqual(done.heard.map(({ script }) => script))
  })

  it('answers with both streams and how it ended, whatever that is', async () => {
    const { shell, heard } = told(3)
    expect(await lookDollar(shell)({ input: 'given' })`cat`).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 })
    expect(heard).toEqual([{ script: 'cat', options: { reads: true, input: 'given' } }])
  })

  it.each<[string, unknown]>([
    ['a secret', new Secret('password', 'geheim')],
    ['nothing', undefined],
    ['an object', { a: 1 }],
  ])('takes no %s for a word', (_, word) => {
    expect(() => lookDollar(told().shell)`echo ${word as string}`).toThrow()
  })
})
