// Faults of playbook, inventory, dialogue and worksheet: told all at once, each at its place, before any connection.
import { expect, it } from 'vitest'
import { inventory, refusal, siteOf } from './scratch-site.ts'

it('tells every fault of a playbook at once', async () => {
  const run = siteOf({
    'playbooks/install.yml': `
- name: Install
  hosts: all
  strateg: failover
  tasks:
    - name: Mount point
      file:
        path: "{{ mont_point }}"
        sate: directory
    - name: Unknown task
      instaler: { command: /media/install }
    - name: Two tasks
      file: { path: /etc/motd }
      shell: ls
    - name: Wrong types
      file: { path: etc/motd, state: folder, mode: 750 }
    - name: Mount point
      shell: ls
    - name: Installer
      installer:
        command: /media/install
        dialogue: messenger-2.3
        values: {}
        system: /mnt/messenger/config
        evidence: [/etc/init.d/novell-nmma]
    - name: Partition
      partition: { kind: plain, device: /dev/data, fstype: ext4, at: /mnt/messenger }
- name: Nobody
  hosts: adda
  tasks:
    - name: Never
      file: { pth: /a }
- import_playbook: paths.yml
`,
    'playbooks/dialogues/messenger-2.2.yml': 'prompts: [{ name: a, expect: A, answer: y }]\n',
  })
  expect(refusal(await run('playbook', 'install'))).toMatchInlineSnapshot(`
    "error[key-unknown] A play has no key \`strateg\`
      playbooks/install.yml:3:3
        3 |   strateg: failover
          |   ^^^^^^^
      help    did you mean \`strategy\`?

    error[variable-undefined] The variable \`mont_point\` is not defined
      playbooks/install.yml:7:19
        7 |         path: "{{ mont_point }}"
          |                   ^^^^^^^^^^
      help    did you mean \`mount_point\`?

    error[argument-unknown] There is no argument \`sate\`
      playbooks/install.yml:8:9
        8 |         sate: directory
          |         ^^^^
      help    did you mean \`state\`?

    error[task-unknown] There is no task \`instaler\`
      playbooks/install.yml:10:7
       10 |       instaler: { command: /media/install }
          |       ^^^^^^^^
      help    did you mean \`installer\`?

    error[two-tasks-in-one-step] There are 2 tasks in one step
      playbooks/install.yml:13:7
       13 |       shell: ls
          |       ^^^^^
      seen    \`file\` and \`shell\`
      wanted  one task a step
      help    start a step of its own: \`- shell:\`

    error[argument-value] \`path\` must be an absolute path without \`..\`
      playbooks/install.yml:15:21
       15 |       file: { path: etc/motd, state: folder, mode: 750 }
          |                     ^^^^^^^^
      seen    the text "etc/motd"
      wanted  an absolute path without \`..\`

    error[argument-value] \`state\` must be file, directory, touch, link or absent
      playbooks/install.yml:15:38
       15 |       file: { path: etc/motd, state: folder, mode: 750 }
          |                                      ^^^^^^
      seen    the text "folder"
      wanted  file, directory, touch, link or absent

    error[argument-value] \`mode\` must be an octal mode in quotes, such as "0755"
      playbooks/install.yml:15:52
       15 |       file: { path: etc/motd, state: folder, mode: 750 }
          |                                                    ^^^
      seen    the number 750
      wanted  an octal mode in quotes, such as "0755"

    error[step-duplicate] Two steps have the address \`install/mount-point\`
      playbooks/install.yml:16:13
       16 |     - name: Mount point
          |             ^^^^^^^^^^^
      seen    the other one is at playbooks/install.yml:5:13
      help    give one of them another name

    error[file-not-found] There is no dialogue \`messenger-2.3\`
      playbooks/install.yml:21:19
       21 |         dialogue: messenger-2.3
          |                   ^^^^^^^^^^^^^
      wanted  a file dialogues/messenger-2.3.yml beside the playbook, or beside run.yml
      help    did you mean \`messenger-2.2\`?

    error[hold-as-task] \`partition\` is something to hold, not a task
      playbooks/install.yml:26:7
       26 |       partition: { kind: plain, device: /dev/data, fstype: ext4, at: /mnt/messenger }
          |       ^^^^^^^^^
      help    write \`hold: partition\` with the steps below \`block:\`

    error[host-unknown] The inventory inventory.yml has no host and no group \`adda\`
      playbooks/install.yml:28:10
       28 |   hosts: adda
          |          ^^^^
      help    did you mean \`ada\`?

    error[argument-unknown] There is no argument \`pth\`
      playbooks/install.yml:31:15
       31 |       file: { pth: /a }
          |               ^^^
      help    did you mean \`path\`?

    error[file-not-found] There is no file playbooks/paths.yml
      playbooks/install.yml:32:20
       32 | - import_playbook: paths.yml
          |                    ^^^^^^^^^
      help    correct its name; it is looked for beside the file that names it

    14 problems
    "
  `)
})

it('tells every fault of an inventory at once, and those of the playbook with them', async () => {
  const run = siteOf({
    'inventory.yml': `
cluster:
  name: msgr1
  failover_list: [ada, bob, ada, bobb]
all:
  hosts:
    ada: { ansible_host: 127.0.0.1, ansible_prot: 22 }
    bob: { ansible_host: 127.0.0.1, ansible_port: many }
  childrn:
    web:
`,
  })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[failover-list-twice] \`ada\` is in the failover list twice
      inventory.yml:3:29
        3 |   failover_list: [ada, bob, ada, bobb]
          |                             ^^^
      help    remove one of the two; the order says who comes first

    error[host-unknown] The failover list names \`bobb\`, which is no host of this inventory
      inventory.yml:3:34
        3 |   failover_list: [ada, bob, ada, bobb]
          |                                  ^^^^
      help    did you mean \`bob\`?

    error[variable-unknown] There is no variable \`ansible_prot\`
      inventory.yml:6:37
        6 |     ada: { ansible_host: 127.0.0.1, ansible_prot: 22 }
          |                                     ^^^^^^^^^^^^
      help    did you mean \`ansible_port\`?

    error[variable-value] \`ansible_port\` must be a number
      inventory.yml:7:51
        7 |     bob: { ansible_host: 127.0.0.1, ansible_port: many }
          |                                                   ^^^^
      seen    the text "many"
      wanted  a number

    error[key-unknown] The group \`all\` has no key \`childrn\`
      inventory.yml:8:3
        8 |   childrn:
          |   ^^^^^^^
      help    did you mean \`children\`?

    error[variable-undefined] The variable \`mount_point\` is not defined
      playbooks/site.yml:6:25
        6 |       file: { path: "{{ mount_point }}", state: directory }
          |                         ^^^^^^^^^^^
      help    set \`mount_point\` in \`vars:\` of the inventory or the play, or write \`mount_point | default(…)\`

    6 problems
    "
  `)
})

it('refuses an empty failover list', async () => {
  const run = siteOf({ 'inventory.yml': inventory().replace('[ada, bob]', '[]') })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[failover-list-empty] The failover list is empty, so the agents could run nowhere
      inventory.yml:3:3
        3 |   failover_list: []
          |   ^^^^^^^^^^^^^
      help    name at least one node; the first is the preferred node
    "
  `)
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
      seen    Unterminated group
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

it('shows where YAML breaks, in each file that is broken', async () => {
  const run = siteOf({
    'inventory.yml': 'all:\n  hosts:\n\tada:\n',
    'playbooks/site.yml': '- name: "Site\n  hosts: all\n',
  })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[yaml-broken] A tab indents this line
      inventory.yml:3:1
        3 |  ada:
          | ^
      help    indent with spaces; YAML forbids tabs there

    error[yaml-broken] The quote " is not closed
      playbooks/site.yml:1:9
        1 | - name: "Site
          |         ^
      help    close it with "

    2 problems
    "
  `)
})

it('shows where TypeScript breaks', async () => {
  const run = siteOf({ 'tasks/motd.ts': "import { task } from '#task'\nexport default task({ name: 'motd'\n" })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[module-broken] motd.ts is no TypeScript that can be read
      tasks/motd.ts:3:1
        3 | 
          | ^
      seen    Expected "}" but found end of file
    "
  `)
})

it('refuses settings that are wrong', async () => {
  const run = siteOf({ 'run.yml': 'inventry: inventory.yml\nforks: 0\n' })
  expect(refusal(await run('playbook', 'site'))).toMatchInlineSnapshot(`
    "error[setting-unknown] There is no setting \`inventry\`
      run.yml:1:1
        1 | inventry: inventory.yml
          | ^^^^^^^^
      help    did you mean \`inventory\`?

    error[setting-value] \`forks\` must be at least 1
      run.yml:2:8
        2 | forks: 0
          |        ^
      seen    the number 0
      wanted  at least 1

    2 problems
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
