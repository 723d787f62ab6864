// The scripts of a lock in real shells: of many that want it one gets it, and nobody takes away another's.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  beatScript,
  clearScript,
  giveBackScript,
  lookScript,
  readAnswer,
  supersedeScript,
  takeScript,
} from '../../../src/engine/lock/scripts.ts'
import type { Owner } from '../../../src/model/lock.ts'
import { ownerOf } from '../../kit/carry.ts'
import { type Sandbox, sandboxHost } from '../../kit/sandbox-host.ts'

const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([program = '', ...rest]) => spawnSync(program, [...rest, '-c', ':']).status === 0,
)

const [ada, bob] = [ownerOf('msgr1', 'ada'), ownerOf('msgr1', 'bob')]
const free = { type: 'free' }
const taken = { type: 'taken' }
const lost = { type: 'lost' }

describe.each(shells.map(words => ({ name: words.join(' '), words })))('a lock, in $name', ({ words }) => {
  let host: Sandbox
  let directory: string
  beforeEach(() => {
    host = sandboxHost(words)
    directory = host.path('locks', 'a cluster')
  })
  afterEach(() => host.close())

  const say = async (script: string, owner?: Owner) =>
    readAnswer((await host.run(script, owner ? { input: JSON.stringify(owner) } : {})).stdout, 'node1')
  const take = (owner: Owner) => say(takeScript(directory), owner)
  const look = () => say(lookScript(directory))
  const heldBy = (owner: Owner) => ({ type: 'held', lock: { place: 'node1', owner, silentForMs: expect.any(Number) } })
  const beatLies = (at: number) => writeFileSync(`${directory}/beat`, `${at}\n`)

  it('is there only while somebody has it', async () => {
    expect(await look()).toEqual(free)
    expect(await take(ada)).toEqual(taken)
    expect(await look()).toEqual(heldBy(ada))
    expect(await say(giveBackScript(directory, ada.token))).toEqual(free)
    expect(await look()).toEqual(free)
    expect(readdirSync(dirname(directory))).toEqual([])
  })

  it('goes to one of many that want it at once', async () => {
    const all = Array.from({ length: 12 }, (_, n) => ownerOf('msgr1', `run ${n}`))
    const answers = await Promise.all(all.map(take))
    expect(answers.filter(({ type }) => type === 'taken')).toHaveLength(1)
    expect(answers.filter(({ type }) => type === 'held')).toHaveLength(11)
  })

  it('can be read by nobody but its owner’s user', async () => {
    await take(ada)
    const modes = await host.run(`cd '${directory}' && stat -c '%a' . owner beat`)
    expect(modes.stdout).toBe('700\n600\n600\n')
  })

  it('tells how long it has been silent, and a heartbeat ends the silence', async () => {
    await take(ada)
    beatLies(Math.floor(Date.now() / 1000) - 600)
    const silent = await look()
    expect(silent.type === 'held' && silent.lock.silentForMs).toBeGreaterThanOrEqual(600_000)
    expect(await say(beatScript(directory, ada.token))).toEqual({ type: 'kept' })
    const heard = await look()
    expect(heard.type === 'held' && heard.lock.silentForMs).toBeLessThan(60_000)
  })

  it('is not silent where the clock was set back, and tells nothing where the heartbeat cannot be read', async () => {
    await take(ada)
    beatLies(Math.floor(Date.now() / 1000) + 86_400)
    expect(await look()).toMatchObject({ lock: { silentForMs: 0 } })
    writeFileSync(`${directory}/beat`, 'a[$(touch /tmp/never)]\n')
    expect(await look()).toEqual({ type: 'held', lock: { place: 'node1', owner: ada } })
  })

  it('is neither kept alive nor given back by another', async () => {
    await take(ada)
    expect(await say(beatScript(directory, bob.token))).toEqual(lost)
    expect(await say(giveBackScript(directory, bob.token))).toEqual(lost)
    expect(await look()).toEqual(heldBy(ada))
  })

  it('is taken over from the one that is named, and from no other', async () => {
    await take(ada)
    expect(await say(supersedeScript(directory, bob.token), bob)).toEqual(heldBy(ada))
    expect(await say(supersedeScript(directory, ada.token), bob)).toEqual(taken)
    expect(await look()).toEqual(heldBy(bob))
    expect(await say(giveBackScript(directory, ada.token))).toEqual(lost)
  })

  it('is taken over by one of many that saw the same dead run', async () => {
    await take(ada)
    const all = Array.from({ length: 12 }, (_, n) => ownerOf('msgr1', `run ${n}`))
    const answers = await Promise.all(all.map(owner => say(supersedeScript(directory, ada.token), owner)))
    expect(answers.filter(({ type }) => type === 'taken')).toHaveLength(1)
    const winner = all[answers.findIndex(({ type }) => type === 'taken')]
    expect(winner && (await look())).toEqual(winner && heldBy(winner))
  })

  it('that went in the meantime cannot be taken over, and is free', async () => {
    expect(await say(supersedeScript(directory, ada.token), bob)).toEqual(free)
  })

  it('of which nobody can read whose it is counts all the same, until it is cleared', async () => {
    await take(ada)
    writeFileSync(`${directory}/owner`, '{"version":1,"token":"short"}')
    expect(await take(bob)).toEqual({ type: 'held', lock: { place: 'node1', silentForMs: expect.any(Number) } })
    expect(await say(clearScript(directory, bob.token))).toEqual(free)
    expect(await look()).toEqual(free)
  })

  it('that cannot be made leaves nothing behind, and says why', async () => {
    writeFileSync(host.path('locks'), 'a file in the way')
    const answer = await take(ada)
    expect(answer).toMatchObject({ type: 'failed', because: expect.stringMatching(/mkdir.*locks/) })
    expect(readFileSync(host.path('locks'), 'utf8')).toBe('a file in the way')
  })

  it('whose owner cannot be written is not taken, and a program says why', async () => {
    const answer = await say(`trap '' XFSZ; ulimit -f 0\n${takeScript(directory)}`, ada)
    expect(answer).toMatchObject({ type: 'failed', because: expect.stringContaining('File too large') })
    expect(existsSync(directory)).toBe(false)
  })

  it('whose beat cannot be written is not taken', async () => {
    // A disk that is full makes a directory all the same.
    host.install('date', 'echo "date: write error: No space left on device" >&2; exit 1')
    expect(await take(ada)).toMatchObject({ type: 'failed', because: expect.stringContaining('No space left') })
    expect(existsSync(directory)).toBe(false)
  })

  it('shows nothing that a terminal would obey, whatever lies on the node', async () => {
    await take({ ...ada, user: 'ada\u001b[2J\u0007', why: 'run\nlock taken' })
    const answer = await look()
    expect(answer).toMatchObject({ type: 'held', lock: { owner: { user: 'ada [2J', why: 'run lock taken' } } })
  })
})
