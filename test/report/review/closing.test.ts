import { describe, expect, it } from 'vitest'
import { closingOf, type StepDone } from '../../../src/report/review/closing.ts'
import { plan } from './a-plan.ts'
import { goodRun, mixedRun } from './a-run.ts'

const { steps } = plan.body

describe('planned against done', () => {
  it('is as planned where each planned change was made; what nobody could know before is whatever it came to be', () => {
    expect(closingOf(steps, goodRun()).steps.filter(({ isAsPlanned }) => !isAsPlanned)).toEqual([])
  })

  const mixed = closingOf(steps, mixedRun())
  const of = (address: string): StepDone | undefined =>
    mixed.steps.find(({ step, host }) => `${step}@${host}` === address)

  it('tells a change that came out otherwise, with both sides', () => {
    const [other] = of('install/mount-point@node1')?.otherwise ?? []
    expect(other).toMatchObject({ planned: { after: { mode: '0755' } }, done: { after: { mode: '0700' } } })
  })

  it('tells what was missed', () => {
    expect(of('install/uid-conf@node1')?.missed.map(({ kind }) => kind)).toEqual(['text'])
  })

  it('tells what was done and not planned', () => {
    expect(of('install/startup-file@node1')?.invented.map(({ key }) => key)).toEqual(['/tmp/left'])
  })

  it('never takes a step that failed or was not reached for one that went as planned', () => {
    expect(of('install/installer@node2')).toMatchObject({ outcome: 'failed', isAsPlanned: false })
    expect(of('install/mount-point@node3')).toMatchObject({ outcome: 'not-reached', isAsPlanned: false })
  })

  it('tells a step that no plan knows', () => {
    const done = closingOf(steps.slice(1), goodRun()).steps.at(-1)
    expect(done).toMatchObject({ step: 'install/mount-point', host: 'node1', isAsPlanned: false })
    expect(done).not.toHaveProperty('planned')
  })

  it('counts what a resumed run changed before and after', () => {
    const first = mixedRun()
    const second = goodRun().filter(event => event.type !== 'step-ended' || event.step === 'install/uid-conf')
    const closed = closingOf(steps, [...first, ...second])
    expect(closed.steps.find(({ step }) => step === 'install/uid-conf')).toMatchObject({
      outcome: 'changed',
      missed: [],
    })
    expect(closed).toMatchObject({ exitCode: 0, ms: 190_000 })
  })

  it('keeps transcripts as they were on the screen, answers in lines of their own', () => {
    expect(mixed.transcripts).toEqual([
      {
        step: 'install/installer',
        host: 'node1',
        lines: ['Are you installing to a cluster? (y/n): ', '» cluster: y', 'y', '<b>Done.</b>'],
      },
    ])
  })
})
