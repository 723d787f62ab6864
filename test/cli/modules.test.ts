// Modules are carried out when they are asked for; one that throws says where, to whoever asks and as often as it throws.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { keepLoaded } from '../../src/cli/kept-code.ts'
import { loadFolder } from '../../src/cli/modules.ts'
import { Problem } from '../../src/model/problem.ts'

const sites: string[] = []
afterAll(() => {
  for (const site of sites) rmSync(site, { recursive: true })
})

const siteWith = (files: Readonly<Record<string, string>>) => {
  const site = mkdtempSync(join(tmpdir(), 'run-modules-'))
  sites.push(site)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(site, 'tasks', name)), { recursive: true })
    writeFileSync(join(site, 'tasks', name), text)
  }
  const load = () => loadFolder(join(site, 'tasks'), { cache: join(site, '.run', 'cache'), cwd: site })
  return { site, load }
}

const thrownBy = (work: () => unknown): Problem => {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error('no problem was thrown')
}

const gate = globalThis as { isShut?: boolean }
const gated = "import '#task'\nif (globalThis.isShut) throw new Error('shut')\nexport default 'open'\n"

it.each([
  ['export default 3', 3],
  ["import '#task'\nexport = 3", 3],
  ['module.exports = 3', 3],
  ['module.exports = null', null],
  ['export const other = 3', undefined],
  ["export { here as default } from './lib/deep.ts'", 4],
])('takes what %j exports', async (text, exported) => {
  const { load } = siteWith({ 'one.ts': text, 'lib/deep.ts': 'export const here = 4' })
  expect((await load()).one).toBe(exported)
})

it('names the modules that were on the way to where it was thrown, and nothing around them', async () => {
  const { load } = siteWith({
    'lib/deep.ts':
      "import '#task'\nconst read = () => {\n  throw new Error('not today')\n}\nexport const deep = read()\n",
    'motd.ts': "import { deep } from './lib/deep.ts'\nexport default deep\n",
    'other.ts': 'export default 3\n',
  })
  const modules = await load()
  expect(modules.other).toBe(3)
  const { fields } = thrownBy(() => modules.motd)
  expect(fields.summary).toBe('tasks/motd.ts cannot be loaded')
  expect(fields.seen?.split('\n').map(line => line.replace(/\(.*/, '').trim())).toEqual([
    'Error: not today',
    'at read',
    'at tasks/lib/deep.ts',
    'at tasks/motd.ts',
  ])
})

it('loads anew what was edited behind a link', async () => {
  const { site, load } = siteWith({ 'one.ts': "export { here as default } from './shared/deep.ts'" })
  mkdirSync(join(site, 'elsewhere'))
  symlinkSync('../elsewhere', join(site, 'tasks/shared'))
  // One that leads back to where it stands.
  symlinkSync('..', join(site, 'elsewhere/up'))
  for (const text of ['export const here = 1', 'export const here = 22']) {
    writeFileSync(join(site, 'elsewhere/deep.ts'), text)
    expect((await load()).one).toBe(Number(text.split('= ')[1]))
  }
})

it('loads anew what was edited elsewhere, has its sum, and says where it is gone', async () => {
  const { site } = siteWith({ 'one.ts': "export { here as default } from '../lib/deep.ts'" })
  const deep = join(site, 'lib/deep.ts')
  mkdirSync(dirname(deep))
  const sums = new Map<string, string>()
  const load = () => loadFolder(join(site, 'tasks'), { cache: join(site, '.run', 'cache'), cwd: site, sums })
  const seen = new Set<string>()
  for (const here of [1, 22, 1]) {
    writeFileSync(deep, `export const here = ${here}`)
    expect((await load()).one).toBe(here)
    seen.add(sums.get(deep) ?? '')
  }
  expect(seen.size).toBe(2)
  rmSync(deep)
  await expect(load()).rejects.toMatchObject({ fields: { code: 'module-broken' } })
})

it.each<[string, Readonly<Record<string, string>>]>([
  ['a module', { 'one.ts': 'export default 3', 'lib/deep.ts': '' }],
  ['none', { 'lib/deep.ts': '' }],
])('takes the sum of each source of a folder with %s', async (_, files) => {
  const { site } = siteWith(files)
  const sums = new Map<string, string>()
  for (let time = 1; time <= 2; time += 1) {
    sums.clear()
    await loadFolder(join(site, 'tasks'), { cache: join(site, '.run', 'cache'), cwd: site, sums })
    const paths = Object.keys(files).map(name => join(site, 'tasks', name))
    expect([...sums.keys()].sort()).toEqual(paths.sort())
  }
})

it('names the file that cannot be read, in whichever folder it lies', async () => {
  const { load } = siteWith({ 'lib/deep.ts': 'export const = 3', 'motd.ts': "import './lib/deep.ts'" })
  await expect(load()).rejects.toMatchObject({ fields: { span: { file: 'tasks/lib/deep.ts', line: 1 } } })
})

it('tells each of two sites with the same file of its own, keeps nothing of it, and loads anew what threw', async () => {
  gate.isShut = true
  onTestFinished(() => void delete gate.isShut)
  const [one, other] = [siteWith({ 'motd.ts': gated }), siteWith({ 'motd.ts': gated })]
  for (const { site, load } of [one, other]) {
    const modules = await load()
    expect(thrownBy(() => modules.motd).fields.seen).toContain(`${site}/.run/cache/`)
  }
  keepLoaded()
  expect([one, other].flatMap(kept)).toEqual([])
  gate.isShut = false
  for (const { load } of [one, other]) expect((await load()).motd).toBe('open')
  keepLoaded()
  expect(kept(one)).toHaveLength(1)
})

/** What V8 made of the modules of a site. */
const kept = ({ site }: { readonly site: string }): readonly string[] =>
  readdirSync(join(site, '.run', 'cache')).filter(name => name.endsWith('.code'))
