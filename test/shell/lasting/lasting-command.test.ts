// A command that goes on without its connection: its answer is its own, whatever becomes of the wire.
import { mkdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostShell } from '../../../src/shell/host-shell.ts'
import { awaitLasting, runLasting } from '../../../src/shell/lasting/lasting-command.ts'
import { readPlace } from '../../../src/shell/lasting/place.ts'
import { problemOf } from '../../kit/fake-world.ts'
import { connectionLost } from '../../kit/memory-cluster.ts'
import { type Sandbox, sandboxHost } from '../../kit/sandbox-host.ts'

let host: Sandbox
let place: string
beforeEach(() => {
  host = sandboxHost()
  place = host.path('place')
  mkdirSync(place)
})
afterEach(() => host.close())

const script = 'echo again >>tries; read word; echo "$word"; echo warned >&2; exit 3'

/** Loses the answer to some calls; what was asked is carried out, or not. */
const lossy = (calls: readonly ('lost before' | 'lost after')[]): HostShell => {
  const left = [...calls]
  return {
    ...host,
    async run(asked, options) {
      const loss = left.shift()
      if (loss === 'lost before') throw connectionLost('node1')
      const result = await host.run(asked, options)
      if (loss === 'lost after') throw connectionLost('node1')
      return result
    },
  }
}

describe('a command in the background of a node', () => {
  it('gives its own answer: output, errors, exit status', async () => {
    expect(await runLasting(host, place, { script, stdin: 'hello\n' })).toEqual({
      exitCode: 3,
      stdout: 'hello\n',
      stderr: 'warned\n',
    })
  })

  it('is waited for over another connection, and carried out once', async () => {
    const outcome = await runLasting(lossy(['lost after', 'lost before', 'lost after']), place, { script })
    expect(outcome).toMatchObject({ exitCode: 3 })
    expect((await host.run('cat tries')).stdout).toBe('again\n')
  })

  it('that never began because the connection was lost does not begin later', async () => {
    const problem = await problemOf(runLasting(lossy(['lost before']), place, { script }))
    expect(problem).toMatchObject({ code: 'connection-lost', exit: 7 })
    expect((await readPlace(host, place)).state).toEqual({ type: 'void' })
  })

  it('can be asked for its answer by whoever comes next', async () => {
    await runLasting(host, place, { script })
    expect(await awaitLasting(host, place)).toMatchObject({ exitCode: 3, stderr: 'warned\n' })
  })

  it('that starts with a dash is a command, and no option', async () => {
    expect(await runLasting(host, place, { script: '-x' })).toMatchObject({ exitCode: 127 })
  })
})
