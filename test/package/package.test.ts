// The package as a user gets it: packed, installed, and used from a directory that knows nothing of this repository.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'

vi.setConfig({ testTimeout: 600_000 })

const root = fileURLToPath(new URL('../../', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'package-'))
const prefix = join(scratch, 'prefix')
const installed = join(prefix, 'lib/node_modules/runbook-run')
const site = join(scratch, 'site')

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(site, path)), { recursive: true })
  writeFileSync(join(site, path), text)
}

const run = (...words: readonly string[]) =>
  spawnSync(join(prefix, 'bin/run'), words, { cwd: site, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })

const task = `import { absolutePath, change, differs, Problem, same, task, text, z } from '#task'

export default task({
  name: 'greeting',
  summary: 'Keep a greeting in a file',
  args: z.strictObject({ path: absolutePath, words: z.string() }),
  async check({ world, args: { path, words } }) {
    const seen = await world.look(text(path))
    if (seen.type === 'absent') throw new Problem({ code: 'no-file', summary: 'there is no file', help: 'make one' })
    const after = { type: 'text', text: words } as const
    return seen.type === 'text' && seen.text === words ? same('it says so') : differs(change(text(path), seen, after))
  },
  async apply({ $, args, changes: [{ after }] }) {
    await $({ input: after.text })\`cat >\${args.path}\`
  },
})
`
const playbook = `import { playbook } from '#playbook'

export default playbook({ hosts: 'all', tasks: [{ name: 'Greeting', greeting: { path: '/etc/motd', words: 'hello' } }] })
`
const tried = `import { answerOf, apply, problemOf } from 'runbook-run/kit'
import { equal } from 'node:assert'
import greeting from './tasks/greeting.ts'

const args = { path: '/etc/motd', words: 'hello' }
equal((await answerOf(greeting, args, { things: { 'text /etc/motd': { type: 'text', text: 'x' } } })).type, 'differs')
equal((await problemOf(answerOf(greeting, args, { things: { 'text /etc/motd': { type: 'absent' } } }))).code, 'no-file')
const after = { type: 'text', text: 'hello' }
const { host } = await apply(greeting, args, [['cat >/etc/motd', '']], {
  changes: [{ kind: 'text', key: '/etc/motd', before: { type: 'absent' }, after }],
})
equal(host.inputs[0], 'hello')
`

/** Real nodes: each step of a site's own, then a playbook, which changes nothing the second time. */
const onNodes = `import { deepEqual, equal, rejects } from 'node:assert'
import { Problem, Problems, type RunReport, runPlaybook } from 'runbook-run'
import { tryOn } from 'runbook-run/kit'
import { openLab } from 'runbook-run/lab'
import greeting from './tasks/greeting.ts'

const args = { path: '/etc/motd', words: 'hello' }
const outcomes = ({ steps }: RunReport) => steps.map(({ step, host, outcome }) => [step, host, outcome].join(' '))

await rejects(runPlaybook('motd', { mode: 'dry-run' }), error => error instanceof Problems)
const lab = await openLab({ nodes: 2 })
try {
  deepEqual(lab.nodes, ['node1', 'node2'])
  const prepare = () => Promise.all(lab.nodes.map(name => lab.host(name).run('echo x >/etc/motd')))
  const node1 = lab.host('node1')
  await rejects(lab.host('node9').run('true'), error => error instanceof Problem && error.code === 'lab-node-unknown')

  await prepare()
  equal((await tryOn(node1, greeting, args)).changes.length, 1)
  equal((await node1.run('cat /etc/motd')).stdout, 'hello')
  equal((await tryOn(node1, greeting, args)).changes.length, 0)

  await lab.reset()
  equal((await node1.run('grep -c hello /etc/motd')).exitCode === 0, false)

  await prepare()
  const options = { inventory: 'lab.yml' }
  deepEqual(outcomes(await runPlaybook('hello', { ...options, mode: 'dry-run' })), [
    'hello/greeting node1 would-change',
    'hello/greeting node2 would-change',
  ])
  deepEqual(outcomes(await runPlaybook('hello', { ...options, mode: 'run' })), [
    'hello/greeting node1 changed',
    'hello/greeting node2 changed',
  ])
  const again = await runPlaybook('hello', { ...options, mode: 'run' })
  deepEqual([again.exitCode, again.counts.same, again.problems], [0, 2, []])
} finally {
  await lab.close()
}
`

it('is packed, installed, and does what a site asks of it', () => {
  execFileSync('npm', ['run', '-s', 'types'], { cwd: root })
  // It is built already, and other tests run from what is built.
  const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch]
  const [packed] = JSON.parse(execFileSync('npm', words, { cwd: root, encoding: 'utf8' })) as readonly {
    readonly filename: string
    readonly size: number
    readonly files: readonly { readonly path: string }[]
  }[]
  expect(packed?.size).toBeLessThan(2_500_000)
  const paths = (packed?.files ?? []).map(({ path }) => path)
  expect(paths.filter(path => /^(src|test|bench)\/|\.code$|\.test\./.test(path))).toEqual([])
  for (const path of [
    'CHANGELOG.md',
    'LICENSE',
    'schemas/playbook.json',
    'playbooks/dialogues/messenger-2.2.yml',
    'tasks/copy.ts',
  ])
    expect(paths).toContain(path)

  const tarball = join(scratch, packed?.filename ?? '')
  execFileSync('npm', ['i', '-g', '--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund', tarball])

  write('run.yml', 'inventory: inventory.yml\n')
  write('inventory.yml', 'all: { hosts: { node1: } }\n')
  write('tasks/greeting.ts', task)
  write('playbooks/hello.ts', playbook)
  write(
    'playbooks/motd.yml',
    '- hosts: all\n  tasks:\n    - { name: Greeting, greeting: { path: /etc/motd, wrds: hello } }\n',
  )
  write('try.ts', tried)
  write('nodes.ts', onNodes)
  write('lab.yml', 'provider: lab\nall: { hosts: { node1: , node2: } }\n')
  write(
    'package.json',
    JSON.stringify({ type: 'module', imports: { '#task': 'runbook-run/task', '#playbook': 'runbook-run/playbook' } }),
  )
  const options = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: ['node'],
    allowImportingTsExtensions: true,
  }
  write('tsconfig.json', JSON.stringify({ compilerOptions: options, include: ['**/*.ts'] }))
  mkdirSync(join(site, 'node_modules/@types'), { recursive: true })
  symlinkSync(installed, join(site, 'node_modules/runbook-run'))
  symlinkSync(join(root, 'node_modules/@types/node'), join(site, 'node_modules/@types/node'))

  expect(run('--version')).toMatchObject({
    status: 0,
    stdout: `${JSON.parse(execFileSync('npm', ['pkg', 'get', 'version'], { cwd: root, encoding: 'utf8' }))}\n`,
  })
  expect(run('lint', 'hello')).toMatchObject({ status: 0, stdout: '0 faults, 0 warnings\n' })
  const wrong = run('lint', 'motd')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toContain('did you mean `words`?')
  expect(run('docs', 'greeting').stdout).toContain('Keep a greeting in a file.')

  const compiler = join(root, 'node_modules/.bin/tsc')
  expect(spawnSync(compiler, ['-p', site], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' })
  // The types of all surfaces stand by themselves: nothing of Node.js is declared here, and none of them is passed over.
  const surfaces = ['runbook-run', ...['task', 'playbook', 'kit', 'lab'].map(name => `runbook-run/${name}`)]
  write('surfaces.ts', surfaces.map((name, at) => `export * as surface${at} from '${name}'\n`).join(''))
  const bundler = { ...options, module: 'esnext', moduleResolution: 'bundler', types: [] }
  const include = ['tasks', 'playbooks', 'surfaces.ts']
  write('tsconfig.bundler.json', JSON.stringify({ compilerOptions: bundler, include }))
  const alone = spawnSync(compiler, ['-p', join(site, 'tsconfig.bundler.json')], { encoding: 'utf8' })
  expect(alone).toMatchObject({ status: 0, stdout: '' })
  write('playbooks/wrong.ts', playbook.replace("hosts: 'all'", 'host: 1'))
  expect(spawnSync(compiler, ['-p', site], { encoding: 'utf8' }).stdout).toMatch(
    /playbooks\/wrong\.ts\(3,\d+\): error TS/,
  )

  const esbuild = join(root, 'node_modules/.bin/esbuild')
  execFileSync(
    esbuild,
    ['try.ts', '--bundle', '--format=esm', '--platform=node', '--packages=external', '--outfile=try.mjs'],
    { cwd: site },
  )
  expect(spawnSync(process.execPath, ['try.mjs'], { cwd: site, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
  execFileSync(
    esbuild,
    ['nodes.ts', '--bundle', '--format=esm', '--platform=node', '--packages=external', '--outfile=nodes.mjs'],
    { cwd: site },
  )
  const nodes = spawnSync(process.execPath, ['nodes.mjs'], { cwd: site, encoding: 'utf8' })
  expect(nodes).toMatchObject({ status: 0, stdout: '', stderr: '' })

  // All else is bundled, and what is bundled of others came with its licence.
  expect(readdirSync(join(installed, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual([
    '@esbuild',
    'esbuild',
    'zod',
  ])
  const licences = readFileSync(join(installed, 'dist/third-party.txt'), 'utf8')
  for (const name of ['ssh2', 'zx', 'yaml', 'listr2', 'zod']) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'))
})
