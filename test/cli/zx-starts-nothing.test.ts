// In the bundles that are built nothing can make zx start a command on this machine, whoever calls it.
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { $ as zx } from 'zx/core'
import { frame } from '../../src/cli/compiled.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

/** How esbuild names what it has of zx: it is not run before it is called. */
const ofZx = /var (\w+) = __commonJS\w*\(\{\s*"node_modules\/zx\/build\/core\.cjs"/

const bundles = readdirSync(dist)
  .filter(name => name.endsWith('.cjs'))
  .map(name => ({ name, text: readFileSync(join(dist, name), 'utf8') }))
  .filter(({ text }) => ofZx.test(text))

/** What the command loads is a function already. */
const unframed = (text: string): string =>
  text.startsWith(frame.banner) ? text.slice(frame.banner.length, text.lastIndexOf(frame.footer)) : text

/** zx as it is in a bundle, before anything of ours has told it where to go. */
const zxIn = (name: string, text: string): typeof zx => {
  const file = join(dist, name)
  const asked = `${unframed(text)}\nreturn ${ofZx.exec(text)?.[1]}().$`
  return new Function('require', 'module', 'exports', '__filename', asked)(
    createRequire(file),
    { exports: {} },
    {},
    file,
  )
}

it('there are the command, what is typed most, and what authors import', () => {
  expect(bundles.map(({ name }) => name.replace(/-.*/, '')).sort()).toEqual(['authors.cjs', 'play', 'run'])
})

describe.each(bundles)('$name', ({ name, text }) => {
  const $ = zxIn(name, text)
  const made = join(mkdtempSync(join(tmpdir(), 'zx-')), 'made')
  const why = expect.objectContaining({ message: 'zx starts nothing on this machine' })

  it.each([
    ['called as it is', () => $`touch ${made}`],
    ['called in a context of its own', () => $({ nothrow: false, cwd: '/' })`touch ${made}`],
    ['with a shell of its own', () => $({ shell: '/bin/sh', prefix: '' })`touch ${made}`],
  ])('refuses, %s', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ cause: why })
    expect(existsSync(made)).toBe(false)
  })

  it('refuses where nobody waits either', () => {
    expect($({ sync: true, nothrow: true })`touch ${made}`.cause).toEqual(why)
    expect(existsSync(made)).toBe(false)
  })
})
