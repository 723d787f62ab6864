// What V8 made of a bundle is kept beside it, and a bundle that was kept does the same as one that is read anew.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { frame } from '../../src/cli/compiled.ts'

/** Loads a bundle in a process of its own, since V8 keeps what it read in memory too, and calls what it exports. */
const caller = `const { loadCompiled } = require('./compiled.cjs')
const { exports: made, keep } = loadCompiled(process.argv[2], require)
let answer
try { answer = made.ask('you') } catch ({ stack }) { answer = stack }
keep(process.argv[3] ?? 'start')
console.log(answer)`

const tools = mkdtempSync(join(tmpdir(), 'compiled-'))
beforeAll(() => {
  const source = fileURLToPath(new URL('../../src/cli/compiled.ts', import.meta.url))
  buildSync({
    entryPoints: [source],
    outfile: join(tools, 'compiled.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
  })
  writeFileSync(join(tools, 'call.cjs'), caller)
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tools, 'bundle-'))
})

const framed = (text: string): string => `${frame.banner}${text}\n${frame.footer}`

const ask = (
  text: string,
  { depth = 'start', flags = [] }: { readonly depth?: string; readonly flags?: readonly string[] } = {},
): string => {
  const file = join(dir, 'bundle.cjs')
  writeFileSync(file, framed(text))
  return execFileSync(process.execPath, [...flags, join(tools, 'call.cjs'), file, depth], { encoding: 'utf8' }).trim()
}

const kept = (): string => {
  const names = readdirSync(dir).filter(name => name.endsWith('.code'))
  expect(names).toHaveLength(1)
  return join(dir, names[0] ?? '')
}

const cases = [
  { does: 'greets', text: 'exports.ask = name => `Hello ${name}`', answer: /^Hello you$/ },
  { does: 'has other signs than ASCII', text: "exports.ask = () => '…é'", answer: /^…é$/ },
  {
    does: 'knows its place and what is beside Node.js',
    text: "const { basename } = require('node:path'); exports.ask = () => basename(__dirname) + '/' + basename(__filename)",
    answer: /^bundle-\w+\/bundle\.cjs$/,
  },
  {
    does: 'throws, and tells where',
    text: "exports.ask = () => { throw new Error('so') }",
    answer: /^Error: so\n.*bundle\.cjs:1:/,
  },
]

describe('a bundle', () => {
  it.each(cases)('that $does, does so when it was kept', ({ text, answer }) => {
    expect(ask(text)).toMatch(answer)
    const first = readFileSync(kept())
    expect(ask(text)).toMatch(answer)
    expect(readFileSync(kept())).toEqual(first)
  })

  it('that another Node.js kept is read anew: also the next patch of one version dies of it', () => {
    const text = 'exports.ask = name => name.length'
    const other = join(tools, 'other-node.cjs')
    writeFileSync(other, "Object.defineProperty(process, 'version', { value: 'v20.19.99' })")
    ask(text)
    const ours = readFileSync(kept())
    expect(ask(text, { flags: ['--require', other] })).toBe('3')
    const files = readdirSync(dir).filter(name => name.endsWith('.code'))
    expect(files).toHaveLength(2)
    expect(readFileSync(join(dir, files.find(name => name.includes(process.version)) ?? ''))).toEqual(ours)
  })

  it('is kept once more after a run, which has called more of it, and not again', () => {
    const text = 'exports.ask = name => name.length'
    ask(text)
    const names = () => readdirSync(dir).filter(name => name.endsWith('.code'))
    expect(names()).toEqual([expect.stringMatching(/\.start\.code$/)])
    ask(text, { depth: 'run' })
    const deep = names().find(name => name.endsWith('.run.code')) ?? ''
    const { mtimeMs } = statSync(join(dir, deep))
    expect(ask(text, { depth: 'run' })).toBe('3')
    expect(ask(text)).toBe('3')
    expect([names().length, statSync(join(dir, deep)).mtimeMs]).toEqual([2, mtimeMs])
  })

  it.each([
    ['is something else', () => Buffer.from('not what V8 wrote')],
    ['is empty', () => Buffer.alloc(0)],
    ['ends too early', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['was damaged in its middle', (bytes: Buffer) => bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 64)],
    ['was damaged at its end', (bytes: Buffer) => bytes.fill(0, bytes.length - 64)],
  ])('is read anew, and kept again, where what was kept %s', (_, damaged) => {
    const text = 'exports.ask = name => name.length'
    ask(text)
    const good = readFileSync(kept())
    writeFileSync(kept(), damaged(Buffer.from(good)))
    expect(ask(text)).toBe('3')
    expect(readFileSync(kept())).toHaveLength(good.length)
    expect(ask(text)).toBe('3')
  })

  it('leaves nothing behind where it cannot be kept whole', () => {
    const text = 'exports.ask = name => name.length'
    const file = join(dir, 'bundle.cjs')
    writeFileSync(file, framed(text))
    const limited = `trap '' XFSZ; ulimit -f 0; exec '${process.execPath}' '${join(tools, 'call.cjs')}' '${file}'`
    expect(execFileSync('sh', ['-c', limited], { encoding: 'utf8' }).trim()).toBe('3')
    expect(readdirSync(dir)).toEqual(['bundle.cjs'])
  })
})
