import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { countEvidence, countOutcomes, tellHosts } from '../../src/report/counts.ts'
import { allSteps, fold, foldAll, nothingYet, type RunState } from '../../src/report/index.ts'
import { dryRun, ended, failedRun, goodRun, stamped, started } from './story.ts'

const find = (state: RunState, host: string, step: string) =>
  allSteps(state).find(({ outlined }) => outlined.host === host && outlined.step === step)

/** Freezes all the way down, so that a change of what was handed out throws. */
const freeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  Object.values(value).forEach(freeze)
  return value
}

describe('the state of a run', () => {
  it('knows every step from the outline on', () => {
    const state = foldAll(goodRun().slice(0, 1))
    expect(countOutcomes(allSteps(state))).toMatchObject({ 'not-reached': 9, changed: 0 })
  })

  it('follows a step from its start to its end', () => {
    const events = goodRun()
    const at = (seq: number) => find(foldAll(events.slice(0, seq)), 'node1', 'install/installer')
    expect(at(10)).not.toHaveProperty('startedAt')
    expect(at(11)).toMatchObject({ startedAt: events[10]?.at })
    expect(at(14)).toMatchObject({ intended: [], progress: 'prompt 1 of 11' })
    expect(at(15)?.ended).toMatchObject({ outcome: 'changed', evidence: 'opaque', ms: 41_300 })
  })

  it('forgets an end when the step begins again, as it does after a resume', () => {
    const again = { type: 'step-started', step: 'install/mount', host: 'node1' } as const
    const state = foldAll(stamped([started(), ended('node1', 'install/mount', { outcome: 'failed' }), again]))
    expect(find(state, 'node1', 'install/mount')).not.toHaveProperty('ended')
  })

  it('keeps the holds that are open', () => {
    expect(foldAll(goodRun()).holds).toEqual([])
    expect(foldAll(failedRun()).holds).toEqual([{ hold: 'partition', host: 'node2', state: 'acquired' }])
  })

  it('counts by outcome and by evidence', () => {
    const steps = allSteps(foldAll(dryRun()))
    expect(countOutcomes(steps)['would-change']).toBe(9)
    expect(countEvidence(steps)).toEqual({ exact: 3, predicted: 3, attested: 0, opaque: 3 })
  })

  it('tells how each host stands', () => {
    expect(tellHosts(foldAll(failedRun()))).toBe('node1 verified · node2 1 of 3 steps · node3 untouched')
  })

  it('has a file that was summed up later among those that it was read from', () => {
    const inputs = ['a', 'c'].map(file => ({ file, sha256: file }))
    const later = { type: 'input-summed', file: 'b', sha256: 'ab' } as const
    const files = (...events: Parameters<typeof stamped>[0]) =>
      foldAll(stamped(events)).started?.inputs?.map(({ file, sha256 }) => `${file} ${sha256}`)
    expect(files(started({ inputs }), later)).toEqual(['a a', 'b ab', 'c c'])
    expect(files(started(), later)).toEqual(['b ab'])
  })

  it('takes in a step that no outline named', () => {
    const state = foldAll(stamped([started(), ended('node2', 'install/restart-agents', { outcome: 'changed' })]))
    expect(find(state, 'node2', 'install/restart-agents')?.ended?.outcome).toBe('changed')
    expect(allSteps(state)).toHaveLength(10)
  })

  it('takes in what it has no word for', () => {
    const state = foldAll(goodRun())
    expect(fold(state, { type: 'of-a-later-version', seq: 99, at: '' } as unknown as RunEvent)).toBe(state)
  })

  it('never changes what it was given', () => {
    let state = freeze(nothingYet)
    for (const event of freeze([...failedRun()])) state = freeze(fold(state, event))
    expect(state).toEqual(foldAll(failedRun()))
  })
})
