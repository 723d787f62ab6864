// Each command of the tutorials is carried out, in their order, on one cluster, as a reader would: by a shell, word for word.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readText } from '../../docs/pages.ts'
import { runFile } from '../e2e/command.ts'
import { openSite, type Site } from '../e2e/site.ts'
import { commandsIn, filesToWrite } from './blocks.ts'

/** As somebody reads them who is new; each begins where the one before has left the cluster. */
const pages = ['first-run', 'write-a-task', 'real-cluster', 'review-a-change', 'stopped']

let site: Site

beforeAll(async () => {
  site = await openSite()
  const bin = join(site.dir, 'bin')
  mkdirSync(bin)
  // What `npx run` is in a checkout.
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${runFile}' "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  mkdirSync(join(site.dir, '.ssh'), { mode: 0o700 })
  const key = join(site.dir, '.ssh/id_ed25519')
  expect(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]).status).toBe(0)
})

const inShell = (command: string) => {
  const { dir } = site
  const env = { PATH: `${dir}/bin:${process.env.PATH}`, HOME: dir, LANG: 'C.UTF-8' }
  return spawnSync('sh', ['-c', command], { cwd: dir, env, encoding: 'utf8' })
}

describe.each(pages)('docs/%s.md', page => {
  const text = readText(`docs/${page}.md`)

  it('has commands', () => {
    expect(commandsIn(text).length).toBeGreaterThan(3)
  })

  it.each(commandsIn(text))('$command', ({ command, exit }) => {
    for (const { path, content } of filesToWrite(text)) {
      mkdirSync(dirname(join(site.dir, path)), { recursive: true })
      writeFileSync(join(site.dir, path), content)
    }
    const { status, stdout, stderr } = inShell(command)
    expect(status, `${stdout}\n${stderr}`).toBe(exit)
  })
})
