// `run worksheet` as a person has it: in a real terminal, left and taken up again; and what it says where there is none.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, describe, expect, it, vi } from 'vitest'
import worksheet from '../../playbooks/worksheets/messenger.ts'
import { fieldsAsked } from '../../src/inventory/form/fill-in.ts'
import { answersIn } from '../../src/inventory/form/read-answers.ts'
import { messengerAnswers } from '../inventory/form/messenger-answers.ts'
import { beginCommand, runFile } from '../lab/e2e/command.ts'

const dir = mkdtempSync(`${tmpdir()}/run-worksheet-`)
writeFileSync(`${dir}/run.yml`, '')
afterAll(() => rmSync(dir, { recursive: true }))

const run = (...args: readonly string[]) => beginCommand({ dir }, args).end
const read = (name: string): string => readFileSync(`${dir}/${name}`, 'utf8')
const modeOf = (name: string): string => (statSync(`${dir}/${name}`).mode & 0o777).toString(8)

describe('without a terminal', () => {
  it('says what to do instead', async () => {
    const { status, stderr } = await run('worksheet', 'away.yml')
    expect([status, stderr]).toEqual([2, expect.stringContaining('`run worksheet away.yml --blank`')])
    expect(stderr).toMatch(/^error\[no-terminal\]/)
    expect(existsSync(`${dir}/away.yml`)).toBe(false)
  })

  it('writes an empty inventory with comments, once', async () => {
    expect((await run('worksheet', 'blank.yml', '--blank')).status).toBe(0)
    expect([modeOf('blank.yml'), read('blank.yml')]).toEqual(['600', expect.stringMatching(/^ {4}mount_point:$/m)])
    const again = await run('worksheet', 'blank.yml', '--blank')
    expect([again.status, again.stderr]).toEqual([2, expect.stringMatching(/^error\[file-there\]/)])
  })

  it('puts what the doctor found into it, and refuses what is no such thing', async () => {
    const line = { path: ['partition', 'fstype'], value: 'xfs', because: 'seen' }
    writeFileSync(`${dir}/found.json`, JSON.stringify({ version: 1, lines: [line] }))
    expect((await run('worksheet', 'found.yml', '--blank', '--found', 'found.json')).status).toBe(0)
    expect(read('found.yml')).toContain('      fstype: xfs\n')
    writeFileSync(`${dir}/other.json`, '{"version": 2, "lines": []}')
    const refused = await run('worksheet', 'other.yml', '--blank', '--found', 'other.json')
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/^error\[doctor-unreadable\]/)])
  })
})

const server = `run-worksheet-${process.pid}`
const tmux = (...words: readonly string[]) =>
  spawnSync('tmux', ['-L', server, '-f', '/dev/null', ...words], { encoding: 'utf8' })
const isThere = tmux('-V').status === 0
afterAll(() => void tmux('kill-server'))

/** A terminal of its own, and what a person does at it: reads, and types. */
const openTerminal = (name: string, columns: number) => {
  const home = `${dir}/home`
  mkdirSync(home, { recursive: true })
  const command = `cd '${dir}' && HOME='${home}' '${process.execPath}' '${runFile}' worksheet site.yml; echo "ended $?"; sleep 600`
  tmux('new-session', '-d', '-s', name, '-x', `${columns}`, '-y', '50', command)
  const screen = () => tmux('capture-pane', '-p', '-t', name).stdout
  return {
    screen,
    sees: (text: string) => vi.waitFor(() => expect(screen()).toContain(text), { timeout: 60_000, interval: 50 }),
    types: (text: string) => void tmux('send-keys', '-t', name, '-l', '--', text),
    presses: (...keys: readonly string[]) => void tmux('send-keys', '-t', name, ...keys),
  }
}

const answers: Readonly<Record<string, string>> = messengerAnswers

describe.skipIf(!isThere)('in a terminal', () => {
  it('checks while somebody types, can be left and taken up, and writes what passes the check', async () => {
    const first = openTerminal('first', 80)
    await first.sees('1 of ')
    first.types('acme cluster')
    await first.sees('✖ must be a name of letters')
    first.presses('C-u')
    first.types('acme-cluster')
    await vi.waitFor(() => expect(first.screen()).not.toContain('✖'))
    first.presses('Enter')
    await first.sees('failover_list')
    first.types('oes1, oes2')
    first.presses('Enter')
    await first.sees('ansible_host of oes1')
    first.presses('Up')
    await first.sees('Enter takes `oes1, oes2`')
    first.presses('C-c')
    await first.sees('ended 130')
    expect(first.screen()).toContain('`run worksheet site.yml`')
    expect([existsSync(`${dir}/site.yml`), modeOf('site.yml.draft')]).toEqual([false, '600'])

    const second = openTerminal('second', 40)
    await second.sees('Going on where site.yml was left.')
    await fillIn(second)
    await second.sees('ended 0')
    expect(
      Math.max(
        ...second
          .screen()
          .split('\n')
          .map(line => line.length),
      ),
    ).toBeLessThanOrEqual(40)
    expect([existsSync(`${dir}/site.yml.draft`), modeOf('site.yml')]).toEqual([false, '600'])
    expect(read('site.yml')).toContain('user_password: { secret: env:LDAP_PASSWORD }')
    const whole = beginCommand({ dir, env: { LDAP_PASSWORD: 'x' } }, ['inventory', 'host', 'oes1', '-i', 'site.yml'])
    expect((await whole.end).status).toBe(0)
  })

  it('shows what would be otherwise in a file that is there, and asks before it is written', async () => {
    const before = read('site.yml')
    const third = openTerminal('third', 80)
    await third.sees('What stands there is offered.')
    // All at once, as somebody pastes it: what comes early waits for its question.
    const asked = fieldsAsked(worksheet, answersIn(before, worksheet)).map(({ key }) => key)
    third.types(asked.map(key => `${key === 'mount_point' ? '/mnt/other' : ''}\r`).join(''))
    await third.sees('Write site.yml? (y/n)')
    expect(third.screen()).toContain('-    mount_point: /mnt/messenger\n+    mount_point: /mnt/other\n')
    third.types('n')
    third.presses('Enter')
    await third.sees('ended 130')
    expect(read('site.yml')).toBe(before)
    const fourth = openTerminal('fourth', 80)
    await fourth.sees('Going on where site.yml was left.')
    await fourth.sees('Write site.yml? (y/n)')
    fourth.types('y')
    fourth.presses('Enter')
    await fourth.sees('ended 0')
    expect(read('site.yml')).toBe(before.replace('mount_point: /mnt/messenger', 'mount_point: /mnt/other'))
  })
})

/** Answers each question that comes, until there is none. */
const fillIn = async (terminal: ReturnType<typeof openTerminal>): Promise<void> => {
  for (let last = ''; ; ) {
    const question = await vi.waitFor(
      () => {
        const screen = terminal.screen()
        if (/^ended |\(y\/n\) *$/m.test(screen)) return ''
        const [, newest = ''] = /[\s\S]*(^ \d+ of \d+ {2}[\s\S]*)/m.exec(screen) ?? []
        const found = /^ (\d+ of \d+) {2}(.+)\n[\s\S]*^ > *$/m.exec(newest)
        expect(found?.[1]).not.toBe(last)
        expect(found).toBeTruthy()
        return found
      },
      { timeout: 60_000, interval: 50 },
    )
    if (!question) return
    const [, number = '', key = ''] = question
    last = number
    const text = answers[key.trim()] ?? ''
    if (text !== '') terminal.types(text)
    terminal.presses('Enter')
  }
}
