// In a checkout the command is built anew when something that it is made of is newer than it is; elsewhere never.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const command = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

const files = {
  'package.json': '{ "engines": { "node": ">=20.19" } }',
  'package-lock.json': '{}',
  'bin/package.json': '{ "type": "commonjs" }',
  'bin/build.mjs': "export const build = async () => console.log('built')\n",
  'bin/beside.mjs': '',
  'src/cli/main.ts': '',
  'lab/up.ts': '',
  'tasks/file.ts': '',
  'dist/start.cjs': "console.log('started')\n",
  'dist/stamp': '',
}
type File = keyof typeof files

const day = 24 * 60 * 60

/** @returns What the command says where one file was edited a day after it was built. */
const edited = (file: File | undefined, left: readonly File[] = Object.keys(files) as File[]): string => {
  const root = mkdtempSync(join(tmpdir(), 'run-checkout-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const name of left) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), files[name])
  }
  mkdirSync(join(root, 'bin'), { recursive: true })
  copyFileSync(command, join(root, 'bin/run.js'))
  const now = Date.now() / 1000
  if (left.includes('dist/stamp')) utimesSync(join(root, 'dist/stamp'), now + day, now + day)
  if (file !== undefined) utimesSync(join(root, file), now + 2 * day, now + 2 * day)
  return execFileSync(process.execPath, [join(root, 'bin/run.js')], { encoding: 'utf8' })
}

it.each(['src/cli/main.ts', 'lab/up.ts', 'bin/build.mjs', 'bin/beside.mjs', 'package-lock.json'] as const)(
  'is built anew after an edit of %s',
  file => {
    expect(edited(file)).toBe('built\nstarted\n')
  },
)

it.each([undefined, 'tasks/file.ts'] as const)('is as it was after an edit of %s', file => {
  expect(edited(file)).toBe('started\n')
})

it('is built where it never was, and not where there is nothing to build it of', () => {
  const all = Object.keys(files) as File[]
  expect(
    edited(
      undefined,
      all.filter(name => name !== 'dist/stamp'),
    ),
  ).toBe('built\nstarted\n')
  const installed = all.filter(name => !/^(src|lab)\/|lock/.test(name))
  expect(edited('bin/build.mjs', installed)).toBe('started\n')
})
