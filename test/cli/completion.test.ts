// Completion: what the command proposes, and that bash, zsh and fish hand it on.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runFile } from '../lab/e2e/command.ts'
import { siteOf } from './scratch-site.ts'

const steps = `
- hosts: all
  tasks:
    - { name: Mount point, file: { path: /mnt/a, state: directory } }
    - { name: Message, debug: { msg: hello } }
`

it.each<[readonly string[], readonly string[]]>([
  [['he'], ['help']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['playbook', 'si'], ['site']],
  [['playbook', 'own', '--dry'], ['--dry-run']],
  [
    ['playbook', 'own', '--only', 'm'],
    ['mount-point', 'message'],
  ],
  [
    ['playbook', 'own', '--limit', 'a'],
    ['ada', 'all'],
  ],
  [['step', 'ow'], ['own/']],
  [['step', 'own/mo'], ['own/mount-point']],
  [['step', 'own/mount-point', '--host', 'b'], ['bob']],
  [
    ['report', '--format', 'js'],
    ['json', 'jsonl'],
  ],
  [
    ['inventory', 'host', ''],
    ['ada', 'bob'],
  ],
  [['docs', 'lineinf'], ['lineinfile']],
  [['new', 'playbook', 'x'], []],
  [['playbook', 'own', '-i', 'inv'], []],
  [['step', 'nothing/x'], []],
])('run %s', async (words, found) => {
  const run = siteOf({ 'playbooks/own.yml': steps })
  const { status, stdout, stderr } = await run('completion', 'words', '--', ...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n').filter(Boolean)).toEqual(found)
})

describe.each([
  [
    'bash',
    ['-c', 'source <(run completion bash); COMP_WORDS=(run step own/mo); COMP_CWORD=2; _run; echo "$COMPREPLY"'],
  ],
  ['fish', ['-c', 'run completion fish | source; complete -C "run step own/mo"']],
  [
    'zsh',
    [
      '-fc',
      `zmodload zsh/zpty
       zpty z "zsh -f -i"
       zpty -w z 'PS1=at"-"rest; autoload -Uz compinit && compinit -u -D; source <(run completion zsh); print re""ady'
       zpty -m -r z line '*ready*at-rest*'
       zpty -w -n z $'run step own/mo\\t #done'
       zpty -m -r z line '*#done*'; print -r -- "$line"`,
    ],
  ],
])('in a real %s', (shell, words) => {
  const isHere = spawnSync(shell, ['-c', ':']).status === 0
  it.skipIf(!isHere)('a step is completed', () => {
    const dir = mkdtempSync(join(tmpdir(), 'completion-'))
    mkdirSync(join(dir, 'playbooks'))
    writeFileSync(join(dir, 'playbooks/own.yml'), steps.trimStart())
    writeFileSync(join(dir, 'run.yml'), '')
    symlinkSync(runFile, join(dir, 'run'))
    const env = { ...process.env, PATH: `${dir}:${process.env.PATH}`, TERM: 'dumb', HOME: dir }
    const { stdout } = spawnSync(shell, words, { cwd: dir, env, encoding: 'utf8', timeout: 100_000 })
    expect(stdout).toContain('own/mount-point')
  })
})
