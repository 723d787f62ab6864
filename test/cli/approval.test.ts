// A plan is approved by a signature that ssh-keygen makes and verifies; here with the real one.
import { execFileSync, execSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findApproval, signatureOf, signCommand } from '../../src/cli/approval.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { planFor } from '../kit/plans.ts'
import { keep } from '../kit/things.ts'

const one = ['node1']
const planOf = (value: string) =>
  planFor(outline(one, play(one, [step('Lamp', keep, { args: { key: 'lamp', value } })])), memoryCluster(one))
const plan = await planOf('on')

let dir: string
const at = (name: string) => join(dir, name)
const newKey = (name: string, who: string) => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', who, '-f', at(name)])
  return `${who} ${readFileSync(at(`${name}.pub`), 'utf8')}`
}
const signWith = (key: string, { namespace = 'run-plan', digest = plan.digest } = {}) => {
  const signed = execFileSync('ssh-keygen', ['-Y', 'sign', '-f', at(key), '-n', namespace], {
    input: digest,
    stdio: 'pipe',
  })
  writeFileSync(signatureOf(at('plan.json')), signed)
}
const find = (of = plan) => {
  const { by, problem } = findApproval(of, at('plan.json'), { allowedSigners: at('signers'), isRequired: true })
  return { by, seen: problem?.fields.seen?.replaceAll(dir, 'DIR'), exit: problem?.exit }
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-approval-'))
  const allowed = newKey('alice', 'alice@example.com')
  newKey('mallory', 'mallory@example.com')
  writeFileSync(at('signers'), allowed)
})
afterAll(() => rmSync(dir, { recursive: true }))
beforeEach(() => rmSync(signatureOf(at('plan.json')), { force: true }))

describe('a plan', () => {
  it('that one of the signers signed is approved, and by whom is told', () => {
    signWith('alice')
    expect(find()).toEqual({ by: ['alice@example.com'] })
  })

  it('that is signed with the line that `run plan` prints is approved', () => {
    const line = signCommand(plan, at('plan.json')).replace('~/.ssh/id_ed25519', at('alice'))
    execSync(line, { shell: '/bin/sh', stdio: ['ignore', 'ignore', 'pipe'] })
    expect(find()).toEqual({ by: ['alice@example.com'] })
  })

  it.each([
    ['that nobody signed', () => {}, 'no signature DIR/plan.json.sig'],
    ['signed by somebody else', () => signWith('mallory'), 'signed by nobody who may sign'],
    [
      'signed for another purpose',
      () => signWith('alice', { namespace: 'git' }),
      'a signature by alice@example.com, but not of this plan',
    ],
    [
      'with the signature of another plan',
      () => signWith('alice', { digest: 'abc' }),
      'a signature by alice@example.com, but not of this plan',
    ],
    [
      'with a signature that is none',
      () => writeFileSync(signatureOf(at('plan.json')), 'me'),
      'signed by nobody who may sign',
    ],
  ])('%s is not', (_what, sign, seen) => {
    sign()
    expect(find()).toEqual({ by: [], seen, exit: 3 })
  })

  it('that was made anew after it was signed is not', async () => {
    signWith('alice')
    expect(find(await planOf('off')).by).toEqual([])
  })

  it('cannot be approved where nobody says who may sign', () => {
    signWith('alice')
    const { problem } = findApproval(plan, at('plan.json'), { allowedSigners: at('nobody'), isRequired: true })
    expect(problem?.fields.seen).toBe(`no file ${at('nobody')}`)
  })
})
