// Modules are carried out when they are asked for; one that throws says where, to whoever asks and as often as it throws.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { bundleModules } from '../../src/cli/bundle-modules.ts'
import { nameOf, nameOfBundled } from '../../src/cli/bundle-name.ts'
import { keepLoaded } from '../../src/cli/kept-code.ts'
import { loadFolder } from '../../src/cli/modules.ts'
import { sourcesBelow } from '../../src/cli/sources-below.ts'
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

it('loads anew what was edited elsewhere where the site stands behind a link', async () => {
  const { site } = siteWith({ 'one.ts': "export { here as default } from '../../common/deep.ts'" })
  const real = join(site, 'far/down/below')
  mkdirSync(join(site, 'far/down/common'), { recursive: true })
  renameSync(join(site, 'tasks'), join(site, 'moved'))
  mkdirSync(real)
  renameSync(join(site, 'moved'), join(real, 'tasks'))
  symlinkSync(real, join(site, 'near'))
  const tasks = join(site, 'near/tasks')
  for (const here of [1, 22]) {
    writeFileSync(join(site, 'far/down/common/deep.ts'), `export const here = ${here}`)
    expect((await loadFolder(tasks, { cache: join(site, '.run', 'cache'), cwd: site })).one).toBe(here)
  }
})

it('gives a bundle the name of what went into it, also where that was edited meanwhile', async () => {
  const { site } = siteWith({ 'one.ts': "import './lib/deep.ts'\nexport default 1", 'lib/deep.ts': '' })
  const [folder, cache] = [join(site, 'tasks'), join(site, '.run', 'cache')]
  const wanted = { folder, paths: ['./one.ts'], cache, cwd: site }
  const { sums } = await bundleModules(wanted, [])
  expect(nameOfBundled(wanted, sums)).toEqual(nameOf(wanted))
  const before = nameOfBundled(wanted, sums)
  writeFileSync(join(folder, 'lib/deep.ts'), 'export const later = 2')
  expect(nameOfBundled(wanted, sums)).toEqual(before)
  expect(nameOf(wanted).name).not.toBe(before.name)
})

it('passes over what is no source', async () => {
  const { site, load } = siteWith({ 'one.ts': 'export default 1', '.cache/names.json': '{}' })
  // As an editor locks a file, and as a link stays behind.
  symlinkSync('somebody@somewhere.4711:1', join(site, 'tasks/.#one.ts'))
  mkdirSync(join(site, 'tasks/lib'))
  symlinkSync('gone.ts', join(site, 'tasks/lib/left.ts'))
  expect((await load()).one).toBe(1)
  expect(sourcesBelow(join(site, 'tasks'))).toEqual([join(site, 'tasks/one.ts')])
})

it('follows each link among folders once', () => {
  const { site } = siteWith({})
  const folders = [1, 2, 3, 4, 5, 6, 7, 8].map(n => join(site, 'tasks', `f${n}`))
  for (const folder of folders) mkdirSync(folder, { recursive: true })
  for (const [at, folder] of folders.entries()) {
    writeFileSync(join(folder, 'deep.ts'), '')
    for (const [other, target] of folders.entries()) if (other !== at) symlinkSync(target, join(folder, `to${other}`))
  }
  const found = sourcesBelow(join(site, 'tasks'))
  expect(found).toEqual(expect.arrayContaining(folders.map(folder => join(folder, 'deep.ts'))))
  expect(found.length).toBeLessThanOrEqual(16)
})

it('tells the sum of nothing that is not imported any more', async () => {
  const { site } = siteWith({ 'one.ts': "export { here as default } from '../lib/deep.ts'" })
  mkdirSync(join(site, 'lib'))
  writeFileSync(join(site, 'lib/deep.ts'), 'export const here = 1')
  const load = async () => {
    const sums = new Map<string, string>()
    await loadFolder(join(site, 'tasks'), { cache: join(site, '.run', 'cache'), cwd: site, sums })
    return [...sums.keys()].map(path => relative(site, path)).sort()
  }
  expect(await load()).toEqual(['lib/deep.ts', 'tasks/one.ts'])
  writeFileSync(join(site, 'tasks/one.ts'), 'export default 2')
  expect(await load()).toEqual(['tasks/one.ts'])
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
