// `run new task NAME`: a task module that works, to be changed into the one that is wanted.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Command } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { findSettings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

export const addNewCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('new')
    .description('begin something new from a sample that works')
    .command('task <name>')
    .description('a task module in tasks/')
    .action((name: string) => act(async () => newTask(name, around)))
}

const newTask = (name: string, { cwd, stdout }: Surroundings): number => {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw badName(name)
  const file = join(findSettings(cwd).site, 'tasks', `${name}.ts`)
  if (existsSync(file)) throw taken(file)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, sample(name))
  stdout.write(
    `${relative(cwd, file)} is there. Use it in a playbook:\n\n  - name: Greeting\n    ${name}:\n      path: /etc/motd\n      text: hello\n`,
  )
  return exitCodes.done
}

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

const badName = (name: string): Problem =>
  new Problem({
    code: 'name-not-usable',
    summary: 'This cannot be the name of a task',
    seen: name,
    wanted: 'lower-case letters, digits and -, a letter first',
    exit: exitCodes.input,
  })

const taken = (file: string): Problem =>
  new Problem({
    code: 'file-there',
    summary: `${file} is there already`,
    state: 'nothing was written',
    help: 'choose another name, or edit that file',
    exit: exitCodes.input,
  })
