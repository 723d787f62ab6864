// `run new …`: a task, a playbook or an inventory that works, to be changed into the one that is wanted.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import { blockForms, playForms, stepForms, taskForms } from '../playbook/key-forms.ts'
import type { Act } from './act.ts'
import { loadTasks } from './inputs.ts'
import { findSettings, type Settings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

export const addNewCommand = (run: Command, around: Surroundings, act: Act): void => {
  const begin = run.command('new').description('begin something new from a sample that works')
  begin
    .command('task <name>')
    .description('a task module in tasks/')
    .action((name: string) => act(() => newTask(name, around)))
  begin
    .command('playbook <name>')
    .description('a playbook in playbooks/, in YAML; NAME.ts for one in TypeScript')
    .action((name: string) => act(async () => newPlaybook(name, around)))
  begin
    .command('inventory <file>')
    .description('an inventory of two nodes, to be changed; `run worksheet` asks for the values of a site')
    .option('--lab', 'of the nodes of the lab instead (run lab up)')
    .action((file: string, flags: { readonly lab?: boolean }) => act(async () => newInventory(file, flags, around)))
}

const newTask = async (name: string, around: Surroundings): Promise<number> => {
  assertName(name, 'a task')
  const settings = findSettings(around.cwd)
  const file = join(settings.site, 'tasks', `${name}.ts`)
  if (!existsSync(file)) await assertFree(name, settings, around)
  const use = `  - name: Greeting\n    ${name}:\n      path: /etc/motd\n      text: hello\n`
  return begun(file, around, { text: sample(name), next: `Use it in a playbook:\n\n${use}` })
}

/** What has this name already would be hidden by it, or hide it. */
const assertFree = async (name: string, settings: Settings, around: Surroundings): Promise<void> => {
  const { registry } = await loadTasks(settings, { cache: join(settings.state, 'cache'), cwd: around.cwd })
  const isKey = [playForms, stepForms, taskForms, blockForms].some(forms => Object.hasOwn(forms, name))
  if (registry.has(name)) throw nameInUse(name, 'there is a task of this name already, and yours would hide it')
  if (isKey) throw nameInUse(name, 'this is a key of playbooks, and hides a task of that name')
}

const nameInUse = (name: string, seen: string): Problem =>
  new Problem({
    code: 'name-in-use',
    summary: `\`${name}\` means something already`,
    seen,
    state: 'nothing was written',
    help: 'choose another name; `run docs` lists the tasks that there are',
    exit: exitCodes.input,
  })

const newPlaybook = (written: string, around: Surroundings): number => {
  const [, name = written, ending = '.yml'] = /^(.*?)(\.ya?ml|\.ts)$/.exec(written) ?? []
  assertName(name, 'a playbook')
  return begun(join(findSettings(around.cwd).site, 'playbooks', `${name}${ending}`), around, {
    text: ending === '.ts' ? typedSample : playbookSample,
    next: `Look at what it would do:\n\n  run playbook ${name} --dry-run\n`,
  })
}

const newInventory = (name: string, { lab }: { readonly lab?: boolean }, around: Surroundings): number => {
  if (/\.(?!ya?ml$)[a-z]+$/i.test(name)) throw notYaml(name)
  const file = resolve(around.cwd, /\.ya?ml$/.test(name) ? name : `${name}.yml`)
  const told = shown(file, around)
  return begun(file, around, {
    text: lab ? labSample : inventorySample,
    next: `See what it comes to:\n\n  run inventory graph -i ${told}\n\nTo leave -i out, write \`inventory: ${told}\` into run.yml.\n`,
  })
}

const notYaml = (name: string): Problem =>
  new Problem({
    code: 'name-not-usable',
    summary: 'An inventory is begun in YAML',
    seen: name,
    wanted: 'a name that ends with .yml, or has no ending',
    state: 'nothing was written',
    help: `write \`run new inventory ${name.replace(/\.\w+$/, '')}\`; one in INI form that you have is read as it is`,
    exit: exitCodes.input,
  })

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

const typedSample = `// Say here what it brings about, and where that is described.
import { playbook } from '#playbook'

export default playbook({
  name: 'Logs of the agents',
  hosts: 'all',
  vars: { log_directory: '/var/log/agents' },
  tasks: [
    { name: 'Directory', file: { path: '{{ log_directory }}', state: 'directory', mode: '0750' } },
    {
      name: 'Notice',
      copy: {
        dest: '{{ log_directory }}/README',
        content: 'Logs of the agents on {{ inventory_hostname }}\\n',
        mode: '0644',
      },
    },
  ],
})
`

const labSample = `# The lab: a cluster of nodes on this machine, which \`run lab up\` starts.
provider: lab

cluster:
  name: lab
  failover_list: [node1, node2, node3]

all:
  hosts:
    node1:
    node2:
    node3:
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
