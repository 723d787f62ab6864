import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { foldAll, type PlanDocument, planJson, planMarkdown, planOf, planText } from '../../src/report/index.ts'
import { dryRun, ended, hosts, stamped, started } from './story.ts'

const plan = (events: readonly RunEvent[]): PlanDocument => {
  const made = planOf(foldAll(events))
  if (!made) throw new Error('the events hold no start of a run')
  return made
}

const forms: readonly [string, (plan: PlanDocument) => string][] = [
  ['text', planText],
  ['text with diffs', made => planText(made, { diff: true })],
  ['markdown', planMarkdown],
  ['json', planJson],
]

describe('a plan', () => {
  it('is a table per node, in the order of the failover list', () => {
    const [title, ...lines] = planText(plan(dryRun())).split('\n')
    expect(title).toMatch(/^Plan [0-9a-f]{4} {2}install {2}cluster msgr1 {2}order node1 → node2 → node3$/)
    expect(lines.slice(0, 8)).toEqual([
      '  9 steps: 3 exact · 3 predicted · 3 opaque    9 would change    3 cannot be undone (▲)',
      '',
      ' node1  preferred node',
      '  1  +  install/mount      mount /mnt/messenger                     exact      mounted nowhere',
      '  2  !  install/installer  package novell-messenger                 opaque ▲   no package here',
      '  3  ~  install/uid-conf   text /etc/opt/novell/messenger/uid.conf  predicted  after install/installer',
      '',
      ' node2  only when node1 is verified',
    ])
    expect(lines.slice(-2)).toEqual(['Next: run playbook install', ''])
  })

  it('shows what each change is made of when asked', () => {
    const text = planText(plan(dryRun()), { diff: true })
    expect(text).toContain(
      '        ~ text /etc/opt/novell/messenger/uid.conf\n            text +1 −1 line\n            ---',
    )
    expect(text).toContain('            -root\n            +nvlmsgr\n')
    expect(text).toContain('        + package novell-messenger\n            not known before it is done\n')
  })

  it('says that there is nothing to do', () => {
    const same = hosts.flatMap(host =>
      ['install/mount', 'install/installer', 'install/uid-conf'].map(step =>
        ended(host, step, { evidence: 'attested' }),
      ),
    )
    const text = planText(plan(stamped([started({ mode: 'dry-run' }), ...same])))
    expect(text).toContain('9 steps: 9 attested    nothing to change')
    expect(text).toMatch(/\n {2}1 {2}= {2}install\/mount .* attested {2}it is as it should be\n/)
    expect(text).toMatch(/\nNothing to do\.\n$/)
  })

  it('names what it could not tell', () => {
    const unknown = ended('node1', 'install/mount', { outcome: 'unknown', because: 'node3 cannot be asked' })
    const text = planText(plan(stamped([started({ mode: 'dry-run' }), unknown])))
    expect(text).toContain('9 steps: 1 exact · 8 without an answer')
    expect(text).toMatch(/1 {2}\? {2}install\/mount .* node3 cannot be asked/)
    expect(text).toMatch(/2 {2}· {2}install\/installer .* the dry run did not come this far/)
  })

  it.each(forms)('as %s has the same bytes for the same world, at another time, in another run', (_name, form) => {
    const later = dryRun().map((event): RunEvent => {
      const at = event.at.replace('2026', '2027')
      if (event.type === 'step-ended') return { ...event, at, ms: event.ms + 7 }
      return event.type === 'run-started' ? { ...event, at, run: '2027-01-01-0000' } : { ...event, at }
    })
    expect(form(plan(later))).toBe(form(plan(dryRun())))
  })

  it('has another digest when one value that it would set is another', () => {
    const other = dryRun().map(event =>
      event.seq === 4 && event.type === 'step-ended' ? { ...event, changes: [] } : event,
    )
    expect(plan(other).digest).not.toBe(plan(dryRun()).digest)
  })

  it('as markdown keeps its tables and fences whole, whatever is in the texts', () => {
    const text = '```\n| a | b |\n'
    const changes = [{ kind: 'text', key: '/a|b', before: { type: 'absent' }, after: { type: 'text', text } }]
    const one = ended('node1', 'install/mount', { outcome: 'would-change', because: 'a | b *c*', changes })
    const lines = planMarkdown(plan(stamped([started({ mode: 'dry-run' }), one]))).split('\n')
    const row = lines.find(line => line.startsWith('| 1 |')) ?? ''
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(8)
    expect(row).toContain('a \\| b \\*c\\*')
    expect(lines.filter(line => line.startsWith('````'))).toEqual(['````diff', '````'])
  })

  it('folds a long diff on a screen, and says how long it is', () => {
    const text = Array.from({ length: 100 }, (_, line) => `line ${line}\n`).join('')
    const changes = [{ kind: 'text', key: '/a', before: { type: 'absent' }, after: { type: 'text', text } }]
    const one = ended('node1', 'install/mount', { outcome: 'would-change', because: '', changes })
    const shown = planText(plan(stamped([started({ mode: 'dry-run' }), one])), { diff: true })
    expect(shown).toContain('text +100 lines')
    expect(shown).toContain('+line 56\n')
    expect(shown).not.toContain('+line 57\n')
    expect(shown).toContain('… 43 more lines of 103 (+43 −0)')
  })

  it('as json can be read by programs', () => {
    expect(JSON.parse(planJson(plan(dryRun())))).toMatchObject({
      version: 1,
      order: hosts,
      hosts: [
        { host: 'node1', steps: [{ number: 1, sign: '+', step: 'install/mount', evidence: 'exact' }, {}, {}] },
        {},
        {},
      ],
    })
  })
})
