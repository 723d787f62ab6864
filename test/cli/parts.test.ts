// What a bundle requires from beside it is loaded once, when it is asked for, and kept as the bundle is.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'
import { frame } from '../../src/cli/compiled.ts'

const caller = `const { loadWithParts } = require('./parts.cjs')
const { exports: made, keep } = loadWithParts(__dirname + '/bundle.cjs')
console.log(made.ask(process.argv[2]))
keep(process.argv[3])`

const dir = mkdtempSync(join(tmpdir(), 'parts-'))
buildSync({
  entryPoints: [fileURLToPath(new URL('../../src/cli/parts.ts', import.meta.url))],
  outfile: join(dir, 'parts.cjs'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
})
const files = {
  'call.cjs': caller,
  'bundle.cjs': `${frame.banner}
    const both = () => [require('./part.cjs'), require('./part.cjs')]
    exports.ask = name => name === 'part' ? both().map(({ greet }) => greet()).join() : require('node:path').sep
  ${frame.footer}`,
  'part.cjs': `${frame.banner} let times = 0; exports.greet = () => (times += 1) ${frame.footer}`,
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)

const ask = (name: string, depth: string): string =>
  execFileSync(process.execPath, [join(dir, 'call.cjs'), name, depth], { encoding: 'utf8' }).trim()

const kept = (): readonly string[] =>
  readdirSync(dir)
    .filter(name => name.endsWith('.code'))
    .map(name => name.replace(/\.v\d.*\.(\w+)\.code/, ' $1'))
    .sort()

it.each([
  ['other', '/', 'start', ['bundle.cjs start']],
  ['part', '1,2', 'start', ['bundle.cjs start', 'part.cjs start']],
  ['part', '1,2', 'start', ['bundle.cjs start', 'part.cjs start']],
  ['part', '1,2', 'run', ['bundle.cjs run', 'bundle.cjs start', 'part.cjs run', 'part.cjs start']],
] as const)('asked for its %s says %s, and keeps %s', (name, answer, depth, there) => {
  expect(ask(name, depth)).toBe(answer)
  expect(kept()).toEqual(there)
})
