// `run new …`: a task, a playbook or an inventory that works, to be changed into the one that is wanted.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { findSettings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

export const addNewCommand = (run: Command, around: Surroundings, act: Act): void => {
  const begin = run.command('new').description('begin something new from a sample that works')
  begin
    .command('task <name>')
    .description('a task module in tasks/')
    .action((name: string) => act(async () => newTask(name, around)))
  begin
    .command('playbook <name>')
    .description('a playbook in playbooks/, in YAML')
    .action((name: string) => act(async () => newPlaybook(name, around)))
  begin
    .command('inventory <file>')
    .description('an inventory of two nodes, to be changed; `run worksheet` asks for the values of a site')
    .action((file: string) => act(async () => newInventory(file, around)))
}

const newTask = (name: string, around: Surroundings): number => {
  assertName(name, 'a task')
  const use = `  - name: Greeting\n    ${name}:\n      path: /etc/motd\n      text: hello\n`
  return begun(join(findSettings(around.cwd).site, 'tasks', `${name}.ts`), around, {
    text: sample(name),
    next: `Use it in a playbook:\n\n${use}`,
  })
}

const newPlaybook = (name: string, around: Surroundings): number => {
  assertName(name, 'a playbook')
  return begun(join(findSettings(around.cwd).site, 'playbooks', `${name}.yml`), around, {
    text: playbookSample,
    next: `Look at what it would do:\n\n  run playbook ${name} --dry-run\n`,
  })
}

const newInventory = (name: string, around: Surroundings): number => {
  const file = resolve(around.cwd, /\.ya?ml$/.test(name) ? name : `${name}.yml`)
  const told = shown(file, around)
  return begun(file, around, {
    text: inventorySample,
    next: `See what it comes to:\n\n  run inventory graph -i ${told}\n`,
  })
}

type Begun = { readonly text: string; readonly next: string }

const begun = (file: string, around: Surroundings, { text, next }: Begun): number => {
  if (existsSync(file)) throw taken(file)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { flag: 'wx' })
  around.stdout.write(`${shown(file, around)} is there. ${next}`)
  return exitCodes.done
}

const assertName = (name: string, what: string): void => {
  if (/^[a-z][a-z0-9-]*$/.test(name)) return
  throw new Problem({
    code: 'name-not-usable',
    summary: `This cannot be the name of ${what}`,
    seen: name,
    wanted: 'lower-case letters, digits and -, a letter first',
    help: 'choose another name; what it does can be said in its first line',
    exit: exitCodes.input,
  })
}

const playbookSample = `# Say here what it brings about, and where that is described.
- name: Logs of the agents
  hosts: all
  vars:
    log_directory: /var/log/agents
  tasks:
    - name: Directory
      file: { path: "{{ log_directory }}", state: directory, mode: "0750" }

    # With \`reads: true\` it only looks, in a dry run too; without, it would be carried out once.
    - name: Room on the disk
      command: { argv: [df, -P, /var], reads: true }
      register: room

    - name: Notice
      copy:
        dest: "{{ log_directory }}/README"
        content: "Logs of the agents on {{ inventory_hostname }}\\n"
        mode: "0644"

    - name: What there is
      debug: { msg: "{{ room.stdout.splitlines() | last }}" }
`

const inventorySample = `# The order of the failover list is the order of the work; the first is the preferred node.
cluster:
  name: cluster1
  failover_list: [node1, node2]

all:
  hosts:
    node1: { ansible_host: 192.0.2.11 }
    node2: { ansible_host: 192.0.2.12 }
  vars:
    ansible_user: root
`

const sample = (name: string): string => `// Keeps one line of text in a file. Say here what your task keeps true.
import { absolutePath, change, differs, same, task, text, z } from '#task'

export default task({
  name: '${name}',
  summary: 'Keep one line of text in a file',
  args: z.strictObject({ path: absolutePath, text: z.string() }),

  // Looks, and only looks. A dry run goes no further than this.
  async check({ world, args }) {
    const seen = await world.look(text(args.path))
    const wanted = { type: 'text', text: \`\${args.text}\\n\` } as const
    if (seen.type === 'text' && seen.text === wanted.text) return same(\`\${args.path} says so already\`)
    return differs(change(text(args.path), seen, wanted))
  },

  // Makes the changes that it was handed; then \`check\` is asked again, and has to say "same".
  async apply({ $, args, changes: [{ after }] }) {
    await $({ input: after.text })\`cat >\${args.path}\`
  },
})
`

const taken = (file: string): Problem =>
  new Problem({
    code: 'file-there',
    summary: `${file} is there already`,
    state: 'nothing was written',
    help: 'choose another name, or edit that file',
    exit: exitCodes.input,
  })
