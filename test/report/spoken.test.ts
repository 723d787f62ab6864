// A run and a plan for somebody who hears the screen: the same facts, one a line, and no sign that means something.
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/model/events.ts'
import { Secret } from '../../src/model/secret.ts'
import { dueInWords } from '../../src/report/due-in-words.ts'
import { foldAll, plainView, planOf, planText, replay, replayedText, screenView } from '../../src/report/index.ts'
import { printableLines } from '../../src/report/printable.ts'
import { inSpeech } from '../../src/report/spoken/words.ts'
import { carry } from '../kit/carry.ts'
import { outlined } from '../kit/language.ts'
import { memoryCluster } from '../kit/memory-cluster.ts'
import { dryRun, failedRun, goodRun, uidConf } from './story.ts'

const heard = (events: readonly RunEvent[], options: { verbose?: boolean; diff?: boolean } = {}): string => {
  let text = ''
  const view = plainView(
    more => {
      text += more
    },
    { ...options, isSpoken: true },
  )
  replay(events, view)
  return text
}

/** What is drawn, and what a reader leaves out or names without its meaning. */
const signs = /[^\x20-\x7e\n]|^ *[+~=!?·-] | {3}|-{2}|={2}/m

describe('a run that is heard', () => {
  it('has a word for a secret that was typed', () => {
    expect(inSpeech(`password ← ${new Secret('password', 'novell')} (12 of 31)`)).toBe(
      'password, answered with hidden (12 of 31)',
    )
  })

  it('is one sentence per event', () => {
    expect(heard(failedRun()).split('\n\n')[0]?.split('\n')).toEqual([
      'run, install: run. cluster msgr1, inventory inventory/lab.yml (lab), order node1 to node2 to node3',
      'node1, hold/partition: acquired',
      'node1, install/mount: applying. 1 change',
      'node1, install/mount: changed, exact. new mount /mnt/messenger',
      'node1, install/installer: applying',
      'node1, install/installer: answered. Installing to a cluster?, answered with y',
      'node1, install/installer: working. prompt 1 of 11',
      'node1, install/installer: changed, opaque. no package here (41.3s)',
      'node1, install/uid-conf: applying. 1 change',
      'node1, install/uid-conf: changed, exact. changed text /etc/opt/novell/messenger/uid.conf',
      'node1, hold/partition: released',
      'node1: finished. 1 of 3 nodes',
      'node2, hold/partition: acquired',
      'node2, install/mount: applying. 1 change',
      'node2, install/mount: changed, exact. new mount /mnt/messenger',
      'node2, install/installer: applying',
      'node2, install/installer: answered. Installing to a cluster?, answered with y',
      'node2, install/installer: failed, exact. The installer on node2 asked something that the dialogue does not know [prompt-unknown] (9s)',
    ])
  })

  const changes = 'name: Keep, keep: { key: a, value: x }'
  it.each([
    ['handlers', `tasks: [{ ${changes}, notify: H }], handlers: [{ name: H, act: { set: b } }]`, /h: changed/],
    [
      'a further try of a block',
      `tasks: [{ until: "false", retries: 1, delay: 0, name: B, block: [{ ${changes} }] }], ignore_errors: true`,
      /try 2 of 2/,
    ],
    ['nothing', `tasks: [{ ${changes} }]`, /keep: changed/],
  ])('calls no node finished while %s comes after its steps', async (_, play, sign) => {
    const two = 'all: { hosts: { node1: , node2: } }'
    const run = await carry(
      outlined(`- { hosts: all, ${play} }`, { inventory: two }),
      memoryCluster(['node1', 'node2']),
    )
    const [all = ''] = heard(run.events).split('\n\n')
    const lines = all.split('\n')
    expect(lines.some(line => sign.test(line))).toBe(true)
    const first = lines.findIndex(line => line.includes('finished'))
    expect(lines.slice(first)).toEqual(['node1: finished. 1 of 2 nodes', 'node2: finished. 2 of 2 nodes'])
  })

  it('says of each line of a diff what it is', () => {
    expect(heard(goodRun(), { diff: true }).split('\n')).toEqual(
      expect.arrayContaining([
        'node1, install/uid-conf: change. changed text /etc/opt/novell/messenger/uid.conf: text +1 minus 1 line',
        'node1, install/uid-conf: removes. root',
        'node1, install/uid-conf: adds. nvlmsgr',
      ]),
    )
  })

  it.each<[string, readonly RunEvent[]]>([
    ['a run', goodRun()],
    ['a dry run', dryRun()],
  ])('%s has no sign in it that is drawn', (_, events) => {
    expect(heard(events, { verbose: true, diff: true })).not.toMatch(signs)
  })

  it('is told again as it was heard, on a narrow terminal too (P11)', () => {
    let text = ''
    const narrow = {
      columns: 40,
      write(more: string | Uint8Array) {
        text += more
        return true
      },
    }
    replay(failedRun(), screenView({ stream: narrow, isTerminal: true, isDumb: false, colour: true, isSpoken: true }))
    expect(text).toBe(heard(failedRun()))
    expect(replayedText(failedRun(), { isSpoken: true })).toBe(text)
    expect(replayedText(dryRun(), { isSpoken: true })).toMatch(/^Node node1, preferred node: 3 steps\.$/m)
  })

  it('ends as it does on a screen, in words', () => {
    expect(heard(dryRun())).toContain(
      '9 steps: 9 would change  900ms\nevidence: 3 exact, 3 predicted, 3 opaque\n3 cannot be undone\n',
    )
  })
})

describe('a plan that is heard', () => {
  const plan = planOf(foldAll(dryRun()))
  const told = plan ? planText(plan, { isSpoken: true, diff: true }) : ''

  it('is one sentence per step, with what it would do, why, and how sure that is', () => {
    const [title, counts, ...lines] = told.split('\n')
    expect(title).toMatch(/^Plan \w{4}, install, cluster msgr1, order node1 to node2 to node3$/)
    expect(counts).toBe('9 steps: 3 exact, 3 predicted, 3 opaque, 9 would change, 3 cannot be undone')
    expect(lines.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "Node node1, preferred node: 3 steps.",
        "Step 1, install/mount: would change, makes something new, mount /mnt/messenger. Why: mounted nowhere. Evidence: exact.",
        "new mount /mnt/messenger",
      ]
    `)
    expect(lines.filter(line => line.includes('Cannot be undone'))).toHaveLength(3)
  })

  it('has no sign in it that is drawn', () => {
    expect(told).not.toMatch(signs)
  })
})

it('what a person is asked about is told in words', () => {
  const { lines } = dueInWords(
    {
      type: 'step-asked',
      seq: 1,
      at: '',
      step: 'a/b',
      host: 'node1',
      because: 'it differs',
      changes: [uidConf],
      holds: [],
    },
    true,
  )
  expect(lines.flatMap(printableLines)).toEqual([
    'why  it differs',
    'changed text /etc/opt/novell/messenger/uid.conf',
    '    text +1 minus 1 line',
    '    before: /etc/opt/novell/messenger/uid.conf',
    '    after: /etc/opt/novell/messenger/uid.conf',
    '    place: line 1 before, line 1 after',
    '    removes: root',
    '    adds: nvlmsgr',
  ])
})
