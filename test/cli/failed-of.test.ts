// `--failed-of RUN`, and selections that leave nothing: refused before anything connects.
import { beforeAll, describe, expect, it } from 'vitest'
import { toLine } from '../../src/journal/format.ts'
import type { EventBody, OutlinedStep } from '../../src/model/events.ts'
import { ended, stamped, started } from '../report/story.ts'
import { refusal, siteOf } from './scratch-site.ts'

const on = (host: string, step = 'site/mount-point'): OutlinedStep => ({
  step,
  name: 'Mount point',
  task: 'file',
  host,
  play: 0,
  within: [],
})

const begun = (more: Parameters<typeof started>[0] = {}) =>
  started({
    playbook: 'site',
    order: ['ada', 'bob'],
    plays: [{ name: 'Site', strategy: 'linear', hosts: ['ada', 'bob'] }],
    steps: [on('ada'), on('bob')],
    request: { playbook: 'site' },
    ...more,
  })

const journal = (...bodies: readonly EventBody[]): string =>
  stamped(bodies)
    .map(({ seq, at, ...body }) => toLine(body as EventBody, { seq, at, redact: text => text }).line)
    .join('')

let site: ReturnType<typeof siteOf>
beforeAll(() => {
  site = siteOf(runs)
})

const runs = {
  '.run/runs/half/events.jsonl': journal(begun(), ended('ada', 'site/mount-point')),
  '.run/runs/good/events.jsonl': journal(
    begun(),
    ended('ada', 'site/mount-point'),
    ended('bob', 'site/mount-point', { outcome: 'changed' }),
  ),
  '.run/runs/dry/events.jsonl': journal(begun({ mode: 'dry-run' })),
  '.run/runs/other/events.jsonl': journal(begun({ playbook: 'paths' })),
  '.run/runs/elsewhere/events.jsonl': journal(begun({ cluster: 'msgr2' })),
  '.run/runs/older/events.jsonl': journal(
    begun({
      plays: [{ name: 'Site', strategy: 'linear', hosts: ['ada', 'eve'] }],
      steps: [on('ada', 'site/gone'), on('eve')],
    }),
  ),
}

describe('--failed-of', () => {
  it.each([
    ['hlaf', 'error[run-unknown] There is no run hlaf here'],
    ['good', 'error[nothing-failed] Every step of run good came to a good end'],
    ['dry', 'error[run-dry] dry was a dry run'],
    ['other', 'seen    site on msgr1\n  wanted  paths on msgr1'],
    ['elsewhere', 'seen    site on msgr1\n  wanted  site on msgr2'],
    ['older', 'seen    site/gone@ada\n          site/mount-point@eve'],
  ])('%s is refused', async (run, text) => {
    expect(refusal(await site('playbook', 'site', '--failed-of', run))).toContain(text)
  })

  it('is a choice like the others: together with one that leaves nothing it is refused', async () => {
    const refused = refusal(await site('playbook', 'site', '--failed-of', 'half', '--limit', 'ada'))
    expect(refused).toContain('error[no-steps] site has nothing to do: no step is left')
    expect(refused).toContain('seen    -l ada --failed-of half')
  })

  it('goes as far as any other run on a cluster that is no lab', async () => {
    expect(await site('playbook', 'site', '--failed-of', 'half')).toMatchObject({ status: 5 })
  })
})

describe('a selection that leaves nothing is refused, with its flags', () => {
  it.each([
    [['--skip-tags', 'storage'], 'seen    --skip-tags storage'],
    [['--only', 'mount-point@ada', '-l', 'bob'], 'seen    -l bob --only mount-point@ada'],
  ])('%j', async (flags, text) => {
    const refused = refusal(await siteOf()('playbook', 'site', ...flags))
    expect(refused).toContain('error[no-steps]')
    expect(refused).toContain(text)
  })
})
