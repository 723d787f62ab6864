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
    - { name: Message, debug: { msg: hello }, tags: [storage, said] }
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
  [
    ['playbook', 'own', '--tags', 'storage,'],
    ['storage,storage', 'storage,said'],
  ],
  [['playbook', 'own', '--only', 'message,mo'], ['message,mount-point']],
  [
    ['playbook', 'own', '--limit', 'all:!a'],
    ['all:!ada', 'all:!all'],
  ],
  [['playbook', 'own', '--limit=b'], ['--limit=bob']],
  [['playbook', 'own', '--inventory=other.yml', '-l', 'c'], ['cy']],
  [['playbook', 'own', '-iother.yml', '-l', 'c'], ['cy']],
  [['step', 'own/message@a'], ['own/message@ada']],
  [['step', 'own/message', '--again', 'message@b'], ['message@bob']],
  [['explain', 'var', 'col'], ['colour']],
  [['explain', 'var', 'colour', '--playbook', 'ow'], ['own']],
  [['lab', 'restore', ''], []],
  [['new', 'playbook', 'x'], []],
  [['playbook', 'own', '-i', 'inv'], []],
  [['step', 'nothing/x'], []],
])('run %s', async (words, found) => {
  const other = 'all: { hosts: { cy: { colour: red } } }\n'
  const run = siteOf({ 'playbooks/own.yml': steps, 'other.yml': other, 'host_vars/bob.yml': 'colour: red\n' })
  const { status, stdout, stderr } = await run('completion', 'words', '--', ...words)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n').filter(Boolean)).toEqual(found)
})

/** What bash hands a completion for a line: it cuts words at = : and @ too. */
const inBash = (line: string): readonly string[] => {
  const words = line.match(/"[^"]*"?|[=:]|@?(?:\\ |[^\s=:@"])+|@/g) ?? []
  const quoted = words.map(word => `'${word}'`).join(' ')
  return [
    '-c',
    `source <(run completion bash); COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
     COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; compopt() { :; }; _run; printf '<%s>' "\${COMPREPLY[@]}"`,
  ]
}

const inFish = (line: string): readonly string[] => [
  '-c',
  `run completion fish | source; complete -C '${line}' | string replace -r '(.*)' '<$1>'`,
]

/** Its completion works only where somebody types. */
const inZsh = (line: string): readonly string[] => [
  '-fc',
  `zmodload zsh/zpty
   zpty z "zsh -f -i"
   zpty -w z 'PS1=at"-"rest; autoload -Uz compinit && compinit -u -D; source <(run completion zsh); print re""ady'
   zpty -m -r z line '*ready*at-rest*'
   zpty -w -n z $'${line}\\t #done'
   zpty -m -r z line '*#done*'; print -r -- "$line"`,
]

const typed: readonly (readonly [shell: string, words: readonly string[], completed: string])[] = [
  ['bash', inBash('run step own/mo'), '<own/mount-point>'],
  ['bash', inBash('run step own/message@a'), '<@ada>'],
  ['bash', inBash('run playbook own --limit=b'), '<bob>'],
  ['bash', inBash('run playbook own --limit='), '<ada><bob><all>'],
  ['bash', inBash('run playbook two'), String.raw`<two\ words>`],
  ['bash', inBash('run playbook "two'), '<two words>'],
  ['bash', inBash(String.raw`run playbook two\ words --only fi`), '<first>'],
  ['fish', inFish('run step own/mo'), '<own/mount-point>'],
  ['fish', inFish('run step own/message@a'), '<own/message@ada>'],
  ['fish', inFish('run playbook own --limit=b'), '<--limit=bob>'],
  ['fish', inFish('run playbook "two words" --only fi'), '<first>'],
  ['zsh', inZsh('run step own/mo'), 'own/mount-point'],
  ['zsh', inZsh('run playbook two'), String.raw`two\ words`],
]

const isHere = new Map(typed.map(([shell]) => [shell, spawnSync(shell, ['-c', ':']).status === 0]))

describe.each(typed)('in a real %s', (shell, words, completed) => {
  it.skipIf(!isHere.get(shell))(`is completed ${completed}`, () => expect(askedIn(shell, words)).toContain(completed))
})

const askedIn = (shell: string, words: readonly string[]): string => {
  const dir = mkdtempSync(join(tmpdir(), 'completion-'))
  mkdirSync(join(dir, 'playbooks'))
  writeFileSync(join(dir, 'playbooks/own.yml'), steps.trimStart())
  writeFileSync(
    join(dir, 'playbooks/two words.yml'),
    '- hosts: all\n  tasks: [{ name: First, debug: { msg: hello } }]\n',
  )
  writeFileSync(join(dir, 'run.yml'), 'inventory: hosts.yml\n')
  writeFileSync(join(dir, 'hosts.yml'), 'all: { hosts: { ada: , bob: } }\n')
  symlinkSync(runFile, join(dir, 'run'))
  const env = { ...process.env, PATH: `${dir}:${process.env.PATH}`, TERM: 'dumb', HOME: dir }
  return spawnSync(shell, words, { cwd: dir, env, encoding: 'utf8', timeout: 100_000 }).stdout
}
