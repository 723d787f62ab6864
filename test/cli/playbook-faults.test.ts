// Faults of several files at once, before any connection; those of one file each are in test/corpus.
import { expect, it } from 'vitest'
import { inventory, refusal, siteOf } from './scratch-site.ts'

it('takes the defaults of a worksheet for granted where another value of it is wrong', async () => {
  const run = siteOf({
    'playbooks/small.yml': `
- name: Small
  hosts: all
  worksheet: worksheets/small.ts
  tasks:
    - { name: Motd, file: { path: "{{ paths.motd }}", mode: "{{ modes.file }}", content: "{{ greeting }}" } }
`,
    'playbooks/worksheets/small.ts': `
import { absolutePath, z } from '#task'
export default z.looseObject({
  paths: z.strictObject({ motd: absolutePath.default('/etc/motd') }).prefault({}),
  modes: z.strictObject({ file: z.string().default('0644'), other: z.string().default('0600') }),
  greeting: z.string().regex(/^[a-z]+$/, 'small letters'),
})
`,
    'inventory.yml': `${inventory()}    greeting: HELLO\n    modes: { other: '0640' }\n`,
  })
  const told = refusal(await run('playbook', 'small'))
  expect(told.match(/^error\[[\w-]+\].*/gm)).toEqual(['error[variable-value] `greeting` must be small letters'])
})

it('tells every fault of a dialogue and of a worksheet at once', async () => {
  const run = siteOf({
    'playbooks/install.yml': `
- name: Install
  hosts: all
  worksheet: worksheets/messenger.ts
  tasks:
    - name: Installer
      installer:
        command: /media/install
        dialogue: messenger
        values: { user: admin }
        system: /mnt/messenger/config
        evidence: [/etc/init.d/novell-nmma]
`,
    'playbooks/worksheets/messenger.ts': `
import { absolutePath, z } from '#task'
export default z.looseObject({
  mount_point: absolutePath,
  archive_agent: z.boolean(),
  secondary_address: z.ipv4().meta({ description: 'address of the cluster resource' }),
})
`,
    'playbooks/dialogues/messenger.yml': `
prompts:
  - name: license
    expect: /Do you accept (/
    anser: y
  - name: user
    expect: User DN
    answer: "{{ usr }}"
`,
    'inventory.yml': `${inventory()}    archive_agent: yes please\n`,
  })
  expect(refusal(await run('playbook', 'install'))).toMatchInlineSnapshot(`
    "error[variable-missing] The variable \`secondary_address\` is missing
      inventory.yml:6:5
        6 |     ada: { ansible_host: 127.0.0.1, ansible_port: PORT }
          |     ^^^ on ada, bob
      wanted  a text: address of the cluster resource
      help    add \`secondary_address:\` below \`vars:\` in the inventory, of the host or of a group

    error[variable-value] \`archive_agent\` must be true or false
      inventory.yml:10:20
       10 |     archive_agent: yes please
          |                    ^^^^^^^^^^
      seen    the text "yes please"
      wanted  true or false

    error[pattern-broken] This pattern cannot be read
      playbooks/dialogues/messenger.yml:3:13
        3 |     expect: /Do you accept (/
          |             ^^^^^^^^^^^^^^^^^
      seen    unterminated group
      help    write brackets and signs that stand for themselves with a backslash, or write the words without slashes

    error[key-unknown] A prompt has no key \`anser\`
      playbooks/dialogues/messenger.yml:4:5
        4 |     anser: y
          |     ^^^^^
      help    did you mean \`answer\`?

    error[variable-undefined] The variable \`usr\` is not defined
      playbooks/dialogues/messenger.yml:7:17
        7 |     answer: "{{ usr }}"
          |                 ^^^
      help    did you mean \`user\`?

    5 problems
    "
  `)
})

it('shows where TypeScript breaks', async () => {
  const run = siteOf({ 'tasks/motd.ts': "import { task } from '#task'\nexport default task({ name: 'motd'\n" })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[module-broken] motd.ts is no TypeScript that can be read
      tasks/motd.ts:3:1
      seen    Expected "}" but found end of file
      help    mend that file; \`npx tsc --noEmit\` tells more of it, with its line
    "
  `)
})

it('shows a module that throws, with its own part of the way, and one that exports no task', async () => {
  const throwing = siteOf({ 'tasks/motd.ts': "const read = () => {\n  throw new Error('not today')\n}\nread()\n" })
  expect(refusal(await throwing('playbook', 'site')).replace(/\([^)]*\)/g, '(…)')).toMatchInlineSnapshot(`
    "error[module-broken] tasks/motd.ts cannot be loaded
      seen    Error: not today
                  at read (…)
                  at tasks/motd.ts (…)
      help    mend that file; \`npx tsc --noEmit\` tells more of it, with its line
    "
  `)
  const numeric = siteOf({ 'tasks/motd.ts': 'export default 3\n' })
  expect(refusal(await numeric('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[module-wrong] tasks/motd.ts exports no task as its default
      wanted  export default task({ name: 'motd', … })
      help    what tasks share belongs into tasks/lib/
    "
  `)
})

it('tells a template that is not there, and one that is broken, in the run and to lint', async () => {
  const step = (name: string) => `
    - name: Scripts from ${name}
      cluster-scripts:
        resource: MESSENGER
        cluster: msgr1
        load_script: cluster/${name}
        unload_script: cluster/unload
        settings:
          storage: { kind: plain, device: /dev/x, fstype: ext4 }
          mount_point: /mnt/messenger
          address: 192.0.2.1
          agents: [{ service: novell-nmma, process: nmma }]`
  const run = siteOf({
    'playbooks/site.yml': `- name: Site\n  hosts: all\n  tasks:${step('laod')}${step('broken')}\n`,
    'playbooks/templates/cluster/load.j2': 'start {{ mount_point }}\n',
    'playbooks/templates/cluster/unload.j2': 'stop\n',
    'playbooks/templates/cluster/broken.j2': 'first\nstart {{ mount_point\n',
  })
  const said = refusal(await run('playbook', 'site'))
  expect(said).toContain('error[file-not-found] There is no template `cluster/laod`\n  playbooks/site.yml:8:22')
  expect(said).toContain('wanted  a file templates/cluster/laod.j2 beside the playbook')
  expect(said).toContain('did you mean `cluster/load`?')
  expect(said).toContain('playbooks/templates/cluster/broken.j2:2:')
  const linted = await run('lint', 'site')
  expect(linted.stdout + linted.stderr).toContain('There is no template `cluster/laod`')
})
