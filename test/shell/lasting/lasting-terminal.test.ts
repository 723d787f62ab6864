// A real program on a real terminal, by the tools of this machine: it goes on when whoever started it is gone.
import { mkdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '../../../src/model/problem.ts'
import { converse } from '../../../src/shell/converse.ts'
import type { Dialogue } from '../../../src/shell/dialogue.ts'
import type { HostShell, Terminal } from '../../../src/shell/host-shell.ts'
import { startLasting, watchLasting } from '../../../src/shell/lasting/lasting-terminal.ts'
import { readPlace } from '../../../src/shell/lasting/place.ts'
import { type Sandbox, sandboxHost } from '../../kit/sandbox-host.ts'

let host: Sandbox
let place: string
beforeEach(() => {
  host = sandboxHost()
  place = host.path('place')
  mkdirSync(place)
})
afterEach(() => host.close())

const installer = `printf 'Tree: '; read tree; printf 'Context für %s: ' "$tree"; read context; stty -echo; printf 'Password: '; read p; stty echo; echo; echo "$tree/$context/$p" >result; echo done; exit 3`

const dialogue: Dialogue = {
  settleMs: 60,
  withinMs: 5000,
  prompts: [
    { name: 'tree', expect: 'Tree: ', answer: 'ACME' },
    { name: 'its context', expect: /Context für \w+: $/, answer: 'ou=im' },
    { name: 'password', expect: 'Password: ', answer: 'pass word', secret: true },
  ],
}

const started = async (command = installer): Promise<Terminal> => {
  const terminal = await startLasting(host, place, `cd ${host.path()}; ${command}`)
  if (!terminal) throw new Error('this machine has no `script`')
  await hasBegun()
  return terminal
}

/** Whoever asks earlier finds that none has begun, and none will. */
const hasBegun = () =>
  expect.poll(async () => (await host.run(`cat ${place}/pid 2>/dev/null; :`)).stdout, { timeout: 5000 }).not.toBe('')

const again = async (shell: HostShell = host): Promise<Terminal> =>
  watchLasting(shell, place, await readPlace(host, place))

const talk = (terminal: Terminal, answered: string[], stopAfter?: string) =>
  converse(terminal, dialogue, {
    answerOf: ({ answer = '' }) => answer,
    onAnswer: ({ name }) => {
      if (name === stopAfter) throw new Error('killed')
      answered.push(name)
    },
  })

describe('a program that outlives whoever started it', () => {
  it('is answered to its end, and tells its own exit status', async () => {
    const answered: string[] = []
    const { exitCode, transcript } = await talk(await started(), answered)
    expect(exitCode).toBe(3)
    expect(answered).toEqual(['tree', 'its context', 'password'])
    expect(transcript.map(({ text }) => text).join('')).toMatch(
      /^Tree: ACMEACME\nContext für ACME: ou=imou=im\nPassword: /,
    )
    expect((await host.run('cat result')).stdout).toBe('ACME/ou=im/pass word\n')
    expect((await readPlace(host, place)).state).toEqual({ type: 'ended', exitCode: 3 })
  })

  it('is taken up behind what was typed already, and nothing is typed twice', async () => {
    const first = await started()
    await seen(first, 'Tree: ')
    await first.write('ACME\r', { prompt: 'tree', shown: await shownBy(first, 'Tree: ') })
    await seen(await again(), 'Context')
    const answered: string[] = []
    const { exitCode, transcript } = await talk(await again(), answered)
    expect(exitCode).toBe(3)
    expect(answered).toEqual(['its context', 'password'])
    expect(transcript.map(entry => (entry.type === 'typed' ? entry.prompt : entry.text.trim()))).toEqual([
      'Tree:',
      'tree',
      expect.stringContaining('Context für ACME:'),
      'its context',
      expect.stringContaining('Password:'),
      'password',
      'done',
    ])
    expect((await host.run('cat result')).stdout).toBe('ACME/ou=im/pass word\n')
  })

  it('is taken up behind many answers, however fast they are gone over', async () => {
    const first = await started('for i in 1 2 3 4 5 6 7 8; do printf "q$i: "; read a; echo "$i $a" >>answers; done')
    for (const i of [1, 2, 3, 4, 5, 6]) {
      const shown = await seen(await again(), `q${i}: `)
      await first.write(`${i}\r`, { prompt: `${i}`, shown })
    }
    const answered: string[] = []
    const prompts = [1, 2, 3, 4, 5, 6, 7, 8].map(i => ({ name: `${i}`, expect: `q${i}: `, answer: `${i}` }))
    await converse(
      await again(),
      { settleMs: 60, withinMs: 5000, prompts },
      { answerOf: ({ answer = '' }) => answer, onAnswer: ({ name }) => void answered.push(name) },
    )
    expect(answered).toEqual(['7', '8'])
    expect((await host.run('cat answers')).stdout).toBe('1 1\n2 2\n3 3\n4 4\n5 5\n6 6\n7 7\n8 8\n')
  })

  it.each([
    ['shows what is typed', 'stty echo', true],
    ['does not', 'stty -echo', false],
    ['leaves that to the program, so nobody knows', 'stty -icanon -echo', undefined],
  ])('tells of its terminal that it %s', async (_, set, shows) => {
    const terminal = await started(`${set}; printf 'Name: '; read a`)
    await seen(terminal, 'Name: ')
    expect(await terminal.showsTyped?.()).toBe(shows)
    await terminal.write('x\n')
    await terminal.exited
  })

  it('is not answered by a dialogue that reads otherwise', async () => {
    const first = await started()
    await first.write('ACME\r', { prompt: 'another', shown: await shownBy(first, 'Tree: ') })
    const problem: Problem = await talk(await again(), []).then(
      () => undefined,
      error => error,
    )
    expect(problem).toMatchObject({ code: 'dialogue-changed', exit: 7 })
    expect((await readPlace(host, place)).state).toEqual({ type: 'running' })
    await first.end()
    // Its last words, where it gets that far, are its exit status.
    expect([{ type: 'died' }, { type: 'ended', exitCode: 143 }]).toContainEqual((await readPlace(host, place)).state)
  })

  it('goes on while nobody listens, and can still be read when it has ended', async () => {
    await started('echo one; sleep 0.3; echo two; exit 0')
    await expect.poll(async () => (await readPlace(host, place)).state.type, { timeout: 5000 }).toBe('ended')
    const { exitCode, transcript } = await converse(await again(), { prompts: [] }, { answerOf: () => '' })
    expect({ exitCode, transcript }).toEqual({ exitCode: 0, transcript: [{ type: 'shown', text: 'one\ntwo\n' }] })
  })

  it('is heard again when the connection was lost, from where it was lost', async () => {
    const terminal = await started('for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.1; done')
    let calls = 0
    const lossy: HostShell = {
      ...host,
      follow: async script => {
        const stream = await host.follow(script)
        if (++calls > 2) return stream
        const lose = () => setTimeout(stream.stop, 150)
        return { ...stream, onOutput: listener => stream.onOutput(piece => [listener(piece), lose()]) }
      },
    }
    const { transcript } = await converse(await again(lossy), { prompts: [] }, { answerOf: () => '' })
    expect(transcript).toEqual([{ type: 'shown', text: '1\n2\n3\n4\n5\n6\n7\n8\n9\n' }])
    expect(calls).toBeGreaterThan(1)
    await terminal.exited
  })

  it('is answered where the server opens no channel to watch it on', async () => {
    const narrow: HostShell = {
      ...host,
      follow: () => Promise.reject(new Problem({ code: 'channel-refused', summary: 'no further channel' })),
    }
    const terminal = await startLasting(narrow, place, `cd ${host.path()}; ${installer}`)
    const { exitCode, transcript } = await talk(terminal as Terminal, [])
    expect(exitCode).toBe(3)
    expect(transcript).toContainEqual({ type: 'shown', text: expect.stringContaining('Context für ACME: ') })
    expect(transcript.at(-1)).toMatchObject({ text: expect.stringContaining('done') })
  })

  it('has an end that nobody knows when it is killed', async () => {
    const terminal = await started('sleep 60')
    await host.run(`kill -9 $(cut -d' ' -f1 ${place}/pid)`)
    expect(await terminal.exited).toBeNull()
    expect((await readPlace(host, place)).state).toEqual({ type: 'died' })
  })

  it('is not started where the node lacks `script`, and the place says so', async () => {
    host.install('command', 'exit 1')
    const shell: HostShell = { ...host, run: (script, options) => host.run(`command() { false; }\n${script}`, options) }
    expect(await startLasting(shell, place, 'true')).toBeUndefined()
    expect((await readPlace(host, place)).state).toEqual({ type: 'bare' })
  })

  it('cannot begin any more once somebody has found that none has', async () => {
    expect((await readPlace(host, place)).state).toEqual({ type: 'void' })
    expect((await readPlace(host, place, 'claiming')).state).toEqual({ type: 'void' })
    const terminal = await startLasting(host, place, `touch ${host.path('begun')}`)
    expect(await terminal?.exited).toBeNull()
    expect((await readPlace(host, place)).state).toEqual({ type: 'void' })
    expect((await host.run('ls begun 2>&1; :')).stdout).toContain('No such file')
  })
})

/** Waits until the screen holds a text. */
const seen = (terminal: Terminal, text: string): Promise<number> =>
  new Promise(resolve => {
    let all = ''
    terminal.onOutput((piece, shown) => {
      all += piece
      if (all.includes(text)) resolve(shown)
    })
  })

const shownBy = async (_: Terminal, text: string): Promise<number> => seen(await again(), text)
