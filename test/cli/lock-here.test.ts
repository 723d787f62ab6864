// The lock of this machine, taken without a program: the scripts find what they would have left themselves.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runLocally } from '../../src/cli/local-shell.ts'
import { lockHere } from '../../src/cli/lock-here.ts'
import { beatScript, giveBackScript, lookScript, readAnswer, takeScript } from '../../src/engine/lock/scripts.ts'
import { ownerOf } from '../kit/carry.ts'

const [ada, bob] = [ownerOf('msgr1', 'ada'), ownerOf('msgr1', 'bob')]

let site: string
let directory: string
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), 'lock-here-'))
  directory = join(site, 'runs', '.locks', 'a cluster')
})
afterEach(() => rmSync(site, { recursive: true, force: true }))

const say = async (script: string, owner = ada) =>
  readAnswer((await runLocally(script, { input: JSON.stringify(owner) })).stdout, 'here')
const take = (owner = ada) => lockHere(directory).take(JSON.stringify(owner))

describe('the lock of this machine', () => {
  it('is one of which the scripts know whose it is, that lives, and that they give back', async () => {
    expect(take()).toBe(true)
    const lock = { place: 'here', owner: ada, silentForMs: expect.any(Number) }
    expect(await say(lookScript(directory))).toEqual({ type: 'held', lock })
    expect(await say(beatScript(directory, ada.token))).toEqual({ type: 'kept' })
    expect(await say(giveBackScript(directory, ada.token))).toEqual({ type: 'free' })
  })

  it('can be read by nobody else', () => {
    take()
    const modes = [directory, join(directory, 'owner'), join(directory, 'beat')].map(
      path => statSync(path).mode & 0o777,
    )
    expect(modes).toEqual([0o700, 0o600, 0o600])
  })

  it('goes to one of two, whichever way each of them takes', async () => {
    expect(await say(takeScript(directory), bob)).toEqual({ type: 'taken' })
    expect(take()).toBe(false)
    expect(lockHere(directory).giveBack(ada.token)).toBe(false)
    expect(JSON.parse(readFileSync(join(directory, 'owner'), 'utf8'))).toEqual(bob)
    expect(lockHere(directory).giveBack(bob.token)).toBe(true)
    expect(readdirSync(dirname(directory))).toEqual([])
    expect(take()).toBe(true)
    expect(await say(takeScript(directory), bob)).toMatchObject({ type: 'held', lock: { owner: ada } })
  })

  it('is left to the scripts where it cannot lie, which say why', async () => {
    mkdirSync(join(site, 'runs'))
    writeFileSync(join(site, 'runs', '.locks'), 'a file')
    expect(take()).toBe(false)
    expect(await say(takeScript(directory))).toMatchObject({
      type: 'failed',
      because: expect.stringContaining('.locks'),
    })
  })
})
