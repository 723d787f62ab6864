import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { replayedText, replayedTree, stateJson } from '../../src/report/index.ts'
import { dryRun, failedRun, goodRun, stamped, started } from './story.ts'

describe('a run that is told again as text', () => {
  it('has the plan of a dry run below it, as stdout had it', () => {
    const text = replayedText(dryRun())
    expect(text.indexOf('evidence: 3 exact')).toBeLessThan(text.indexOf('Plan '))
    expect(text.endsWith('Next: run playbook install\n')).toBe(true)
  })

  it.each<[string, readonly RunEvent[]]>([
    ['a run', goodRun()],
    ['a dry run that broke off', dryRun().slice(0, -1)],
  ])('has no plan below %s', (_name, events) => {
    expect(replayedText(events)).not.toContain('Plan ')
  })

  const [, ...rest] = goodRun()
  const showing = (verbose: boolean, diff: boolean) =>
    replayedText([...stamped([started({ showing: { verbose, diff } })]), ...rest])

  it('shows as much as the run itself showed', () => {
    expect(showing(true, false)).toBe(replayedText(goodRun(), { verbose: true }))
    expect(showing(false, true)).toBe(replayedText(goodRun(), { diff: true }))
    expect(showing(false, false)).toBe(replayedText(goodRun()))
  })
})

describe('a run that is told again as a tree', () => {
  it('is the tree at its end with every step, and the summary below', () => {
    const lines = replayedTree(failedRun()).split('\n')
    expect(lines.slice(0, 4)).toEqual([
      'install  cluster msgr1  order node1 → node2 → node3  inventory/lab.yml (lab)',
      '  Messenger on every node',
      '    1 ✔ node1  3 changed 41s',
      '        ✔ install/mount      + mount /mnt/messenger',
    ])
    expect(lines).toContain(
      'error[prompt-unknown] The installer on node2 asked something that the dialogue does not know',
    )
  })

  it('cuts nothing, on a narrow screen either: lines go on further in, problems behind their labels', () => {
    const lines = replayedTree(failedRun(), { columns: 60 }).split('\n')
    expect(lines.join('\n')).not.toContain('…')
    expect(lines.slice(0, 6)).toEqual([
      'install  cluster msgr1  order node1 → node2 → node3',
      '    inventory/lab.yml (lab)',
      '  Messenger on every node',
      '    1 ✔ node1  3 changed 41s',
      '        ✔ install/mount      + mount /mnt/messenger',
      '        ✔ install/installer  41s  opaque · no package here',
    ])
    const at = lines.indexOf('error[prompt-unknown] The installer on node2 asked something')
    expect(lines[at + 1]).toBe('  that the dialogue does not know')
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(60)
  })

  it('breaks no line where it does not know how wide a line may be', () => {
    expect(replayedTree(failedRun()).split('\n')[0]).toMatch(/^install .* \(lab\)$/)
  })

  it('of a run that broke off shows the step that was at hand', () => {
    expect(replayedTree(goodRun().slice(0, 13))).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] install\/installer/)
  })
})

it('a run as JSON is how it stands, by play, host and step', () => {
  const state = JSON.parse(stateJson(failedRun()))
  expect(state).toMatchObject({ version: 1, started: { run: '2026-11-23-0612' }, ended: { exitCode: 1 } })
  expect(state.plays[0].hosts[1].steps[1]).toMatchObject({
    outlined: { step: 'install/installer', host: 'node2' },
    ended: { outcome: 'failed', problem: { code: 'prompt-unknown' } },
  })
  expect(Object.keys(state)).not.toContain('places')
})
