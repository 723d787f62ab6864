// Each flag of ansible-playbook is one of `run playbook` too, or it is said what to type or to write instead.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { insteadOfFlag } from '../../src/cli/ansible-flags.ts'

const command = join(fileURLToPath(new URL('../..', import.meta.url)), 'bin/run.js')

const flagsIn = (help: string): ReadonlySet<string> => new Set(help.match(/(?<![\w-])--?[a-zA-Z][a-z-]*/g))

it.skipIf(!existsSync('/usr/bin/ansible-playbook'))('no flag of ansible-playbook is only unknown', () => {
  const theirs = flagsIn(execFileSync('ansible-playbook', ['--help'], { encoding: 'utf8' }))
  const ours = flagsIn(execFileSync(process.execPath, [command, 'playbook', '--help'], { encoding: 'utf8' }))
  const words = new Set(['--version', '-R', '-h', '-vvv', '-vvvv', '-vvvvvv'])
  expect([...theirs].filter(flag => !ours.has(flag) && !words.has(flag) && !insteadOfFlag(flag))).toEqual([])
  expect([...theirs].filter(flag => ours.has(flag) && insteadOfFlag(flag))).toEqual([])
})
