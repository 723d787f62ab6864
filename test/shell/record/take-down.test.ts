// What is taken down of a person's answers: from real programs on a real terminal, key by key.
import { describe, expect, it } from 'vitest'
import { reveal, Secret } from '../../../src/model/secret.ts'
import { leaveKey, type TakenDown, takeDown } from '../../../src/shell/record/take-down.ts'
import { keysOf } from '../../../src/shell/record/typing.ts'
import { atThisPace } from '../../kit/pace.ts'
import { hasScript, localTerminal } from '../local-terminal.ts'

type Recorded = { readonly taken: TakenDown; readonly told: readonly string[]; readonly typed: readonly string[] }

/** A person who types all of it at once, as fast as it can be. */
const record = async (script: string, keys: string, known: readonly Secret[] = [], line = {}): Promise<Recorded> => {
  const terminal = { ...localTerminal(script), ...line }
  const told: string[] = []
  const taken = await takeDown(
    terminal,
    {
      gone: new Promise(() => {}),
      show() {},
      onKey: hear => keysOf(keys).forEach(hear),
    },
    {
      secrets: known,
      onSecret: secret => told.push(`secret ${reveal(secret)} before ${JSON.stringify(terminal.typed.at(-1))}`),
      onTyping: prompt => told.push(`at ${prompt}, after ${terminal.typed.length} keys`),
      onAnswer: (prompt, answer) => told.push(`${prompt} ${answer}`),
      onEntry: () => {},
    },
  )
  return { taken, told, typed: terminal.typed }
}

const answers = ({ taken }: Recorded) =>
  taken.turns.map(({ answer, press }) => [answer instanceof Secret ? `secret ${reveal(answer)}` : answer, press])

const oneKey = `stty -icanon -echo min 1; dd bs=1 count=1 2>/dev/null >/dev/null; stty icanon echo`
const unseen = (prompt: string) => `printf '${prompt}'; stty -echo; read -r s; stty echo; echo`

describe.skipIf(!hasScript)('takes down (skipped without util-linux `script`)', () => {
  const limit = atThisPace(20_000)

  it(
    'a line, with what was taken away again',
    async () => {
      const recorded = await record(`printf 'Name: '; read -r a; echo "[$a]"`, 'abx\x7fc\r')
      expect(answers(recorded)).toEqual([['abc', false]])
      expect(recorded.taken.turns[0]?.shown).toBe('Name: ')
      expect(JSON.stringify(recorded.taken.transcript)).toContain('[abc]')
    },
    limit,
  )

  it(
    'what is not shown as a secret, known before Enter is typed',
    async () => {
      const recorded = await record(`${unseen('Password: ')}; echo "so: $s"`, 'hush-hush\r')
      expect(answers(recorded)).toEqual([['secret hush-hush', false]])
      expect(recorded.told).toEqual(['at Password:, after 0 keys', 'secret hush-hush before "h"', 'Password: ••••••'])
      expect(JSON.stringify(recorded.taken.transcript)).not.toContain('hush-hush')
    },
    limit,
  )

  it.each([
    ['in the open where the terminal shows what is typed', true, 'x1'],
    ['as a secret where it does not', false, 'secret x1'],
    ['as a secret where nobody knows', undefined, 'secret x1'],
  ])(
    'what a slow line shows too late: %s',
    async (_, shows, answer) => {
      const late = `printf 'Name: '; stty -echo; read -r a; stty echo; echo; sleep 0.2; echo done`
      const recorded = await record(late, 'x1\r', [], { showsTyped: async () => shows })
      expect(answers(recorded)).toEqual([[answer, false]])
    },
    limit,
  )

  it(
    'a secret of the worksheet, though the terminal shows it',
    async () => {
      const secret = new Secret('password', 'hush-hush')
      const recorded = await record(`printf 'Password: '; read -r s`, 'hush-hush\r', [secret])
      expect(answers(recorded)).toEqual([['secret hush-hush', false]])
      expect(JSON.stringify(recorded.taken.transcript)).not.toContain('hush-hush')
    },
    limit,
  )

  it(
    'a password that the terminal shows and nobody knows, by what the prompt says',
    async () => {
      const recorded = await record(`printf 'Contraseña de cn=admin: '; read -r s; echo "so: $s"`, 'hush-hush\r')
      expect(answers(recorded)).toEqual([['secret hush-hush', false]])
      expect(JSON.stringify(recorded.taken.transcript)).not.toContain('hush-hush')
    },
    limit,
  )

  it(
    'a key without Enter, and the answer behind it that was typed ahead',
    async () => {
      const script = `printf -- '--More--'; ${oneKey}; printf '\\r        \\rmore\\nName: '; read -r a`
      const recorded = await record(script, ' x\r')
      expect(answers(recorded)).toEqual([
        [' ', true],
        ['x', false],
      ])
      // That somebody types there is told before the key goes out; which key it was, once it is seen to be an answer.
      expect(recorded.told).toEqual(['at --More--, after 0 keys', '--More--  ', 'at Name:, after 1 keys', 'Name: x'])
    },
    limit,
  )

  it(
    'an answer that was typed before the program had said a word, at its prompt',
    async () => {
      const recorded = await record(`sleep 1; echo Welcome; sleep 0.5; printf 'Do you agree? '; read -r a`, 'y\r')
      expect(answers(recorded)).toEqual([['y', false]])
      expect(recorded.told).toEqual(['at Do you agree?, after 0 keys', 'Do you agree? y'])
    },
    limit,
  )

  it(
    'nothing where the person types ahead and goes away before the program has said a word: it does not wait',
    async () => {
      const began = performance.now()
      await expect(record(`sleep 30; printf 'Name: '; read -r a`, `y${leaveKey}`)).rejects.toThrow('was left before')
      expect(performance.now() - began).toBeLessThan(atThisPace(10_000))
    },
    limit,
  )

  const page = (title: string, echo: string) =>
    `answer=; while :; do printf '\\033[2J\\033[3;5H-----\\033[4;5H${title}\\033[5;5H<OK>\\033[6;5H[%s' "${echo}"; ` +
    `key=$(dd bs=1 count=1 2>/dev/null; echo .); [ "$key" != "$(printf '\\r.')" ] || break; answer=$answer\${key%.}; done`

  it(
    'what is typed on a page that is drawn anew at each key: a text as one, a secret by its stars',
    async () => {
      const stars = `$(printf %s "$answer" | sed 's/./*/g')`
      const script = `stty -icanon -echo -icrnl min 1; ${page('Tree', '$answer')}; ${page('Password', stars)}; echo done`
      const recorded = await record(script, 'ACME\rhush-hush\r')
      expect(answers(recorded)).toEqual([
        ['ACME', false],
        ['secret hush-hush', false],
      ])
      expect(
        JSON.stringify([recorded.taken.transcript, recorded.told.filter(text => !text.startsWith('secret'))]),
      ).not.toMatch(/hush|"h"/)
    },
    limit,
  )

  it(
    'a text that is taken key by key in some other way as what it may be: a secret, from its second key on',
    async () => {
      const script = `stty -icanon -echo min 1; stars=; for i in 1 2 3 4; do printf '\\nAt %s\\nPIN: %s' "$i" "$stars"; dd bs=1 count=1 >/dev/null 2>&1; stars="$stars*"; done; echo`
      const recorded = await record(script, '4711')
      expect(answers(recorded)).toEqual([
        ['4', true],
        ['secret 7', true],
        ['secret 1', true],
        ['secret 1', true],
      ])
    },
    limit,
  )

  it(
    'Enter alone',
    async () => {
      expect(answers(await record(`printf 'Port [80]: '; read -r a`, '\r'))).toEqual([['', false]])
    },
    limit,
  )

  it(
    'a program that ends badly',
    async () => {
      expect((await record(`printf 'Name: '; read -r a; exit 3`, 'x\r')).taken.exitCode).toBe(3)
    },
    limit,
  )

  it(
    'nothing where the person goes away: the program is ended',
    async () => {
      await expect(record(`printf 'Name: '; read -r a`, leaveKey)).rejects.toMatchObject({
        code: 'recording-left',
        fields: { state: 'the program was ended on the node; no dialogue was written' },
      })
    },
    limit,
  )
})
