import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openJournal, readJournal } from '../../src/journal/index.ts'
import type { EventBody, RunEvent } from '../../src/model/events.ts'
import { type PlainOptions, plainView, replay } from '../../src/report/index.ts'
import { dryRun, ended, failedRun, goodRun, hosts, stamped, started } from './story.ts'

const shown = (events: readonly RunEvent[], options: PlainOptions = {}): string => {
  let text = ''
  const view = plainView(more => {
    text += more
  }, options)
  replay(events, view)
  return text
}

describe('a run without a terminal', () => {
  it('is one line per event that matters, in columns', () => {
    expect(shown(failedRun()).split('\n\n')[0]?.split('\n')).toEqual([
      'run    install            run           -          cluster msgr1 · inventory inventory/lab.yml (lab) · order node1 → node2 → node3',
      'node1  hold/partition     acquired      -',
      'node1  install/mount      applying      -          1 change',
      'node1  install/mount      changed       exact      + mount /mnt/messenger',
      'node1  install/installer  applying      -',
      'node1  install/installer  answered      -          Installing to a cluster? ← y',
      'node1  install/installer  working       -          prompt 1 of 11',
      'node1  install/installer  changed       opaque     no package here (41.3s)',
      'node1  install/uid-conf   applying      -          1 change',
      'node1  install/uid-conf   changed       exact      ~ text /etc/opt/novell/messenger/uid.conf',
      'node1  hold/partition     released      -',
      'node2  hold/partition     acquired      -',
      'node2  install/mount      applying      -          1 change',
      'node2  install/mount      changed       exact      + mount /mnt/messenger',
      'node2  install/installer  applying      -',
      'node2  install/installer  answered      -          Installing to a cluster? ← y',
      'node2  install/installer  failed        exact      The installer on node2 asked something that the dialogue does not know [prompt-unknown] (9s)',
    ])
  })

  it('ends with what failed, how things stand and how to go on', () => {
    const text = shown(failedRun(), { journal: '.run/2026-11-23-0612/events.jsonl' })
    expect(text.slice(text.indexOf('\n\n') + 2).split('\n')).toEqual([
      '9 steps: 4 changed · 1 failed · 4 not reached  1m 1s',
      '',
      'error[prompt-unknown] The installer on node2 asked something that the dialogue does not know',
      '  playbooks/dialogues/messenger-2.2.yml:31:5',
      '   31 |   - expect: Directory for shared storage',
      '      |     ^^^^^^ step install/installer@node2',
      '  seen    "Schema must be extended. Continue? (y/n)"',
      '  wanted  /Directory for shared storage/',
      '  state   nothing was answered',
      '  help    add the prompt to the dialogue',
      '  then    run resume 2026-11-23-0612',
      '',
      'nodes  node1 verified · node2 1 of 3 steps · node3 untouched',
      'still held  partition on node2',
      'run  2026-11-23-0612  journal .run/2026-11-23-0612/events.jsonl',
      '',
    ])
  })

  it('ends a dry run with how sure it is, and what has no way back', () => {
    expect(shown(dryRun())).toContain(
      '9 steps: 9 would change  900ms\nevidence: 3 exact · 3 predicted · 3 opaque\n▲ 3 cannot be undone\n',
    )
  })

  it('names a host or the run on every line, whatever it shows', () => {
    const text = shown(goodRun(), { verbose: true, diff: true }).split('\n\n')[0] ?? ''
    const first = text.split('\n').map(line => line.split(' ')[0])
    expect(new Set(first)).toEqual(new Set(['run', ...hosts]))
    expect(text).toMatch(/^node1 {2}install\/mount {6}\$ .* mount \/mnt\/messenger$/m)
    expect(text).toMatch(/^node1 .* diff .* \+nvlmsgr$/m)
  })

  it('has no blank in its first three fields, of an undo either', () => {
    const [first] = shown(stamped([started({ playbook: 'undo of r1', mode: 'run' })])).split('\n')
    expect(first).toMatch(/^run {4}undo-of-r1 +run {2}/)
  })

  it('stays on one line and without escapes, whatever a node sends', () => {
    const because = 'first\nsecond \u001b[31mred\u001b[0m \u0007'
    const text = shown(stamped([started(), ended('node1', 'install/mount', { because })]))
    expect(text.split('\n')[1]).toBe('node1  install/mount      same          exact      first second red �')
  })
})

describe('a replay is the live report, byte for byte (P11)', () => {
  it.each<[string, readonly RunEvent[], PlainOptions]>([
    ['a run', goodRun(), {}],
    ['a run that failed', failedRun(), { diff: true }],
    ['a dry run', dryRun(), { verbose: true, journal: 'x' }],
  ])('%s', (_name, events, options) => {
    const dir = mkdtempSync(join(tmpdir(), 'replay-'))
    const journal = openJournal(dir, 'r1', { redact: text => text.replaceAll('nvlmsgr', '••••••') })
    let live = ''
    const view = plainView(more => {
      live += more
    }, options)
    journal.listen(event => view.show(event))
    for (const { seq, at, ...body } of events) journal.emit(body as EventBody)
    journal.close()
    expect(shown(readJournal(dir, 'r1'), options)).toBe(live)
    expect(live).not.toContain('nvlmsgr')
  })
})
