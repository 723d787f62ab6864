// Runs told again, asked about step by step, and carried out again in part: on nodes, from the command line.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasScript, localTerminal } from '../../shell/local-terminal.ts'
import { asMade, changing, eventsOf, foretold, made } from './changes.ts'
import { type Ran, runFile } from './command.ts'
import { canary, openSite, type Site } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
  writeFileSync(
    `${site.dir}/notes.yml`,
    `- name: Notes
  hosts: all
  strategy: failover
  tasks:
    - { name: First, file: { path: /etc/notes/first, content: "1\\n" } }
    - { name: Second, shell: 'test ! -e /etc/broken && echo done >/etc/notes/second' }
    - { name: Third, file: { path: /etc/notes/third, content: "3\\n" } }
`,
  )
  await Promise.all(site.lab.nodes.map(({ name }) => site.on(name, 'mkdir -p /etc/notes')))
})
afterAll(() => site?.close())

const runOf = ({ events }: Ran): string => eventsOf(events, 'run-started')[0]?.run ?? ''
const report = async (ran: Ran, ...flags: readonly string[]) => (await site.run('report', runOf(ran), ...flags)).stdout

describe('a report is what the live run printed without a terminal, byte for byte (P11)', () => {
  it.each([
    ['a run', []],
    ['a run with every look and command', ['-v']],
    ['a run with what each change is made of', ['--diff']],
  ])('of %s', async (_name, flags) => {
    await Promise.all(site.lab.nodes.map(({ name }) => site.on(name, 'rm -rf /etc/notes/*')))
    const ran = await site.run('playbook', 'notes.yml', ...flags)
    expect(changing(made(ran))).not.toEqual([])
    expect(await report(ran)).toBe(ran.stderr)
    expect(ran.stdout).toBe('')
  })

  it('of a dry run: its lines, then its plan as it came on stdout', async () => {
    await site.on('node1', 'rm -f /etc/notes/third')
    const dry = await site.run('playbook', 'notes.yml', '--dry-run')
    expect(dry.stdout).toContain('Plan ')
    expect(await report(dry)).toBe(dry.stderr + dry.stdout)
  })

  it('of a dry run without diffs', async () => {
    const dry = await site.run('playbook', 'notes.yml', '--check')
    expect(await report(dry)).toBe(dry.stderr + dry.stdout)
  })

  it('of a run that talks to a program, with its secret masked in every form', async () => {
    const ran = await site.run('playbook', 'install', '--limit', 'node1')
    expect(ran.status).toBe(0)
    expect(await report(ran)).toBe(ran.stderr)
    for (const format of ['text', 'tree', 'md', 'html', 'json', 'jsonl', 'junit']) {
      const told = await report(ran, '--format', format)
      expect(told).toContain('install/installer')
      expect(told).not.toContain(canary.core)
    }
  })
})

describe('a run that fails on the second node', () => {
  let failed: Ran
  let again: Ran

  beforeAll(async () => {
    await Promise.all(site.lab.nodes.map(({ name }) => site.on(name, 'rm -rf /etc/notes/* /var/lib/run/receipts')))
    await site.on('node2', 'touch /etc/broken')
    failed = await site.run('playbook', 'notes.yml')
    await site.on('node2', 'rm /etc/broken')
    again = await site.run('playbook', 'notes.yml', '--failed-of', runOf(failed))
  })

  it('is told with its problem, and so is its report', async () => {
    expect(failed.status).toBe(1)
    expect(await report(failed)).toBe(failed.stderr)
    const xml = await report(failed, '--format', 'junit')
    expect(xml).toContain('tests="6" failures="1" errors="0" skipped="1"')
  })

  it('is carried out again from what failed there, host by host, and no other step', () => {
    expect(again.status).toBe(0)
    expect(made(again).map(({ step, host }) => `${step}@${host}`)).toEqual(['notes/second@node2', 'notes/third@node2'])
  })

  it('stands in the history as it went, beside the one that finished it', async () => {
    const { stdout } = await site.run('history', '--playbook', 'notes', '--format', 'json', '-n', '2')
    expect(JSON.parse(stdout).runs).toMatchObject([
      { run: runOf(again), exitCode: 0, outcome: 'done' },
      { run: runOf(failed), exitCode: 1, outcome: 'failed' },
    ])
  })

  it('is refused on node2 again where node1 is not in order any more, whatever the journal says (P8)', async () => {
    await site.on('node1', 'rm /etc/notes/first')
    await site.on('node2', 'rm /etc/notes/third')
    const refused = await site.run('playbook', 'notes.yml', '--failed-of', runOf(failed))
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('error[out-of-turn] node2 is not the next: node1 comes first')
  })
})

describe.skipIf(!hasScript)('a run with --confirm at a terminal', () => {
  it('shows what a step would change before it does it, and does what each answer says', async () => {
    await Promise.all(site.lab.nodes.map(({ name }) => site.on(name, 'rm -rf /etc/notes/* /var/lib/run/receipts')))
    const words = ['yes', 'skip', 'stop']
    const terminal = localTerminal(
      `cd ${site.dir} && TERM=xterm exec ${process.execPath} ${runFile} playbook notes.yml --confirm`,
    )
    let screen = ''
    let asked = 0
    terminal.onOutput(text => {
      screen += text
      const prompts = screen.split('yes, skip, all or stop: ').length - 1
      for (; asked < prompts; asked += 1) terminal.write(`${words[asked] ?? 'stop'}\r`)
    })
    expect(await terminal.exited).toBe(130)
    expect(screen).toContain('notes/first@node1  would make')
    expect(screen).toContain('+ file /etc/notes/first')
    expect(await site.statusOn('node1', 'test -e /etc/notes/first')).toBe(0)
    expect(await site.statusOn('node1', 'test -e /etc/notes/second')).toBe(1)
    expect(await site.statusOn('node1', 'test -e /etc/notes/third')).toBe(1)
    const { stdout } = await site.run('report', '--format', 'jsonl')
    expect(stdout).toMatch(/"outcome":"skipped","because":"left out by .+@.+"/)
  })

  it('is refused without one, before anything begins', async () => {
    const refused = await site.run('playbook', 'notes.yml', '--confirm')
    expect(refused).toMatchObject({ status: 5, events: [] })
    expect(refused.stderr).toContain('error[nobody-to-ask]')
  })
})

it('a report as XML is well-formed to a parser that is not ours', async ({ skip }) => {
  const { stdout } = await site.run('report', '--format', 'junit')
  const { error, status } = spawnSync('xmllint', ['--noout', '-'], { input: stdout })
  skip(error !== undefined, 'no xmllint here')
  expect(status).toBe(0)
})

describe('what is mounted for the site', () => {
  const step = (state: string) =>
    `{ name: Scratch, mount: { path: /srv/scratch dir, src: tmpfs, fstype: tmpfs, opts: "size=1m,noexec", state: ${state} } }`
  const marker = '{ name: Marker, file: { path: /srv/scratch dir/here, content: "x\\n" } }'
  const write = (steps: readonly string[]) =>
    writeFileSync(
      `${site.dir}/mounts.yml`,
      `- name: Mounts\n  hosts: node1\n  tasks:\n${steps.map(each => `    - ${each}\n`).join('')}`,
    )
  const standing = () =>
    site.on(
      'node1',
      "grep scratch /proc/mounts | cut -d' ' -f1-4; grep -s scratch /etc/fstab; ls '/srv/scratch dir' || :",
    )
  let on: Ran
  let off: Ran

  it('is foretold, mounted with its options and its line in fstab, and stays so', async () => {
    write([step('mounted'), marker])
    const dry = await site.run('playbook', 'mounts.yml', '--dry-run', '--format', 'json')
    on = await site.run('playbook', 'mounts.yml')
    expect(on.status, on.stderr).toBe(0)
    expect(asMade(made(on))).toEqual(asMade(foretold(dry)))
    const [mounted = '', line, inside] = (await standing()).split('\n')
    expect(mounted).toMatch(/^tmpfs \/srv\/scratch\\040dir tmpfs \S*noexec/)
    expect([line, inside]).toEqual(['tmpfs /srv/scratch\\040dir tmpfs size=1m,noexec 0 0', 'here'])
    expect(changing(made(await site.run('playbook', 'mounts.yml')))).toEqual([])
  })

  it('goes, and comes back with the options that it had', async () => {
    write([step('absent')])
    off = await site.run('playbook', 'mounts.yml')
    expect(off.status, off.stderr).toBe(0)
    expect(await standing()).toBe('')
    expect(changing(made(await site.run('playbook', 'mounts.yml')))).toEqual([])
    const back = await site.run('undo', runOf(off))
    expect(back.status, back.stderr).toBe(0)
    expect(await standing()).toMatch(/noexec[\s\S]*\ntmpfs \/srv\/scratch\\040dir tmpfs size=1m,noexec 0 0$/)
  })

  it('that is in use stays mounted, and who uses it is named', async () => {
    await site.on('node1', "cd '/srv/scratch dir' && { sleep 100 >/dev/null 2>&1 </dev/null & echo $! >/tmp/user; }")
    const busy = await site.run('playbook', 'mounts.yml')
    expect(busy.status).toBe(1)
    expect(busy.stderr).toContain('error[mount-busy]')
    expect(busy.stderr).toContain('(sleep)')
    expect(await standing()).toContain('noexec')
    await site.on('node1', 'kill $(cat /tmp/user)')
  })
})
