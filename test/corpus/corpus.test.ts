// What people do wrong in their files, and what they are told: each file here has the exact text beside it.
// CORPUS=write writes the texts anew; read each as somebody would who has to mend it.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type InputFlags, readInputs } from '../../src/cli/inputs.ts'
import { showError } from '../../src/cli/show-error.ts'
import type { Surroundings } from '../../src/cli/surroundings.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))

/** What is asked of the site when a file of this folder takes its place in it. */
type Asked = { readonly playbook: string; readonly flags?: InputFlags; readonly below?: string }

const kinds: Readonly<Record<string, (name: string) => Asked>> = {
  playbooks: name => ({ playbook: `playbooks/${name}.yml` }),
  inventories: name => ({ playbook: 'right', flags: { inventory: `inventories/${name}.yml` } }),
  dialogues: name => ({ playbook: 'answered', flags: { extraVars: [`dialogue=${name}`] } }),
  worksheets: name => ({ playbook: 'filled-in', flags: { extraVars: [`@worksheets/${name}.yml`] } }),
  settings: name => ({ playbook: '../../playbooks/right.yml', below: `settings/${name}` }),
}

let site = ''

beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), 'corpus-'))
  cpSync(here, site, { recursive: true })
  for (const below of ['', ...casesOf('settings').map(name => `settings/${name}`)])
    symlinkSync(join(root, 'tasks'), join(site, below, 'tasks'))
  symlinkSync(join(root, 'playbooks/worksheets'), join(site, 'playbooks/worksheets'))
})

afterAll(() => rmSync(site, { recursive: true }))

/** All that is said on stderr; a last line where nothing keeps the run from going on. */
const toldOf = async ({ playbook, flags = {}, below = '' }: Asked): Promise<string> => {
  const told: string[] = []
  const stderr = { write: (text: string) => told.push(text) } as unknown as Surroundings['stderr'] // no more is asked of it
  const around: Surroundings = {
    cwd: join(site, below),
    stdout: stderr,
    stderr,
    isTerminal: false,
    isDumb: true,
    colour: false,
    isSpoken: false,
    version: '0',
    agent: undefined,
    environment: name => (name === 'PASSWORD' ? 'canary-4711' : undefined),
    sshConfig: { files: [], included: () => [] },
    command: 'run playbook',
  }
  try {
    await readInputs(playbook, flags, around)
    told.push('nothing stands in the way\n')
  } catch (error) {
    const exit = showError(error, around)
    told.push(`exit ${exit}\n`)
  }
  return told.join('').replaceAll(site, 'SITE')
}

const casesOf = (kind: string): readonly string[] =>
  readdirSync(join(here, kind))
    .filter(name => name.endsWith('.yml') || (kind === 'settings' && !name.includes('.')))
    .map(name => name.replace(/\.yml$/, ''))

describe.each(Object.entries(kinds))('%s', (kind, askedFor) => {
  it.each(casesOf(kind))('%s', async name => {
    const beside = join(here, kind, `${name}.txt`)
    const told = await toldOf(askedFor(name))
    if (process.env.CORPUS === 'write') writeFileSync(beside, told)
    expect(told).toBe(existsSync(beside) ? readFileSync(beside, 'utf8') : '')
  })
})

it('has at least a hundred of them, of each kind', () => {
  const counts = Object.keys(kinds).map(kind => casesOf(kind).length)
  expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(180)
  expect(Math.min(...counts)).toBeGreaterThan(2)
})

describe('what is no text at all', () => {
  it.each<[string, () => string, RegExp]>([
    [
      'a folder',
      () => 'inventories',
      /^error\[file-unreadable\] inventories cannot be read\n {2}seen {4}it is a folder\n/,
    ],
    ['a log', () => written('x: y\n'.repeat(900_000)), /^error\[text-too-large\] .*\n {2}large\.yml:1:1\n/],
    ['an image', () => written('', 70_000_000), /^error\[file-unreadable\] .*\n {2}seen {4}it has 70 MB\n/],
  ])('%s is refused at once', async (_, file, wanted) => {
    expect(await toldOf({ playbook: 'right', flags: { inventory: file() } })).toMatch(wanted)
  })
})

/** A file of the site that nobody would keep in a repository. */
const written = (text: string, bytes = text.length): string => {
  writeFileSync(join(site, 'large.yml'), text)
  truncateSync(join(site, 'large.yml'), bytes)
  return 'large.yml'
}
