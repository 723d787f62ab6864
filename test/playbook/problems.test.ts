import { describe, expect, test } from 'vitest'
import { formatProblems } from '../../src/text/excerpt.ts'
import { block } from '../text/describe-problems.ts'
import { parse } from './parse-files.ts'

describe('what is wrong in a playbook is told with its place, all of it at once', () => {
  test.each([
    [
      'misspelt keys that have to be there',
      `
- host: all
  task: [{ name: A, shell: ls }]
`,
      `
error[key-unknown] A play has no key \`host\`
  site.yml:1:3
    1 | - host: all
      |   ^^^^
  help    did you mean \`hosts\`?

error[key-unknown] A play has no key \`task\`
  site.yml:2:3
    2 |   task: [{ name: A, shell: ls }]
      |   ^^^^
  help    did you mean \`tasks\`?

2 problems
`,
    ],
    [
      'a misspelt key of the play, of the step, of the task',
      `
- hosts: all
  strateg: failover
  tasks:
    - nam: First
      file: { path: /a }
    - name: Second
      fil: { path: /a }
`,
      `
error[key-unknown] A play has no key \`strateg\`
  site.yml:2:3
    2 |   strateg: failover
      |   ^^^^^^^
  help    did you mean \`strategy\`?

error[key-unknown] A step has no key \`nam\`
  site.yml:4:7
    4 |     - nam: First
      |       ^^^
  help    did you mean \`name\`?

error[task-unknown] There is no task \`fil\`
  site.yml:7:7
    7 |       fil: { path: /a }
      |       ^^^
  help    did you mean \`file\`?

3 problems
`,
    ],
    [
      'two tasks in one step, and none',
      `
- hosts: all
  tasks:
    - name: Both
      file: { path: /a }
      shell: ls
    - name: None
      when: true
`,
      `
error[two-tasks-in-one-step] There are 2 tasks in one step
  site.yml:5:7
    5 |       shell: ls
      |       ^^^^^
  seen    \`file\` and \`shell\`
  wanted  one task a step
  help    start a step of its own: \`- shell:\`

error[no-task] This step names no task
  site.yml:6:7
    6 |     - name: None
      |       ^^^^
  help    add the name of a task as a key, with its arguments below it

2 problems
`,
    ],
    [
      'keys of Ansible that wait',
      `
- hosts: all
  remote_user: ada
  throttle: 1
  roles: [web]
  tasks:
    - name: A
      shell: ls
      async: 5
    - include_tasks: more.yml
`,
      `
error[key-unsupported] \`remote_user\` is not supported yet
  site.yml:2:3
    2 |   remote_user: ada
      |   ^^^^^^^^^^^
  help    set \`ansible_user\` in the inventory

error[key-unsupported] \`throttle\` is not supported yet
  site.yml:3:3
    3 |   throttle: 1
      |   ^^^^^^^^
  help    write \`strategy: failover\` to take the hosts one after the other

error[key-unsupported] \`roles\` is not supported yet
  site.yml:4:3
    4 |   roles: [web]
      |   ^^^^^
  help    write the steps of the role below \`tasks:\`, or in a playbook of its own for \`import_playbook:\`

error[key-unsupported] \`async\` is not supported yet
  site.yml:8:7
    8 |       async: 5
      |       ^^^^^
  help    tasks wait for what they start

error[key-unsupported] \`include_tasks\` is not supported yet
  site.yml:9:7
    9 |     - include_tasks: more.yml
      |       ^^^^^^^^^^^^^
  help    write \`import_tasks:\`: all steps are known before anything connects

5 problems
`,
    ],
    [
      'no hosts, no tasks, an unknown strategy',
      `
- name: X
  strategy: free
`,
      `
error[play-empty] This play has no steps
  site.yml:1:3
    1 | - name: X
      |   ^^^^
  help    write them below \`tasks:\`

error[key-missing] A play says on which \`hosts\` it works
  site.yml:1:3
    1 | - name: X
      |   ^^^^
  help    write \`hosts: failover_list\`, \`hosts: all\`, or the name of a group

error[value-wrong] \`strategy\` must be linear or failover
  site.yml:2:13
    2 |   strategy: free
      |             ^^^^
  seen    the text "free"
  wanted  linear or failover

3 problems
`,
    ],
    [
      'names that are there twice, or are no names',
      `
- hosts: all
  tasks:
    - name: Mount point
      file: { path: /a }
    - name: "mount  POINT"
      file: { path: /b }
    - shell: ls
    - shell: ls
    - name: "{{ x }}"
      shell: ls
    - name: "!"
      shell: ls
`,
      `
error[step-duplicate] Two steps have the address \`site/mount-point\`
  site.yml:5:13
    5 |     - name: "mount  POINT"
      |             ^^^^^^^^^^^^^^
  seen    the other one is at site.yml:3:13
  help    give one of them another name

error[step-duplicate] Two steps have the address \`site/shell\`
  site.yml:8:7
    8 |     - shell: ls
      |       ^^^^^
  seen    the other one is at site.yml:7:7
  help    give it a \`name:\` of its own

error[step-name] The name of a step is its address, so it cannot be filled in
  site.yml:9:13
    9 |     - name: "{{ x }}"
      |             ^^^^^^^^^
  help    write a name of plain words; what differs between hosts goes into the arguments

error[step-name] This name has no letter and no digit
  site.yml:11:13
   11 |     - name: "!"
      |             ^^^
  help    write a name of plain words; what differs between hosts goes into the arguments

4 problems
`,
    ],
    [
      'a condition in braces, one that is broken, one that is a list',
      `
- hosts: all
  tasks:
    - name: A
      when: "{{ archive_agent }}"
      shell: ls
    - name: B
      when: archive_agent and
      shell: ls
    - name: C
      when: [a == 1, { b: 2 }]
      shell: ls
`,
      `
error[when-braces] A condition is an expression already, it takes no {{ }}
  site.yml:4:13
    4 |       when: "{{ archive_agent }}"
      |             ^^^^^^^^^^^^^^^^^^^^^
  help    write \`when: archive_agent\`

error[template-broken] There should be a value after \`and\`, and there is the end
  site.yml:7:27
    7 |       when: archive_agent and
      |                           ^^^

error[value-wrong] \`when\` must be an expression, such as \`mount_point is defined\`
  site.yml:10:22
   10 |       when: [a == 1, { b: 2 }]
      |                      ^^^^^^^^
  seen    a mapping with b
  wanted  an expression, such as \`mount_point is defined\`

3 problems
`,
    ],
    [
      'a broken template deep in the arguments',
      `
- hosts: all
  tasks:
    - name: A
      file:
        path: /a
        content: |
          first
          second {{ name | uppr }}
          {% if x %}
`,
      `
error[template-broken] {% if %} is not closed
  site.yml:9:11
    9 |           {% if x %}
      |           ^^
  help    close it with {% endif %}
`,
    ],
    [
      'arguments that are no mapping',
      `
- hosts: all
  tasks:
    - name: A
      file: /etc/hosts
    - name: B
      shell: [ls]
    - name: C
      file: path=/etc/x mode=0644 owner='{{ who }}'
`,
      `
error[value-wrong] What follows \`file:\` must be a mapping (argument: value)
  site.yml:4:13
    4 |       file: /etc/hosts
      |             ^^^^^^^^^^
  seen    the text "/etc/hosts"
  wanted  a mapping (argument: value)

error[value-wrong] What follows \`shell:\` must be a text, or a mapping (argument: value)
  site.yml:6:14
    6 |       shell: [ls]
      |              ^^^^
  seen    a list of 1
  wanted  a text, or a mapping (argument: value)

error[arguments-in-line] Arguments in one line are not read: \`file:\` takes a mapping
  site.yml:8:13
    8 |       file: path=/etc/x mode=0644 owner='{{ who }}'
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  help    write \`file: { path: /etc/x, mode: "0644", owner: '{{ who }}' }\`

3 problems
`,
    ],
    [
      'a hold that is unknown, is a task, is used as a task, has no block',
      `
- hosts: all
  tasks:
    - name: A
      hold: partitio
      block: [{ name: A1, shell: ls }]
    - name: B
      hold: { file: { path: /a } }
      block: [{ name: B1, shell: ls }]
    - name: C
      partition: { device: /dev/x }
    - name: D
      hold: partition
    - name: E
      block: [{ name: E1, shell: ls }]
      register: x
`,
      `
error[hold-unknown] There is nothing \`partitio\` to hold
  site.yml:4:13
    4 |       hold: partitio
      |             ^^^^^^^^
  help    did you mean \`partition\`?

error[hold-unknown] \`file\` is a task, it cannot be held
  site.yml:7:15
    7 |       hold: { file: { path: /a } }
      |               ^^^^
  help    known here: partition

error[hold-as-task] \`partition\` is something to hold, not a task
  site.yml:10:7
   10 |       partition: { device: /dev/x }
      |       ^^^^^^^^^
  help    write \`hold: partition\` with the steps below \`block:\`

error[no-block] \`hold\` belongs to a block, and this step has none
  site.yml:12:7
   12 |       hold: partition
      |       ^^^^
  help    write the steps below \`block:\`

error[key-unknown] A block has no key \`register\`
  site.yml:15:7
   15 |       register: x
      |       ^^^^^^^^
  help    write \`register:\` at a task within the block

5 problems
`,
    ],
    [
      'a handler that is not there',
      `
- hosts: all
  tasks:
    - name: A
      block:
        - { name: A1, shell: ls, notify: restart agent }
  handlers:
    - name: restart agents
      shell: ls
`,
      `
error[handler-unknown] There is no handler \`restart agent\` in this play
  site.yml:5:42
    5 |         - { name: A1, shell: ls, notify: restart agent }
      |                                          ^^^^^^^^^^^^^
  help    did you mean \`restart agents\`?
`,
    ],
    [
      'wrong types',
      `
- hosts: [a, { b: c }]
  become: perhaps
  vars: [1]
  tasks:
    - name: A
      tags: { a: b }
      register: not-a-name
      shell: ls
    - ls
`,
      `
error[value-wrong] \`hosts\` must be a text, or a list of texts
  site.yml:1:14
    1 | - hosts: [a, { b: c }]
      |              ^^^^^^^^
  seen    a mapping with b
  wanted  a text, or a list of texts

error[value-wrong] \`become\` must be true or false
  site.yml:2:11
    2 |   become: perhaps
      |           ^^^^^^^
  seen    the text "perhaps"
  wanted  true or false

error[value-wrong] \`vars\` must be a mapping (name: value)
  site.yml:3:9
    3 |   vars: [1]
      |         ^^^
  seen    a list of 1
  wanted  a mapping (name: value)

error[value-wrong] \`tags\` must be a text, or a list of texts
  site.yml:6:13
    6 |       tags: { a: b }
      |             ^^^^^^^^
  seen    a mapping with a
  wanted  a text, or a list of texts

error[variable-name] \`not-a-name\` cannot be the name of a variable
  site.yml:7:17
    7 |       register: not-a-name
      |                 ^^^^^^^^^^
  help    use letters, digits and _, and start with a letter

error[value-wrong] A step must be a mapping with the name of a task as a key
  site.yml:9:7
    9 |     - ls
      |       ^^
  seen    the text "ls"
  wanted  a mapping with the name of a task as a key

6 problems
`,
    ],
    [
      'files that are not there',
      `
- hosts: all
  vars_files: [vars/site.yml]
  tasks: [{ name: A, shell: ls }]
- import_playbook: path.yml
`,
      `
error[file-not-found] There is no file vars/site.yml
  site.yml:2:16
    2 |   vars_files: [vars/site.yml]
      |                ^^^^^^^^^^^^^
  help    correct its name; it is looked for beside the playbook

error[file-not-found] There is no file path.yml
  site.yml:4:20
    4 | - import_playbook: path.yml
      |                    ^^^^^^^^
  help    correct its name; it is looked for beside the file that names it

2 problems
`,
    ],
    [
      'no list of plays',
      `
hosts: all
tasks: []
`,
      `
error[value-wrong] A playbook must be a list of plays, each with a dash: \`- hosts: …\`
  site.yml:1:1
    1 | hosts: all
      | ^^^^^
  seen    a mapping with hosts and tasks
  wanted  a list of plays, each with a dash: \`- hosts: …\`
`,
    ],
    [
      'nothing',
      `
# only a comment
`,
      `
error[playbook-empty] site.yml holds no play
  site.yml:1:1
    1 | 
      | ^
  help    write \`- hosts: failover_list\`, with the steps below \`tasks:\`
`,
    ],
  ])('%s', (_, text, wanted) => {
    expect(formatProblems(parse({ 'site.yml': block(text) }).problems)).toBe(block(wanted).trimEnd())
  })

  test('a playbook that is not there', () => {
    expect(formatProblems(parse({}).problems)).toBe('error[file-not-found] There is no file site.yml')
  })

  test('files that import each other', () => {
    const problems = parse({
      'site.yml': '- import_playbook: b.yml\n',
      'b.yml': '- import_playbook: site.yml\n',
    }).problems
    expect(formatProblems(problems)).toBe(
      block(`
error[import-cycle] site.yml imports itself
  b.yml:1:20
    1 | - import_playbook: site.yml
      |                    ^^^^^^^^
  seen    site.yml → b.yml → site.yml`),
    )
  })

  test('one address in two files of the same name', () => {
    const play = (path: string) => `- hosts: all\n  tasks:\n    - name: Make it\n      file: { path: ${path} }\n`
    const problems = parse({
      'site.yml': `${play('/a')}- import_playbook: more/site.yml\n`,
      'more/site.yml': play('/b'),
    }).problems
    expect(formatProblems(problems)).toBe(
      block(`
error[step-duplicate] Two steps have the address \`site/make-it\`
  more/site.yml:3:13
    3 |     - name: Make it
      |             ^^^^^^^
  seen    the other one is at site.yml:3:13
  help    give one of them another name`),
    )
  })
})
