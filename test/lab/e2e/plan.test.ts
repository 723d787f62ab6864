// A plan is made, is the same wherever it is made, and is refused as soon as anything is not as it was.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fault, labFault } from '../../../lab/index.ts'
import type { PlanFile } from '../../../src/model/plan-file.ts'
import { goOnWith } from '../../../src/model/problem.ts'
import { digest } from '../../../src/text/canonical.ts'
import { asMade, eventsOf, made, openWhileFresh, undecided, without } from './changes.ts'
import { beginCommand, type Ran } from './command.ts'
import { differences, type Fingerprint, fingerprint } from './fingerprint.ts'
import { mountedOn } from './machines.ts'
import { canary, openSite, type Site } from './site.ts'

/** A site that keeps its password in a file beside the inventory. */
const open = async (): Promise<Site> => {
  const opened = await openSite({
    vary: vars => {
      vars.messenger.user_password = { secret: 'file:password' }
    },
  })
  writeFileSync(`${opened.dir}/password`, `${canary.whole}\n`)
  return opened
}

let site: Site
beforeAll(async () => {
  site = await open()
})
afterAll(() => site?.close())

const readPlan = (file = 'plan.json', dir = site.dir) => JSON.parse(readFileSync(`${dir}/${file}`, 'utf8')) as PlanFile // our own format
const makePlan = (...flags: readonly string[]) => site.run('plan', 'install', '-o', 'plan.json', ...flags)
const apply = (...flags: readonly string[]) => site.run('apply', 'plan.json', ...flags)

describe('a plan of a fresh cluster', () => {
  let before: Fingerprint
  let planned: Ran

  beforeAll(async () => {
    before = await fingerprint(site.lab)
    planned = await makePlan('--detailed-exitcode')
  })

  it('is a dry run: it ends as one, and leaves no trace', async () => {
    expect(planned.status).toBe(10)
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
  })

  it('tells what comes next', () => {
    expect(planned.stdout).toContain('Next: run apply plan.json')
    expect(planned.stderr).toContain(`plan.json  ${readPlan().digest}`)
  })

  it('holds no secret, and shows that there is one', () => {
    expect(readFileSync(`${site.dir}/plan.json`, 'utf8')).not.toContain(canary.core)
    expect(readPlan().secretPrints).toMatchObject([{ print: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })

  it('names what it rests on: files, keys of hosts, what was seen', () => {
    const { inputs, hostKeys, steps } = readPlan().body
    const files = inputs.map(({ file }) => file)
    expect(files).toEqual(
      expect.arrayContaining([
        'inventory.yml',
        'run.yml',
        'run:playbooks/install.yml',
        'run:playbooks/paths.yml',
        'run:playbooks/dialogues/messenger-2.2.yml',
        'run:playbooks/worksheets/messenger.ts',
        'run:tasks/installer.ts',
        'run:tasks/lib/storage.ts',
      ]),
    )
    expect(files).not.toContain('password')
    expect(hostKeys).toMatchObject([
      { host: 'node1', fingerprint: expect.stringMatching(/^SHA256:/) },
      { host: 'node2', fingerprint: expect.stringMatching(/^SHA256:/) },
    ])
    expect(steps.filter(({ outcome, looks }) => outcome !== 'skipped' && looks.length === 0)).toEqual([])
  })
})

describe('a secret in the command line', () => {
  it.each([
    ['as YAML writes it', `x: '${canary.whole.replaceAll("'", "''")}'`],
    ['as JSON writes it', JSON.stringify({ x: { y: canary.whole } })],
  ])('cannot be planned, %s, and is not told', async (_what, given) => {
    const { status, stdout, stderr } = await site.run('plan', 'install', '-o', 'never.json', '-e', given)
    expect(status).toBe(2)
    expect(stderr).toContain('error[secret-in-request]')
    expect(stdout + stderr).not.toContain(canary.core)
    expect(existsSync(`${site.dir}/never.json`)).toBe(false)
  })
})

describe('the body of a plan', () => {
  const places: string[] = []
  afterAll(() => {
    for (const place of places) rmSync(place, { recursive: true })
  })

  /** Another machine of the same site: its own directory, locale, time zone and home; the same lab. */
  const elsewhere = (): string => {
    const dir = mkdtempSync(`${tmpdir()}/run-e2e-other-`)
    places.push(dir)
    for (const file of ['run.yml', 'inventory.yml', 'password']) copyFileSync(`${site.dir}/${file}`, `${dir}/${file}`)
    mkdirSync(`${dir}/.run`)
    symlinkSync(`${site.dir}/.run/lab`, `${dir}/.run/lab`)
    return dir
  }

  const bodyFrom = async (dir: string, cwd: string, environment: readonly string[]): Promise<PlanFile['body']> => {
    const file = `${dir}/made.json`
    const ran = await beginCommand({ dir: cwd, before: ['env', ...environment] }, ['plan', 'install', '-o', file]).end
    expect(ran).toMatchObject({ status: 0 })
    return readPlan('made.json', dir).body
  }

  it('is the same on two machines, in any locale and time zone, and from a folder below the site', async () => {
    const here = await bodyFrom(site.dir, site.dir, ['TZ=UTC', 'LANG=C', 'LC_ALL=C'])
    const dir = elsewhere()
    mkdirSync(`${dir}/below/there`, { recursive: true })
    const there = await bodyFrom(dir, dir, ['TZ=Asia/Kolkata', 'LANG=tr_TR.UTF-8', 'LC_ALL=tr_TR.UTF-8', 'HOME=/'])
    const below = await bodyFrom(dir, `${dir}/below/there`, [
      'TZ=America/St_Johns',
      'LANG=de_DE.UTF-8',
      'LC_ALL=de_DE.UTF-8',
    ])
    expect(there).toEqual(here)
    expect(digest(there)).toBe(digest(here))
    expect(digest(below)).toBe(digest(here))
  })

  it('is the same for two clusters that are alike, but for their host keys and the UUID of the partition', async () => {
    const other = await open()
    await other.run('plan', 'install', '-o', 'plan.json')
    const plain = (of: Site) => {
      const { hostKeys: _, ...body } = readPlan('plan.json', of.dir).body
      return JSON.stringify(body).replaceAll(of.lab.uuid, 'UUID')
    }
    expect(plain(other)).toBe(plain(site))
    await other.close()
  })
})

describe('a plan is refused with exit status 3, before anything is touched,', () => {
  const edited = (file: string, edit: (path: string) => void): void => edit(`${site.dir}/${file}`)
  const faulty = (fault: Fault) => labFault(site.lab.dir, 'node2', fault)
  let plan: string

  beforeAll(async () => {
    await makePlan()
    for (const file of ['plan.json', 'inventory.yml', 'run.yml', 'password', '.run/plan.key'])
      copyFileSync(`${site.dir}/${file}`, `${site.dir}/${file}.kept`)
    plan = readFileSync(`${site.dir}/plan.json`, 'utf8')
  })
  beforeEach(() => {
    for (const file of ['plan.json', 'inventory.yml', 'run.yml', 'password', '.run/plan.key'])
      copyFileSync(`${site.dir}/${file}.kept`, `${site.dir}/${file}`)
    rmSync(`${site.dir}/tasks`, { recursive: true, force: true })
  })

  const refused = async (): Promise<string> => {
    const before = await fingerprint(site.lab)
    const { status, stderr, events } = await apply()
    expect(stderr).toContain('nothing was touched')
    expect({ status, events }).toEqual({ status: 3, events: [] })
    expect(differences(before, await fingerprint(site.lab))).toEqual([])
    return stderr
  }

  it.each([
    [
      'altered by one byte',
      'plan.json',
      'plan-altered',
      () => edited('plan.json', path => writeFileSync(path, plan.replace('"mode":"0755"', '"mode":"0757"'))),
    ],
    [
      'for another inventory',
      'inventory.yml',
      'input-changed',
      () => edited('inventory.yml', path => appendFileSync(path, '# later\n')),
    ],
    [
      'for other settings',
      'run.yml',
      'input-changed',
      () => edited('run.yml', path => appendFileSync(path, 'forks: 3\n')),
    ],
    [
      'for an inventory that is gone',
      'inventory.yml',
      'input-changed',
      () => edited('inventory.yml', path => rmSync(path)),
    ],
    [
      'with a task that was not there',
      'tasks/file.ts',
      'input-changed',
      () => {
        mkdirSync(`${site.dir}/tasks`)
        copyFileSync(new URL('../../../tasks/file.ts', import.meta.url).pathname, `${site.dir}/tasks/file.ts`)
      },
    ],
    [
      'with another secret',
      'user_password',
      'secret-changed',
      () => edited('password', path => writeFileSync(path, 'another\n')),
    ],
    [
      'without the key of its prints',
      'plan.key',
      'plan-key-missing',
      () => edited('.run/plan.key', path => rmSync(path)),
    ],
  ])('%s', async (_what, named, code, edit) => {
    edit()
    const told = await refused()
    expect(told).toContain(`error[${code}]`)
    expect(told).toContain(named)
  })

  it('with another variable of the environment, which is named, and not its value', async () => {
    const given = JSON.stringify({ agents_group: "{{ lookup('env', 'SITE_GROUP') }}" })
    const within = (group: string, ...args: readonly string[]) =>
      beginCommand({ dir: site.dir, env: { SITE_GROUP: group } }, args).end
    const made = await within(
      'msgrgroup',
      'plan',
      'install',
      '-o',
      'plan.json',
      '-e',
      given,
      '-l',
      'node1',
      '--only',
      'mount-point',
    )
    expect(made.status, made.stderr).toBe(0)
    const { status, stderr, events } = await within('newsgroup', 'apply', 'plan.json')
    expect({ status, events }).toEqual({ status: 3, events: [] })
    expect(stderr).toContain('error[environment-changed] The variable `SITE_GROUP` of the environment')
    expect(stderr).not.toMatch(/msgrgroup|newsgroup/)
  })

  it('when its time is over', async () => {
    await makePlan('--valid-for', '1ms')
    expect(await refused()).toContain('error[plan-expired] The plan is too old')
  })

  it('where a host shows another key', async () => {
    await faulty({ kind: 'other-host-key' })
    try {
      const told = await refused()
      expect(told).toContain('error[host-key-changed]')
      expect(told).toContain(`${readPlan().body.hostKeys[1]?.fingerprint}, as planned`)
    } finally {
      await faulty({ kind: 'none' })
    }
  })

  it('where what it rests on has moved, on any node, each with then and now', async () => {
    await site.on('node1', 'mkdir -m 0700 /mnt/messenger')
    await site.on('node2', 'mkdir -p /etc/opt/novell/messenger && echo somebody >/etc/opt/novell/messenger/uid.conf')
    const told = await refused()
    await site.refresh()
    expect(told).toContain('error[precondition-moved] file /mnt/messenger on node1 is not as it was')
    expect(told).toMatch(/seen {4}.*mode 0700.*\(now\)/)
    expect(told).toContain('then    run plan install -o plan.json')
  })

  it('where another node holds the partition', async () => {
    await site.on('node2', `mkdir -p /media/p && mount ${site.lab.device} /media/p`)
    const told = await refused()
    await site.refresh()
    expect(told).toContain('error[partition-mounted-elsewhere]')
    expect(told).toContain('step install/installer@node1, on node2')
  })

  it('and with exit status 6 where a node cannot be reached, since that is no drift', async () => {
    await faulty({ kind: 'unreachable' })
    const { status, stderr } = await apply()
    await faulty({ kind: 'none' })
    expect(status).toBe(6)
    expect(stderr).toContain('nothing was touched')
  })
})

describe('a plan that still fits', () => {
  let run: Ran

  beforeAll(async () => {
    await makePlan()
    run = await apply()
  })

  it('is carried out: its changes, and no others', () => {
    expect(run.status).toBe(0)
    const planned = readPlan().body.steps
    const hosts = [...new Set(planned.map(({ host }) => host))].sort()
    const inOrder = hosts.flatMap(host => planned.filter(step => step.host === host))
    expect(undecided(inOrder)).toEqual(openWhileFresh)
    expect(asMade(without(openWhileFresh, made(run)))).toEqual(asMade(without(openWhileFresh, inOrder)))
  })

  it('tells first what it is, and is named in the journal of the run, and kept beside it', () => {
    expect(run.stderr).toMatch(new RegExp(`^Plan ${readPlan().digest.slice(0, 8)}  install  cluster`))
    const [started] = eventsOf(run.events, 'run-started')
    expect(started?.plan).toBe(readPlan().digest)
    expect(existsSync(`${site.dir}/.run/runs/${started?.run}/plan.json`)).toBe(true)
  })

  it('is taken once', async () => {
    const again = await apply()
    expect(again.status).toBe(3)
    expect(again.stderr).toContain('error[plan-taken]')
  })

  it('leaves nothing to do: a plan made then changes nothing when it is applied', async () => {
    await makePlan()
    const idle = await apply()
    expect(idle.status).toBe(0)
    expect(eventsOf(idle.events, 'step-intended')).toEqual([])
  })
})

describe('on a finished cluster', () => {
  it('one of two runs that take a plan at once gets it', async () => {
    await site.on('node2', 'echo somebody >/etc/opt/novell/messenger/uid.conf')
    await makePlan()
    const both = await Promise.all([apply(), apply()])
    const [first, second] = both.map(({ status }) => status).sort()
    expect(first).toBe(0)
    // It meets the cluster's lock, or, come later, the plan that is taken.
    expect([3, 4]).toContain(second)
  })

  it('a receipt that is gone is told before anything is touched', async () => {
    await site.on('node1', 'echo somebody >/etc/opt/novell/messenger/uid.conf')
    await makePlan()
    await site.on('node2', 'rm /var/lib/run/receipts/*/install.agents-test.json')
    const { status, stderr, events } = await apply()
    expect({ status, events }).toEqual({ status: 3, events: [] })
    expect(stderr).toContain('receipt install/agents-test on node2')
  })
})

describe('what moves while a plan is carried out', () => {
  let run: Ran

  beforeAll(async () => {
    await site.refresh()
    await makePlan()
    const running = site.begin('apply', 'plan.json')
    await running.said('starting the Messaging Agent')
    await site.on('node2', 'mkdir -m 0700 /mnt/messenger')
    run = await running.end
  })

  it('stops it at the step that it was planned for, with then and now', () => {
    expect(run.status).toBe(3)
    expect(run.stderr).toContain('error[plan-drift]')
    expect(eventsOf(run.events, 'step-ended').at(-1)).toMatchObject({
      step: 'install/mount-point',
      host: 'node2',
      problem: { code: 'plan-drift', ...goOnWith('run plan install -o plan.json') },
    })
  })

  it('leaves node1 done and node2 as it was, with the partition mounted nowhere', async () => {
    expect(mountedOn(site.lab)).toEqual([])
    expect(await site.on('node2', 'stat -c %a /mnt/messenger; ls /etc/init.d')).not.toContain('nmma')
  })
})

describe('where the site asks for approval', () => {
  const keygen = (...args: readonly string[]) => execFileSync('ssh-keygen', args, { cwd: site.dir, stdio: 'pipe' })

  beforeAll(async () => {
    keygen('-q', '-t', 'ed25519', '-N', '', '-C', 'reviewer', '-f', `${site.dir}/reviewer`)
    writeFileSync(`${site.dir}/signers`, `reviewer@example.com ${readFileSync(`${site.dir}/reviewer.pub`, 'utf8')}`)
    appendFileSync(`${site.dir}/run.yml`, 'approval:\n  allowed_signers: signers\n')
    await site.refresh()
  })

  it('a plan that nobody signed is refused, with the line that signs it', async () => {
    const planned = await makePlan()
    const { status, stderr, events } = await apply()
    expect({ status, events }).toEqual({ status: 3, events: [] })
    expect(stderr).toContain('error[plan-not-approved]')
    const line = `printf %s ${readPlan().digest} | ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n run-plan >plan.json.sig`
    expect(stderr).toContain(line)
    expect(planned.stderr).toContain(line)
  })

  it('one that was signed is carried out, and tells who signed', async () => {
    const { digest } = await makePlan('--only', 'mount-point', '--limit', 'node1').then(() => readPlan())
    execFileSync(
      '/bin/sh',
      ['-c', `printf %s ${digest} | ssh-keygen -q -Y sign -f reviewer -n run-plan >plan.json.sig`],
      {
        cwd: site.dir,
        stdio: 'pipe',
      },
    )
    const run = await apply()
    expect(run.status).toBe(0)
    expect(run.stderr).toContain('signed by reviewer@example.com')
  })
})
