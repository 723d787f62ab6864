import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import type { Captured, Dialogue, Prompt } from '../../src/shell/dialogue.ts'
import { type Cue, rehearse } from './rehearse.ts'

const prompt = (name: string, more: Partial<Prompt> = {}): Prompt => ({
  name,
  expect: `${name}:`,
  answer: name,
  ...more,
})
const [a, b, c] = [prompt('Alpha'), prompt('Beta'), prompt('Gamma')]
const optional = { ...b, optional: true }

type Case = readonly [
  title: string,
  prompts: readonly Prompt[],
  cues: readonly Cue[],
  typed: readonly string[],
  outcome: number | string,
]

const asked = (name: string, echo = name): readonly Cue[] => [`${name}: `, 200, `${echo}\r\n`]

describe('a dialogue that goes well', () => {
  it.each<Case>([
    ['one question', [a], [...asked('Alpha'), { exit: 0 }], ['Alpha\r'], 0],
    ['the exit status is an answer', [a], [...asked('Alpha'), { exit: 4 }], ['Alpha\r'], 4],
    ['no question at all', [], ['working\r\n', 300, { exit: 0 }], [], 0],
    ['questions in order', [a, b], [...asked('Alpha'), ...asked('Beta'), { exit: 0 }], ['Alpha\r', 'Beta\r'], 0],
    ['text before a question', [a], ['Welcome\r\n\r\n', 'Alpha: ', 200, { exit: 0 }], ['Alpha\r'], 0],
    ['a question in pieces', [a], ['Al', 50, 'pha', 100, ': ', 200, { exit: 0 }], ['Alpha\r'], 0],
    ['a question in slow pieces', [a], ['Al', 5000, 'pha: ', 200, { exit: 0 }], ['Alpha\r'], 0],
    ['a question in colours', [a], ['\x1b[1mAlpha\x1b[0m: ', 200, { exit: 0 }], ['Alpha\r'], 0],
    ['a question after a progress bar', [a], ['10%\r50%\r\x1b[KAlpha: ', 200, { exit: 0 }], ['Alpha\r'], 0],
    [
      'an optional question that comes',
      [a, optional],
      [...asked('Alpha'), ...asked('Beta'), { exit: 0 }],
      ['Alpha\r', 'Beta\r'],
      0,
    ],
    ['an optional question that does not', [optional, a], [...asked('Alpha'), { exit: 0 }], ['Alpha\r'], 0],
    ['an optional question at the end', [a, optional], [...asked('Alpha'), 300, { exit: 0 }], ['Alpha\r'], 0],
    [
      'a question that may repeat',
      [{ ...a, repeat: 3 }],
      [...asked('Alpha'), ...asked('Alpha'), { exit: 0 }],
      ['Alpha\r', 'Alpha\r'],
      0,
    ],
    ['a key without Enter', [{ ...a, press: true, answer: ' ' }], ['Alpha: ', 200, { exit: 0 }], [' '], 0],
    [
      'the closer of two questions',
      [{ ...a, repeat: 2 }, prompt('Retype Alpha')],
      [...asked('Alpha'), ...asked('Retype Alpha'), { exit: 0 }],
      ['Alpha\r', 'Retype Alpha\r'],
      0,
    ],
    [
      'a report that looks like a question for a moment',
      [a, b],
      [...asked('Alpha'), 'Alpha: ', 400, 'ok\r\n', ...asked('Beta'), { exit: 0 }],
      ['Alpha\r', 'Beta\r'],
      0,
    ],
    [
      'a long silence that a question allows',
      [{ ...a, withinMs: 300_000 }],
      [200_000, ...asked('Alpha'), { exit: 0 }],
      ['Alpha\r'],
      0,
    ],
    ['a long silence after the last answer', [a], [...asked('Alpha'), 500_000, { exit: 0 }], ['Alpha\r'], 0],
    [
      'the same, where the last question may repeat',
      [{ ...a, repeat: 2 }],
      [...asked('Alpha'), 500_000, { exit: 0 }],
      ['Alpha\r'],
      0,
    ],
  ])('%s', (_, prompts, cues, typed, outcome) => {
    expect(rehearse({ prompts }, cues)).toMatchObject({ typed, outcome })
  })
})

describe('a dialogue that fails', () => {
  it.each<Case>([
    ['an unknown question', [a], ['Extend the schema? (y/n) ', 61_000], [], 'prompt-unknown'],
    [
      'an unknown question after the last',
      [a],
      [...asked('Alpha'), 'Reboot? ', 601_000],
      ['Alpha\r'],
      'prompt-unknown',
    ],
    [
      'a question that goes on behind what is known',
      [a],
      ['Alpha: is read-only! Overwrite? ', 61_000],
      [],
      'prompt-unknown',
    ],
    ['silence', [a], [61_000], [], 'dialogue-silent'],
    ['silence after some text', [a], ['Working\r\n', 61_000], [], 'dialogue-silent'],
    ['silence after the last answer', [a], [...asked('Alpha'), 601_000], ['Alpha\r'], 'dialogue-silent'],
    ['a later question first', [a, b], ['Beta: ', 2000], [], 'prompt-out-of-order'],
    [
      'an earlier question again',
      [a, b, c],
      [...asked('Alpha'), ...asked('Beta'), 'Alpha: ', 2000],
      ['Alpha\r', 'Beta\r'],
      'prompt-repeated',
    ],
    [
      'a longer question that is not due',
      [a, prompt('Retype Alpha')],
      ['Retype Alpha: ', 2000],
      [],
      'prompt-out-of-order',
    ],
    ['a question again', [a, b], [...asked('Alpha'), 'Alpha: ', 2000], ['Alpha\r'], 'prompt-repeated'],
    [
      'a question too often',
      [{ ...a, repeat: 2 }],
      [...asked('Alpha'), ...asked('Alpha'), 'Alpha: ', 2000],
      ['Alpha\r', 'Alpha\r'],
      'prompt-repeated',
    ],
    ['the last question again', [a], [...asked('Alpha'), 'Alpha: ', 2000], ['Alpha\r'], 'prompt-repeated'],
    ['an end before the first question', [a], [{ exit: 0 }], [], 'dialogue-ended-early'],
    [
      'an end between questions',
      [a, b],
      [...asked('Alpha'), 'Disk full\r\n', { exit: 1 }],
      ['Alpha\r'],
      'dialogue-ended-early',
    ],
    ['an end in the middle of a question', [a], ['Alpha: ', 50, { exit: 143 }], [], 'dialogue-ended-early'],
    ['a lost connection', [a], ['Alp', { exit: null }], [], 'connection-lost'],
    [
      'a lost connection after the last answer',
      [a],
      [...asked('Alpha'), { exit: null }],
      ['Alpha\r'],
      'connection-lost',
    ],
  ])('%s', (_, prompts, cues, typed, outcome) => {
    expect(rehearse({ prompts }, cues)).toMatchObject({ typed, outcome })
  })

  it('types nothing more once it has failed', () => {
    expect(rehearse({ prompts: [a, b] }, ['Beta: ', 2000, '\r\nAlpha: ', 2000]).typed).toEqual([])
  })
})

describe('what a Problem tells', () => {
  const span = { file: 'install.yml', line: 31, column: 7, width: 6, excerpt: '  - expect: Beta' }
  const dialogue: Dialogue = { prompts: [a, { ...b, span }, c] }

  it('shows the screen, what was awaited, where it is written, and how far it came', () => {
    const { problem } = rehearse(dialogue, [...asked('Alpha'), 'Note: old schema\r\nContinue? (y/n) ', 61_000])
    expect(problem?.fields).toEqual({
      code: 'prompt-unknown',
      summary: 'The program waits at something that the dialogue does not know (at prompt 2 of 3)',
      span,
      seen: '"Continue? (y/n)"',
      wanted: '"Beta:"',
      state: '1 answer was given; quiet for 60 s',
      help: 'add the prompt to the dialogue, or mend its `expect`',
      excerpt: 'Alpha\nNote: old schema\nContinue? (y/n)',
    })
  })

  it.each([
    [
      'that is there with more behind it, such as a text to edit',
      'Alpha: /opt/default',
      '"Alpha" is there, and more behind it',
    ],
    ['whose letters are no UTF-8', 'Gr\ufffd\ufffde? ', 'this is no UTF-8'],
  ])('says what to write for a prompt %s', (_, said, help) => {
    expect(rehearse({ prompts: [a, b] }, [said, 61_000]).problem?.fields.help).toContain(help)
  })

  it('names all prompts that could have come', () => {
    expect(rehearse({ prompts: [optional, { ...c, expect: /^Gamma/ }] }, ['? ', 61_000]).problem?.fields.wanted).toBe(
      '"Beta:" or /^Gamma/',
    )
  })

  it('names the prompt that came out of order, and where it belongs', () => {
    const { problem } = rehearse(dialogue, ['Gamma: ', 2000])
    expect(problem?.message).toBe('The program asked "Gamma", which is not due (at prompt 1 of 3)')
    expect(problem?.fields.help).toContain('it is prompt 3 of 3')
  })

  it('says so when the condition of a prompt excludes it', () => {
    const { problem } = rehearse({ prompts: [{ ...a, when: 'archive' }, b] }, ['Alpha: ', 2000], {
      applies: ({ when }) => when === undefined,
    })
    expect(problem?.fields.help).toBe(
      'its `when` does not hold (archive); mend it, or record what this node is asked: run record STEP --host NODE -o FILE (docs/record.md)',
    )
  })
})

describe('conditions and captures', () => {
  const found = { type: 'list', name: 'found', pattern: /^\s*(?<key>[^:]+):\s*(?<value>.+)$/ } as const
  const proceed = prompt('Choice', { capture: found })
  const menu = 'Server: msgr1\r\n  Port:  8300\r\nChoice: '

  it('leaves out what does not apply', () => {
    const { typed, outcome } = rehearse({ prompts: [{ ...a, when: 'no' }, b] }, [...asked('Beta'), { exit: 0 }], {
      applies: ({ when }) => when !== 'no',
    })
    expect({ typed, outcome }).toEqual({ typed: ['Beta\r'], outcome: 0 })
  })

  it('keeps named groups of what was shown before the prompt', () => {
    const capture = { type: 'groups', pattern: /version (?<version>[\d.]+)/ } as const
    const { captured } = rehearse({ prompts: [{ ...a, capture }] }, ['Messenger version 2.2.1\r\nAlpha: ', 200])
    expect(captured).toEqual({ version: '2.2.1' })
  })

  it('keeps a list as a record, and the answer can depend on it', () => {
    const answerOf = (_: Prompt, { found }: Captured) =>
      typeof found === 'object' && found.Port === '8300' ? '1' : '2'
    const { typed, captured } = rehearse({ prompts: [proceed] }, [menu, 200], { answerOf })
    expect(captured).toEqual({ found: { Server: 'msgr1', Port: '8300' } })
    expect(typed).toEqual(['1\r'])
  })

  it('branches on what was captured', () => {
    const prompts = [proceed, { ...b, when: 'change' }]
    const applies = ({ when }: Prompt, { found }: Captured) =>
      !when || (typeof found === 'object' && found.Port !== '8300')
    expect(rehearse({ prompts }, [menu, 200, '1\r\n', { exit: 0 }], { applies }).outcome).toBe(0)
    expect(rehearse({ prompts }, [menu.replace('8300', '9999'), 200, '1\r\n', { exit: 0 }], { applies }).outcome).toBe(
      'dialogue-ended-early',
    )
  })

  it('does not take the echo of the last answer for a line of the list', () => {
    const { captured } = rehearse({ prompts: [{ ...a, answer: 'key: value' }, proceed] }, [
      'Alpha: ',
      200,
      'key: value\r\nPort: 1\r\nChoice: ',
      200,
    ])
    expect(captured).toEqual({ found: { Port: '1' } })
  })

  it('fails when what was to be captured is not there, and types nothing', () => {
    const { typed, outcome } = rehearse({ prompts: [proceed] }, ['nothing found\r\nChoice: ', 200])
    expect({ typed, outcome }).toEqual({ typed: [], outcome: 'capture-missed' })
  })

  it('goes on without it when it is optional', () => {
    const prompts = [{ ...proceed, capture: { ...found, optional: true } }]
    expect(rehearse({ prompts }, ['nothing found\r\nChoice: ', 200]).typed).toEqual(['Choice\r'])
  })
})

describe('the transcript', () => {
  it('has what was shown and what was typed, in turn', () => {
    expect(rehearse({ prompts: [a] }, ['Hi\r\nAlpha: ', 200, 'Alpha\r\nbye\r\n', { exit: 0 }]).transcript).toEqual([
      { type: 'shown', text: 'Hi\nAlpha: ' },
      { type: 'typed', prompt: 'Alpha', text: 'Alpha' },
      { type: 'shown', text: 'Alpha\nbye\n' },
    ])
  })

  it.each([
    ['a Secret', new Secret('tree_password', 'canary-4711')],
    ['a text for a prompt that is marked', 'canary-4711'],
  ])('never holds %s, nor its echo, nor a program that repeats it', (_, answer) => {
    const prompts = [{ ...a, secret: true }, b]
    const said = ['Alpha: ', 200, 'can', 'ary-4711\r\n', 'you typed "canary-4711"\r\nWhat? ', 61_000]
    const rehearsal = rehearse({ prompts }, said, { answerOf: () => answer })
    expect(rehearsal.typed).toEqual(['canary-4711\r'])
    expect(rehearsal.outcome).toBe('prompt-unknown')
    expect(JSON.stringify([rehearsal.transcript, rehearsal.problem?.fields])).not.toContain('canary')
    expect(rehearsal.problem?.fields.excerpt).toContain('you typed "••••••"')
  })
})
