// Killed at any event and resumed, a run ends as one that nobody disturbed (P6); no installer runs twice, and the
// partition is on one node at most all the time (P9).
//
// The tests carry out the chosen crashes; `npm run crash` kills at every event, and prints a table. Its settings:
// PLAYBOOK (install), LANES (2): labs side by side, EVERY (1): only each so-manieth event, FROM (1) and TO: the
// first and the last of them.
import { afterAll, describe, expect, it } from 'vitest'
import { chosenCrashes } from './chosen.ts'
import type { CrashResult } from './crash.ts'
import { NeverCame } from './kill.ts'
import { beginSample, beginSweep } from './lanes.ts'
import { crashTable } from './table.ts'

const { env } = process
const isWhole = env.CRASH === 'all'
const longest = isWhole ? 24 * 3_600_000 : 900_000
const numberOf = (name: string, otherwise: number): number => Number(env[name] ?? otherwise)

const sweep = () =>
  beginSweep({
    playbook: env.PLAYBOOK ?? 'install',
    lanes: numberOf('LANES', 2),
    every: numberOf('EVERY', 1),
    from: numberOf('FROM', 1),
    to: numberOf('TO', Number.POSITIVE_INFINITY),
  })

describe('killed at', { timeout: longest }, async () => {
  const results = await (isWhole ? sweep() : beginSample(chosenCrashes, 2))
  const done: CrashResult[] = []

  it.for([...results.keys()])('%s', async (name, { skip }) => {
    const result = await results.get(name)?.catch(error => {
      if (error instanceof NeverCame) skip(error.message)
      throw error
    })
    if (!result) throw new Error(`no crash ${name}`)
    done.push(result)
    expect(result.faults, `${result.kind} ${result.at}`).toEqual([])
    // What it was about to type, to look at or to hold can be found out: only of a program of others nobody knows.
    if (result.said.length > 0) expect([result.at, result.isForeign]).toEqual([result.at, true])
  })

  afterAll(() => {
    process.stdout.write(`${crashTable(done)}\n`)
  })
})
