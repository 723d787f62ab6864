import { describe, expect, it } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { Secret } from '../../src/model/secret.ts'
import { type ConverseOptions, converse } from '../../src/shell/converse.ts'
import type { Dialogue, Prompt, TranscriptEntry } from '../../src/shell/dialogue.ts'
import { endless } from '../kit/endless.ts'
import { hasScript, localTerminal } from './local-terminal.ts'
import { problemOf } from './problem-of.ts'

const ask = `ask() { printf '%s' "$1"; read -r answer; }`

const talk = (program: string, dialogue: Dialogue, options: Partial<ConverseOptions> = {}) => {
  const terminal = localTerminal(program)
  const outcome = converse(terminal, dialogue, { answerOf: ({ answer = '' }: Prompt) => answer, ...options })
  return { terminal, outcome }
}

/** Whether a program whose command line holds this word is still there. */
const isRunning = async (word: string): Promise<boolean> => {
  const { execFileSync } = await import('node:child_process')
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(word)
}

describe.skipIf(!hasScript)('a dialogue with a real program (needs script of util-linux)', () => {
  it('answers in order and gives the exit status', async () => {
    const program = `${ask}; ask 'Cluster? (y/n) '; a=$answer; ask 'Mount point [/mnt]: '; echo "got $a $answer"; exit 3`
    const { outcome } = talk(program, {
      prompts: [
        { name: 'cluster', expect: 'Cluster?', answer: 'y' },
        { name: 'mount', expect: /^Mount point/, answer: '/mnt/messenger' },
      ],
    })
    const { exitCode, transcript } = await outcome
    expect(exitCode).toBe(3)
    expect(transcript.at(-1)).toEqual({ type: 'shown', text: '/mnt/messenger\ngot y /mnt/messenger\n' })
  })

  it('types a password that is not echoed, and answers the second try otherwise', async () => {
    const program = `stty -echo; printf 'Password: '; read -r a; stty echo; echo
      while [ "$a" != right ]; do printf 'Wrong. Again: '; stty -echo; read -r a; stty echo; echo; done; echo in`
    const password = new Secret('tree_password', 'wrong')
    const second = new Secret('second', 'right')
    const { outcome, terminal } = talk(
      program,
      {
        prompts: [
          { name: 'password', expect: 'Password:', secret: true },
          { name: 'again', expect: 'Again:', secret: true, optional: true, repeat: 2 },
        ],
      },
      { answerOf: ({ name }) => (name === 'password' ? password : second) },
    )
    const { transcript } = await outcome
    expect(terminal.typed).toEqual(['wrong\r', 'right\r'])
    expect(JSON.stringify(transcript)).not.toMatch(/"wrong|right/)
  })

  it('turns the pages of a pager, past a progress bar that redraws its line', async () => {
    const program = `for i in 1 2 3 4 5; do printf '\\r%s0%%' $i; sleep 0.05; done; printf '\\r\\033[K'
      stty -icanon -echo; for i in 1 2 3; do echo "page $i"; printf -- '--More--'; dd bs=1 count=1 >/dev/null 2>&1; printf '\\r        \\r'; done`
    const { outcome } = talk(program, {
      prompts: [{ name: 'more', expect: '--More--', answer: ' ', press: true, repeat: 50 }],
    })
    const { transcript } = await outcome
    expect(transcript.filter(({ type }) => type === 'typed')).toHaveLength(3)
    expect(transcript.at(0)).toEqual({ type: 'shown', text: 'page 1\n--More--' })
  })

  it('waits for the writing down before it types', async () => {
    const order: string[] = []
    const { outcome } = talk(
      `${ask}; ask 'Name: '`,
      { prompts: [{ name: 'name', expect: 'Name:', answer: 'x' }] },
      {
        onAnswer: async ({ name }) => {
          await new Promise(resolve => setTimeout(resolve, 50))
          order.push(`written ${name}`)
        },
        onEntry: entry => order.push(entry.type),
      },
    )
    await outcome
    expect(order).toEqual(['written name', 'shown', 'typed', 'shown'])
  })

  it('takes the question back when the program goes on talking meanwhile', async () => {
    const program = `printf 'Name: '; sleep 0.3; printf 'is not asked for.\\nCity: '; read -r x`
    const { outcome, terminal } = talk(
      program,
      {
        prompts: [
          { name: 'name', expect: 'Name:', answer: 'wrong', optional: true },
          { name: 'city', expect: 'City:', answer: 'right' },
        ],
      },
      { onAnswer: () => new Promise(resolve => setTimeout(resolve, 400)) },
    )
    await outcome
    expect(terminal.typed).toEqual(['right\r'])
  })
})

describe.skipIf(!hasScript)('a dialogue that fails with a real program (needs script of util-linux)', () => {
  const name: Prompt = { name: 'name', expect: 'Name:', answer: 'x' }

  it.each<[string, string, Dialogue, string]>([
    ['an unknown question', `printf 'Delete all? '; read -r x`, { prompts: [name], withinMs: 300 }, 'prompt-unknown'],
    ['silence', 'sleep 20', { prompts: [name], withinMs: 300 }, 'dialogue-silent'],
    ['an early end', 'echo no licence; exit 9', { prompts: [name] }, 'dialogue-ended-early'],
    [
      'a refused answer',
      `while :; do printf 'Name: '; read -r x; done`,
      { prompts: [name], settleMs: 50 },
      'prompt-repeated',
    ],
  ])('%s: nothing more is typed', async (_, program, dialogue, code) => {
    const { outcome, terminal } = talk(program, dialogue)
    const before = terminal.typed.length
    expect((await problemOf(outcome)).code).toBe(code)
    expect(terminal.typed.slice(before).filter(text => text !== 'x\r')).toEqual([])
  })

  it('ends the program, and tells how', async () => {
    const asleep = endless()
    const { outcome, terminal } = talk(`printf "Delete? "; read -r x; ${asleep}`, { prompts: [name], withinMs: 300 })
    const problem = await problemOf(outcome)
    expect(problem.fields.state).toMatch(
      /^0 answers were given; quiet for [\d.]+ s; the program has ended \(exit status \d+\)$/,
    )
    await terminal.exited
    expect(await isRunning(asleep)).toBe(false)
  })

  it('ends a program that goes on for ever', async () => {
    const { outcome } = talk('while :; do echo working; sleep 0.05; done', { prompts: [name] }, { withinMs: 300 })
    expect((await problemOf(outcome)).code).toBe('dialogue-too-long')
  })

  it('hands the transcript on also then', async () => {
    const entries: TranscriptEntry[] = []
    const { outcome } = talk(
      `${ask}; ask 'Name: '; echo failed; exit 1`,
      { prompts: [name, { ...name, name: 'two', expect: 'Two:' }] },
      { onEntry: entry => entries.push(entry) },
    )
    await problemOf(outcome)
    expect(entries.at(-1)).toEqual({ type: 'shown', text: 'x\nfailed\n' })
  })

  it('ends the program when a callback throws, and passes that on', async () => {
    const mistake = new Problem({ code: 'undefined-variable', summary: 'no such variable' })
    const { outcome, terminal } = talk(
      `${ask}; ask 'Name: '`,
      { prompts: [name] },
      {
        answerOf: () => {
          throw mistake
        },
      },
    )
    expect((await problemOf(outcome)).code).toBe('undefined-variable')
    expect(terminal.typed).toEqual([])
  })
})
