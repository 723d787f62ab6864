// A run that is taken back, one that waits for a person, and one that is gone on with: on nodes, from the command line.
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listRuns, readJournal } from '../../../src/journal/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'
import { hasScript, localTerminal } from '../../shell/local-terminal.ts'
import { asMade, changing, eventsOf, foretold, made, type Told } from './changes.ts'
import { type Ran, runFile } from './command.ts'
import { differences, type Fingerprint, fingerprint } from './fingerprint.ts'
import { mountedOn } from './machines.ts'
import { canary, openSite, type Site } from './site.ts'

let site: Site
beforeAll(async () => {
  site = await openSite({ vary: vars => Object.assign(vars, { password: { secret: 'file:password' } }) })
  writeFileSync(`${site.dir}/password`, `${canary.whole}\n`)
})
afterAll(() => site?.close())

const runOf = ({ events }: Ran): string => eventsOf(events, 'run-started')[0]?.run ?? ''
const problemsOf = ({ events }: Ran) => eventsOf(events, 'step-ended').flatMap(({ problem }) => problem ?? [])

const newestJournal = (): readonly RunEvent[] => {
  const dir = `${site.dir}/.run/runs`
  return readJournal(dir, listRuns(dir)[0]?.run ?? '')
}

const byHost = (told: readonly Told[]) => told.toSorted((one, other) => one.host.localeCompare(other.host))

/** When a file was written last is not among what a task promises. */
const withoutTimes = (facts: Fingerprint): Fingerprint =>
  new Map(
    [...facts].map(([name, value]) => [name, / file /.test(name) ? value.split(' ').toSpliced(5, 1).join(' ') : value]),
  )

const writePlaybook = (name: string, tasks: string) =>
  writeFileSync(`${site.dir}/${name}.yml`, `- name: Test\n  hosts: all\n  tasks:\n${tasks}`)

describe('a run that changed files of every kind', () => {
  let before: Fingerprint
  let ran: Ran
  let dry: Ran
  let undone: Ran
  let again: Ran

  beforeAll(async () => {
    writePlaybook(
      'files',
      `
    - { name: Text, file: { path: /etc/it/text, content: "new\\n", mode: "0600" } }
    - { name: New, file: { path: /etc/it/new, content: "new\\n" } }
    - { name: Password, file: { path: /etc/it/password, content: "{{ password }}\\n" } }
    - { name: Gone, file: { path: /etc/it/gone, state: absent } }
    - { name: Link gone, file: { path: /etc/it/link, state: absent } }
    - { name: Empty gone, file: { path: /etc/it/empty, state: absent } }
    - { name: Deep, file: { path: /etc/it/a/b/c, state: directory } }
    - { name: Tree, file: { path: /etc/it/tree, state: directory, owner: root, group: root, recurse: true } }
`,
    )
    for (const { name } of site.lab.nodes)
      await site.on(
        name,
        `mkdir -p /etc/it/tree/x /etc/it/empty && cd /etc/it && echo old >text && chmod 0640 text && echo ${canary.core}-old >password && chmod 0604 password && echo gone >gone && chmod 0400 gone && ln -s text link && echo 1 >'tree/x/a b' && echo 2 >tree/y && ln -s y tree/z${site.lacks('chown to a second user') ? '' : ' && chown daemon tree/x && chown -h nobody tree/z && chown games gone'}`,
      )
    before = await fingerprint(site.lab)
    ran = await site.run('playbook', 'files.yml')
    dry = await site.run('undo', runOf(ran), '--dry-run', '--format', 'json')
    undone = await site.run('undo', runOf(ran))
  })

  it('is foretold in reverse as it is taken back', () => {
    expect(ran.status).toBe(0)
    expect(dry.status).toBe(0)
    expect(undone.status).toBe(0)
    expect(asMade(byHost(made(undone)))).toEqual(asMade(byHost(foretold(dry))))
    expect(changing(made(undone)).toSorted()).toEqual(changing(made(ran)).toSorted())
  })

  it('leaves all as it was before, but for what run keeps for itself', async () => {
    const left = differences(withoutTimes(before), withoutTimes(await fingerprint(site.lab)))
    expect(left.filter(fact => !/\/var\/lib(?:\/run\b|:)/.test(fact))).toEqual([])
  })

  it('shows the secret content nowhere, neither the old nor the new', () => {
    for (const { stdout, stderr, events } of [ran, dry, undone])
      expect(`${stdout}${stderr}${JSON.stringify(events)}`).not.toContain(canary.core)
    expect(eventsOf(ran.events, 'step-progressed')).toContainEqual(
      expect.objectContaining({ text: `what it held is kept in /var/lib/run/kept/${runOf(ran)}/files.password` }),
    )
  })

  it('is a run of its own: the playbook does the same again', async () => {
    again = await site.run('playbook', 'files.yml')
    expect(asMade(made(again))).toEqual(asMade(made(ran)))
  })

  it('stops with exit code 3 where somebody has changed a file since, and leaves it', async () => {
    await site.on('node1', 'echo theirs >/etc/it/new')
    const stopped = await site.run('undo', runOf(again))
    expect(stopped.status).toBe(3)
    expect(problemsOf(stopped)).toMatchObject([{ code: 'drifted', step: 'files/new@node1' }])
    expect(await site.on('node1', 'cat /etc/it/new')).toBe('theirs')
  })
})

describe('an installation', () => {
  let ran: Ran
  let before: Fingerprint

  beforeAll(async () => {
    await site.refresh()
    ran = await site.run('playbook', 'install')
    before = await fingerprint(site.lab)
  })

  it('is taken back up to the installer, which is a point of no return; the dry run says so and touches nothing', async () => {
    const dry = await site.run('undo', runOf(ran), '--dry-run')
    expect(dry.status).toBe(1)
    expect(dry.stdout).toContain('── point of no return: install/installer@node2 (its task has no way back)')
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
  })

  it('is taken back from a step behind it on, holding the partition for it, and can be done again', async () => {
    const undone = await site.run('undo', runOf(ran), '--from', 'archive-agent-not-at-boot')
    expect(undone.status).toBe(0)
    expect(mountedOn(site.lab)).toEqual([])
    expect(changing(made(undone))).toContain('paths/archive-store@node1')
    const steps = eventsOf(undone.events, 'step-started').map(({ step, host }) => `${step}@${host}`)
    expect(steps.at(-1)).toBe('install/archive-agent-not-at-boot@node1')
    const again = await site.run('playbook', 'install')
    expect(again.status).toBe(0)
    expect(changing(made(again)).toSorted()).toEqual(changing(made(undone)).toSorted())
  })
})

describe('a step by hand', () => {
  let stopped: Ran

  beforeAll(async () => {
    writePlaybook(
      'by-hand',
      `
    - name: Offline
      run_once: true
      by-hand: { text: Take it offline., evidence: Number of the change, probe: "[ -f /tmp/offline ]" }
    - { name: After, file: { path: /tmp/after, state: touch } }
`,
    )
    stopped = await site.run('playbook', 'by-hand.yml')
  })

  it('stops the run with exit code 5 where there is no terminal', () => {
    expect(stopped.status).toBe(5)
    expect(stopped.stderr).toContain(`then  run resume ${runOf(stopped)}`)
    expect(problemsOf(stopped)).toMatchObject([{ code: 'waits-for-person', step: 'by-hand/offline@node1' }])
  })

  it.skipIf(!hasScript)('asks at a terminal, in place of the tree, and journals what is written down', async () => {
    const terminal = localTerminal(`cd ${site.dir} && TERM=xterm exec ${process.execPath} ${runFile} resume`)
    const said = listen(terminal)
    await said('Press Enter when it is done, or type stop:')
    await terminal.write('\r')
    await said('Not done yet: the probe ends with 1')
    await site.on('node1', 'touch /tmp/offline')
    await terminal.write('\r')
    await said('Number of the change (or stop):')
    await terminal.write('CHG-4711\r')
    expect(await terminal.exited).toBe(0)
    const events = newestJournal()
    expect(eventsOf(events, 'run-started')).toMatchObject([{ resumes: runOf(stopped) }])
    expect(eventsOf(events, 'prompt-answered').map(({ answer }) => answer)).toEqual(['', '', 'CHG-4711'])
    expect(eventsOf(events, 'step-ended').find(({ step }) => step === 'by-hand/offline')).toMatchObject({
      result: { evidence: 'CHG-4711' },
    })
  })
})

/** Waits for a text that comes after the ones before. */
const listen = (terminal: ReturnType<typeof localTerminal>) => {
  let heard = ''
  let from = 0
  let look = () => {}
  terminal.onOutput(text => {
    heard += text
    look()
  })
  return (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        const at = heard.indexOf(text, from)
        if (at === -1) return
        from = at + text.length
        resolve()
      }
      void terminal.exited.then(() => reject(new Error(`it ended, and never said "${text}":\n${heard.slice(from)}`)))
      look()
    })
}

describe('`run resume`', () => {
  it('goes on where a run did not end well, tells what it finds, and names the old one', async () => {
    await site.on('node1', 'rm -f /tmp/offline /tmp/after')
    const stopped = await site.run('playbook', 'by-hand.yml')
    await site.on('node1', 'touch /tmp/offline')
    const resumed = await site.run('resume')
    expect(resumed.status).toBe(0)
    expect(eventsOf(resumed.events, 'run-started')).toMatchObject([
      { resumes: runOf(stopped), request: { playbook: 'by-hand.yml' } },
    ])
    expect(resumed.stderr).toMatch(/to do {5}by-hand\/offline@node1 {2}failed: The run waits for a person/)
    expect(changing(made(resumed))).toContain('by-hand/after@node1')
  })

  it('has nothing to do for a run that ended well', async () => {
    const well = await site.run('playbook', 'by-hand.yml')
    const resumed = await site.run('resume', runOf(well))
    expect(resumed).toMatchObject({ status: 0, stdout: `Run ${runOf(well)} ended well: nothing is left to do.\n` })
    expect(resumed.events).toEqual([])
  })
})
