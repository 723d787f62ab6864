// What is loaded late is what it is without that, or there is no bundle.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { expect, it } from 'vitest'

const plugin = '../../bin/loaded-late.mjs'
const { loadedLate }: { readonly loadedLate: Plugin } = await import(plugin)

/** @returns What the text tells in a bundle, and what that has loaded for it. */
const toldBy = async (text: string) => {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: join(import.meta.dirname, '..') },
    bundle: true,
    write: false,
    platform: 'node',
    plugins: [loadedLate],
    logLevel: 'silent',
  })
  const told: unknown[] = []
  const loaded: string[] = []
  const load = createRequire(import.meta.url)
  const require = (name: string) => {
    loaded.push(name)
    return load(name)
  }
  new Function('require', 'tell', outputFiles[0]?.text ?? '')(require, (value: unknown) => told.push(value))
  return { told: told[0], loaded }
}

it.each([
  ["import { spawn } from 'node:child_process'; tell(typeof spawn)", 'function', []],
  ["import { spawnSync } from 'node:child_process'; tell(spawnSync('true').status)", 0, ['node:child_process']],
  ["const all = require('node:child_process'); tell(typeof all)", 'object', []],
  ["const all = require('node:child_process'); tell(typeof all.execFile)", 'function', ['node:child_process']],
  ["const copy = { ...require('node:crypto') }; tell(copy.randomUUID().length)", 36, ['node:crypto']],
  ["tell('randomUUID' in require('node:crypto'))", true, ['node:crypto']],
  ["import { X509Certificate } from 'node:crypto'; tell({} instanceof X509Certificate)", false, ['node:crypto']],
  [
    "import { X509Certificate } from 'node:crypto'; try { new X509Certificate('') } catch (error) { tell(error.code) }",
    'ERR_OSSL_PEM_NO_START_LINE',
    ['node:crypto'],
  ],
  ["const { Interface } = require('node:readline'); tell(Interface.name)", 'Interface', ['node:readline']],
])('%s', async (text, told, loaded) => {
  expect(await toldBy(text)).toEqual({ told, loaded })
})

it.each([
  ["import { execFile } from 'node:child_process'; execFile()", 'No matching export'],
  ["import all from 'node:readline'; all.cursorTo()", 'No matching export'],
  ["import * as all from 'node:child_process'; all.execFile()", 'will always be undefined'],
])('%s: there is no bundle', async (text, why) => {
  await expect(toldBy(text)).rejects.toThrow(why)
})
