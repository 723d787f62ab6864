// Bundles src/ and lab/ into dist/, so that a command starts without compiling.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadedLate } from './loaded-late.mjs'
import { zxStartsNothing } from './zx-starts-nothing.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * What nobody asks for: agents of ssh2 for HTTP, which read all that Node.js has for it, and what makes directories for
 * node-ssh, with a reader of versions.
 */
const unused = /[\\/](ssh2[\\/]lib[\\/]http-agents|make-dir[\\/]index)\.js$/

const leftOut = {
  name: 'left-out',
  setup: ({ onLoad }) => onLoad({ filter: unused }, () => ({ contents: 'module.exports = {}' })),
}

/** Messages of zod in fifty languages, of which we speak one. */
const onlyEnglish = {
  name: 'only-english',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    })),
}

const ownUrl = "const __url = require('node:url').pathToFileURL(__filename).href;"

/** Around what `src/cli/compiled.ts` loads, whose `frame` it is. */
const framed = {
  banner: { js: `(function (exports, require, module, __filename, __dirname) {${ownUrl}` },
  footer: { js: '})' },
}

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  write: false,
  metafile: true,
  // Node.js 20 reads them; as calls of RegExp they would be compiled at each start, which takes 50 ms.
  // What is imported late is required late: a script that V8 has kept may not import.
  supported: { 'regexp-set-notation': true, 'dynamic-import': false },
  // ssh2 has compiled parts for some machines, and its own JavaScript does without them; esbuild has a binary.
  external: ['cpu-features', '*.node', 'esbuild'],
  format: 'cjs',
  define: { 'import.meta.url': '__url' },
  banner: { js: ownUrl },
  plugins: [zxStartsNothing, loadedLate, leftOut, onlyEnglish],
  logLevel: 'warning',
}

/**
 * What others import from the package, in one file: a problem of a task is one to the kit too. The command itself gives
 * modules its own copy.
 */
const surface =
  'export * from "./src/task/index.ts"; export * from "./src/playbook/index.ts"; export * from "./test/kit/for-authors.ts"'

/** What esbuild leaves as it is: regular expressions and comments. A text of single bytes is read at once, in half the memory. */
const inAscii = text => text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * What a library exports as a whole is an object without a prototype, as ES modules have it, and not one that begins as
 * `{}`: of that V8 would make another shape for each of a thousand names.
 */
const exportsWhole = text =>
  text.replace(/^var (\w+) = \{\};\n__export\(\1, /gm, 'var $1 = Object.create(null);\n__export($1, ')

/** Libraries that are needed late, as parts of their own: what speaks SSH, and what asks a directory. */
const libraries = { ssh: ['ssh2', 'node-ssh'], ldap: ['ldapts'] }

/** Exports each of its libraries by its name. */
const partOf = names => names.map(name => `exports['${name}'] = require('${name}')`).join('\n')

/**
 * Has a bundle require them from the parts beside it (`src/cli/parts.ts`).
 *
 * @param parts Names of files.
 */
const fromParts = parts => ({
  name: 'from-parts',
  setup({ onResolve, onLoad }) {
    for (const [part, names] of Object.entries(libraries))
      for (const name of names) {
        onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'part' }))
        onLoad({ filter: new RegExp(`^${name}$`), namespace: 'part' }, () => ({
          contents: `module.exports = require('./${parts[part]}')['${name}']`,
        }))
      }
    onResolve({ filter: /^\./, namespace: 'part' }, ({ path }) => ({ path, external: true }))
  },
})

/** Writes into a directory of its own first: two commands may build at the same time. */
export const build = async () => {
  const { build: bundle } = await import('esbuild')
  const inputs = new Set()
  const made = async what => {
    const { outputFiles, metafile } = await bundle({ ...options, ...what })
    for (const input of Object.keys(metafile.inputs)) inputs.add(input)
    return inAscii(exportsWhole(outputFiles[0].text))
  }
  const ofText = contents => ({ stdin: { contents, resolveDir: root, loader: 'ts' } })
  const parts = await Promise.all(
    Object.entries(libraries).map(async ([part, names]) => {
      const text = await made({ ...ofText(partOf(names)), ...framed })
      return { part, file: named(part, text), text }
    }),
  )
  const plugins = [fromParts(Object.fromEntries(parts.map(({ part, file }) => [part, file]))), ...options.plugins]
  const [all, playing, start, inPackage, labInPackage, daemon, authors] = await Promise.all([
    ...['all', 'playing'].map(name => made({ entryPoints: [`src/cli/entry/${name}.ts`], ...framed, plugins })),
    ...['src/cli/start.ts', 'src/cli/package/index.ts', 'src/cli/package/lab.ts', 'lab/daemon.ts'].map(entry =>
      made({ entryPoints: [entry] }),
    ),
    made(ofText(surface)),
  ])
  const outdir = join(root, `dist.${process.pid}`)
  const names = { all: named('run', all), playing: named('play', playing) }
  mkdirSync(outdir, { recursive: true })
  const files = {
    ...Object.fromEntries(parts.map(({ file, text }) => [file, text])),
    [names.all]: all,
    [names.playing]: playing,
    'start.cjs': start,
    'package.cjs': inPackage,
    'package-lab.cjs': labInPackage,
    'lab-daemon.cjs': daemon,
    'authors.cjs': authors,
    'third-party.txt': thirdParty(inputs),
    stamp: JSON.stringify(names),
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(outdir, file), text)
  replace(outdir)
  warmUp(join(root, 'dist'))
}

/** Another text has another name: what V8 kept of a bundle goes by that. */
const named = (what, text) => `${what}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.cjs`

/** What of others is in the bundles, and the licence that each came with: it is handed on with them. */
const thirdParty = inputs => {
  const folders = [...inputs].flatMap(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input) ?? [])
  return [...new Set(folders)].sort().map(licenceOf).join('\n\n')
}

const licenceOf = folder => {
  const {
    name,
    version,
    licenses,
    license = licenses?.[0]?.type,
  } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, folder)).find(each => /^licen[cs]e/i.test(each))
  const text = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`
  return `${name} ${version}  ${license}${text}`
}

/**
 * Lets commands come as far as a connection, which nobody takes: what the first one of a bundle needed until then is
 * compiled from now on. An installation without its values is refused, but its modules are loaded by then.
 */
const warmUp = dist => {
  const site = mkdtempSync(join(tmpdir(), 'run-build-'))
  cpSync(join(root, 'bin/warm-up'), site, { recursive: true })
  const command = (...words) =>
    spawnSync(process.execPath, [join(dist, 'start.cjs'), ...words], {
      cwd: site,
      env: { PATH: process.env.PATH, HOME: site },
    })
  command('playbook', 'playbook.yml', '-i', 'inventory.yml', '--yes')
  command('playbook', 'install', '-i', 'inventory.yml', '--check')
  command('inventory', 'list', '-i', 'inventory.yml')
  const modules = join(site, '.run', 'cache')
  mkdirSync(join(dist, 'modules'), { recursive: true })
  for (const file of readdirSync(modules).filter(name => name.includes('.cjs')))
    cpSync(join(modules, file), join(dist, 'modules', file))
  rmSync(site, { recursive: true, force: true })
}

/** Somebody else may be faster, with the same result. */
const replace = outdir => {
  const old = join(root, `dist.old.${process.pid}`)
  try {
    renameSync(join(root, 'dist'), old)
  } catch {}
  try {
    renameSync(outdir, join(root, 'dist'))
  } catch {}
  for (const left of [old, outdir]) rmSync(left, { recursive: true, force: true })
}

if (basename(process.argv[1]) === basename(import.meta.url)) await build()
