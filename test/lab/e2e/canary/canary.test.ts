// P10: a secret of each kind in each place where one can stand. Whatever becomes of the run, no byte of it comes out.
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultySite } from '../../faults/faulty-site.ts'
import { beginCommand, type Ran } from '../command.ts'
import { machinesOf } from '../machines.ts'
import { watchWhile } from '../watch.ts'
import { canaryOf, foundBelow, foundIn } from './canaries.ts'
import { isKept, openCanarySite, refusedSteps } from './canary-site.ts'
import { typedAt } from './typed.ts'

let site: FaultySite
beforeAll(async () => {
  site = await openCanarySite()
})
afterAll(() => site?.close())

const env = { CANARY: canaryOf('env') }
const begin = (...args: readonly string[]) => beginCommand({ dir: site.dir, env }, args)
const run = (...args: readonly string[]) => begin(...args).end
const extra = ['-e', '@kept/extra.yml'] as const

const isOfEnvironment = (text: string): boolean => text.includes('CANARY=')

/** All that somebody could look into afterwards, and what processes showed meanwhile. */
const traces = (ran: Ran, shown: ReadonlySet<string>): readonly string[] => [
  ...foundIn('stdout', ran.stdout),
  ...foundIn('stderr', ran.stderr),
  // The variable that the user gave to the command himself is in its own environment, and in nobody else's.
  ...[...shown].filter(text => !isOfEnvironment(text)).flatMap(text => foundIn('process', text)),
  ...foundBelow(`${site.dir}/.run`, path => /\/lab\//.test(path)),
  ...foundBelow(site.dir, path => isKept(path) || path.includes('/.run/lab/')),
  ...onNode('/tmp'),
  ...onNode('/var/lib/run'),
  ...onNode('/var/log'),
]

/** What undo needs, and what a program prints while nobody listens: where its own user alone can look. */
const isForItsUser = (path: string): boolean => /\/var\/lib\/run\/(kept|begun)\//.test(path)

const onNode = (folder: string): readonly string[] =>
  machinesOf(site.lab)
    .map(({ pid }) => `/proc/${pid}/root${folder}`)
    .filter(existsSync)
    .flatMap(path => foundBelow(path, isForItsUser))

const watched = async (...args: readonly string[]) => {
  const before = new Set(readdirSync(tmpdir()))
  const { value: ran, shown } = await watchWhile(site.lab, run(...args))
  const left = readdirSync(tmpdir()).filter(name => !before.has(name) && /^(run|tsx|zx|node-)/.test(name))
  return { ran, found: [...traces(ran, shown), ...left.flatMap(name => foundIn('temporary file', name))] }
}

it('the search finds a canary, in whatever form it were', () => {
  const text = `a secret: ${canaryOf('file')}`
  for (const form of ['utf8', 'base64', 'hex'] as const)
    expect(foundIn('here', Buffer.from(text).toString(form)), form).not.toEqual([])
})

describe.each<readonly [string, readonly string[], number]>([
  ['a dry run', ['playbook', 'good', ...extra, '--dry-run', '-v'], 0],
  ['a dry run as JSON', ['playbook', 'good', ...extra, '--dry-run', '--format', 'json'], 0],
  ['a plan', ['plan', 'good', ...extra, '-o', 'plan.json'], 0],
  ['a review', ['review', 'plan.json', '-o', 'review.html'], 0],
  ['a review in Markdown', ['review', 'plan.json', '-o', 'review.md'], 0],
  ['a review as JSON', ['review', 'plan.json', '-o', 'review.json'], 0],
  ['a plan that is applied', ['apply', 'plan.json', '-v'], 0],
  ['a run after it', ['playbook', 'good', ...extra, '-v', '--diff', '--events', 'events.jsonl'], 0],
  ['a run that fails', ['playbook', 'failing', '-v'], 1],
  ['what is resumed', ['resume', '-v', '--events', 'resumed.jsonl'], 1],
])('%s', (_, args, status) => {
  it('shows nothing of any secret', async () => {
    const { ran, found } = await watched(...args)
    expect(ran, ran.stderr).toMatchObject({ status })
    expect(found).toEqual([])
  })
})

it('what was to be kept secret on the node has arrived there', async () => {
  const content = await site.on('node1', 'cat /etc/canary')
  for (const kind of ['env', 'file', 'vaultfile', 'extra'] as const) expect(content).toContain(canaryOf(kind))
  expect(content).toContain(canaryOf('vaultvalue').toUpperCase())
})

it('a changed secret shows as changed, and nothing of it', async () => {
  site.write('kept/file', 'Vogel-file-4711 another one\n')
  const { ran, found } = await watched('playbook', 'good', ...extra, '--dry-run', '--detailed-exitcode')
  expect(ran, ran.stderr).toMatchObject({ status: 10 })
  expect(found).toEqual([])
  site.write('kept/file', `${canaryOf('file')}\n`)
})

it('a run that is killed leaves nothing of any secret', async () => {
  const running = begin('playbook', 'endless', '-v')
  const killed = running.said('endless/before').then(async () => {
    await sleep(1000)
    running.signal('SIGKILL')
    return running.end
  })
  const { value: ran, shown } = await watchWhile(site.lab, killed)
  expect(ran.status).toBeNull()
  expect(ran.events.at(-1)?.type).not.toBe('run-ended')
  expect(traces(ran, shown)).toEqual([])
})

describe('a secret is refused, by name and place, where it would be seen', () => {
  it.each(refusedSteps.map(([where], index) => [where, index] as const))('%s', async (_, index) => {
    const { ran, found } = await watched('playbook', `refused-${index}`)
    expect(ran, ran.stderr).toMatchObject({ status: 2 })
    expect(ran.stderr).toMatch(/playbooks\/refused-\d\.yml:\d+:\d+/)
    expect(ran.stderr).toMatch(/from_(env|vault|file|command)/)
    expect(found).toEqual([])
  })
})

describe('what is typed at a terminal', () => {
  it('is asked once for all hosts, used, and shown nowhere', async () => {
    const answers = [['asked: ', canaryOf('ask')]] as const
    const work = typedAt({ dir: site.dir, env, answers }, ['playbook', 'asking', '-i', 'asking.yml', ...extra, '-v'])
    const { value: ran, shown } = await watchWhile(site.lab, work)
    expect(ran, ran.screen).toMatchObject({ status: 0 })
    expect(ran.screen.split('asked: ')).toHaveLength(2)
    expect(await site.on('node2', 'cat /etc/canary')).toContain(canaryOf('ask'))
    expect(traces({ status: 0, stdout: ran.screen, stderr: '', events: [] }, shown)).toEqual([])
  })

  it('as the password of sudo is asked once and shown nowhere, nor is the passphrase of the key', async context => {
    if ((await site.statusOn('node1', 'command -v sudo chpasswd')) !== 0) context.skip()
    await site.on(
      'node1',
      `echo 'nvlmsgr ALL=(ALL) ALL' >/etc/sudoers.d/canary; chpasswd <<'EOT'\nnvlmsgr:${canaryOf('become')}\nEOT`,
    )
    const answers = [['Become password: ', canaryOf('become')]] as const
    const work = typedAt({ dir: site.dir, env, answers }, [
      'playbook',
      'become',
      '-i',
      'become.yml',
      '-K',
      '--yes',
      '-v',
    ])
    const { value: ran, shown } = await watchWhile(site.lab, work)
    expect(ran, ran.screen).toMatchObject({ status: 0 })
    expect(await site.on('node1', 'cat /etc/became')).toBe('root')
    expect(traces({ status: 0, stdout: ran.screen, stderr: '', events: [] }, shown)).toEqual([])
  })
})

it('what lies on a node for undo and resume is for its user alone', async () => {
  const modes = await site.on('node1', 'stat -c %a /var/lib/run/kept /var/lib/run/begun')
  expect(modes.split('\n')).toEqual(['700', '700'])
})
