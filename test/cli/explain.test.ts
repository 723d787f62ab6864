// `run explain …`: where a value is from and what it lies over, and what a step would be given.
import { expect, it } from 'vitest'
import { siteOf } from './scratch-site.ts'

const site = () =>
  siteOf({
    'inventory.yml':
      'all:\n  hosts: { ada: { door: "{{ inventory_hostname }}-door" }, bob: }\n  vars: { door: front, key: { secret: file:key.txt }, same: canary-in-the-inventory, rests: { to: "{{ seen.stat.mode }}", key: "{{ key }}" } }\n',
    'group_vars/all.yml': 'door: side\n',
    'key.txt': 'canary-in-the-inventory',
    'playbooks/p.yml': `
- hosts: ada
  vars: { door: back }
  tasks:
    - { name: Look, stat: { path: /etc }, register: seen }
    - { name: Give, set_fact: { door: given } }
    - { name: Told, copy: { dest: "/{{ door }}", content: "{{ seen.stat.exists }}{{ key }}" } }
    - { name: Plain, file: { path: "/{{ inventory_hostname }}", state: directory }, when: 1 > 2 }
    - { name: Due, file: { path: "/{{ inventory_hostname }}", state: directory } }
    - name: Talk
      installer: { command: ./install, dialogue: talk, system: /s, evidence: [/e], values: { door: "{{ own }}" } }
      vars: { own: "{{ inventory_hostname }}-own" }
`,
    'dialogues/talk.yml': `
prompts:
  - { name: door, expect: "Which door?", answer: "{{ door }}", optional: true, when: role == 'create' }
  - { name: key, expect: /Key\\b/, answer: canary, secret: true }
  - { name: go, expect: Go on? }
`,
  })

it.each([
  [
    ['var', 'door', '--host', 'ada'],
    `door on ada
  from  "ada-door"  inventory, host  inventory.yml:2:19
  over  "side"  group_vars of all  group_vars/all.yml:1:1
  over  "front"  inventory, group all  inventory.yml:3:11
`,
  ],
  [
    ['var', 'door', '--host', 'ada', '--playbook', 'p', '-e', 'door=typed'],
    `door on ada
  from  "typed"  -e  -e:1:1
  over  "back"  vars of the play \`hosts ada\`  playbooks/p.yml:2:11
  over  "ada-door"  inventory, host  inventory.yml:2:19
  over  "side"  group_vars of all  group_vars/all.yml:1:1
  over  "front"  inventory, group all  inventory.yml:3:11
  then  what p/give gives  playbooks/p.yml:5:15
`,
  ],
  [['var', 'key', '--host', 'bob'], 'key on bob\n  from  "••••••"  inventory, group all  inventory.yml:3:24\n'],
  [['var', 'same', '--host', 'bob'], 'same on bob\n  from  "••••••"  inventory, group all  inventory.yml:3:55\n'],
  [
    ['var', 'rests', '--host', 'ada', '--playbook', 'p'],
    `rests on ada
  from  {"key":"{{ key }}","to":"{{ seen.stat.mode }}"}  inventory, group all  inventory.yml:3:86
        as written: \`seen\` is known once p/look is done
`,
  ],
  [
    ['var', 'rests', '--host', 'ada'],
    `rests on ada
  from  {"key":"{{ key }}","to":"{{ seen.stat.mode }}"}  inventory, group all  inventory.yml:3:86
        as written: The variable \`seen\` is not defined
`,
  ],
  [
    ['step', 'p/due', '--host', 'ada'],
    `p/due@ada  Due  playbooks/p.yml:8:15
  does  Keep a file, a directory or a link there with owner, group and mode, or keep it away (file)
  when  its conditions let it be carried out
  with  path: "/ada"
  with  state: "directory"
  with  recurse: false
  with  force: false
  ask  run step p/due --host ada --dry-run tells what it would change
`,
  ],
  [
    ['step', 'p/talk', '--host', 'ada'],
    `p/talk@ada  Talk  playbooks/p.yml:9:13
  does  Run an interactive installation program on a terminal and answer it from the worksheet (installer)
  when  its conditions let it be carried out
  with  command: "./install"
  with  values: {"door":"ada-own"}
  with  system: "/s"
  with  evidence: ["/e"]
  with  directories: []
  with  services: []
  with  entries: []
  asks  Which door? → ada-own  when role == 'create'
  asks  /Key\\b/ → ••••••
  asks  Go on? → (only Enter)
  ask  run step p/talk --host ada --dry-run tells what it would change
`,
  ],
])('run explain %s', async (words, stdout) => {
  expect(await site()('explain', ...words)).toMatchObject({ status: 0, stdout })
})

it.each([
  [['step', 'p/plain', '--host', 'ada'], 'when  skipped: when: 1 > 2'],
  [['step', 'p/told', '--host', 'ada'], 'when  not known yet: `door` is known once the step that gives it is done'],
])('run explain %s says why', async (words, said) => {
  const { stdout } = await site()('explain', ...words)
  expect(stdout).toContain(said)
  expect(stdout).not.toContain('canary')
})

it('what nobody sets is told, with what was meant', async () => {
  const { status, stderr } = await site()('explain', 'var', 'dor', '--host', 'ada')
  expect([status, stderr]).toEqual([2, expect.stringContaining('did you mean `door`?')])
  expect(stderr).toContain('what a playbook sets, `--playbook NAME` tells')
})

it('what a step has for itself is told as that', async () => {
  const { stdout } = await site()('explain', 'var', 'own', '--host', 'ada', '--playbook', 'p')
  expect(stdout).toBe('own on ada\n  in    p/talk alone  playbooks/p.yml:11:15\n')
})

it('a step is not explained for a host that it is never carried out on', async () => {
  const { status, stderr } = await site()('explain', 'step', 'p/due', '--host', 'bob')
  expect([status, stderr]).toEqual([2, expect.stringContaining('No play carries p/due out on bob')])
})
