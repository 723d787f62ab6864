// `run docs`: what a playbook can name here, and what each task takes and gives; the site's own tasks are among them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { taskList, taskMarkdown, taskPageOf, taskText } from '../report/index.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Act } from './act.ts'
import { loadTasks } from './inputs.ts'
import { shipped } from './modules.ts'
import { findSettings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

type DocsFlags = { readonly format: 'text' | 'md' }

export const addDocsCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('docs')
    .argument('[task]', 'one of them, or a page of docs/; a list of all without')
    .description('what tasks there are, what each takes and gives, and how it is written')
    .addOption(new Option('--format <format>', 'form of a page').choices(['text', 'md']).default('text'))
    .action((name: string | undefined, flags: DocsFlags) => act(() => tellDocs(name, flags, around)))
}

const tellDocs = async (name: string | undefined, { format }: DocsFlags, around: Surroundings): Promise<number> => {
  const settings = findSettings(around.cwd)
  const { registry, problems } = await loadTasks(settings, { cache: join(settings.state, 'cache'), cwd: around.cwd })
  if (problems.length > 0) throw new Problems(problems)
  const { columns } = around.stdout
  const screen = { colour: around.colour && columns !== undefined, ...(columns !== undefined && { columns }) }
  if (name === undefined) {
    const pages = [...registry.values()].sort((one, other) => (one.name < other.name ? -1 : 1)).map(taskPageOf)
    around.stdout.write(taskList(pages, screen))
    around.stdout.write(`\nPages, such as \`run docs lint\`\n  ${documents().join('\n  ')}\n`)
    return exitCodes.done
  }
  const module = registry.get(name.replace(/^ansible\.(builtin|legacy|posix)\./, ''))
  const document = name.replace(/^docs\/|\.md$/g, '')
  if (module === undefined && documents().includes(document)) {
    around.stdout.write(readFileSync(join(shipped('docs'), `${document}.md`), 'utf8'))
    return exitCodes.done
  }
  if (module === undefined) throw noTask(name, [...registry.keys(), ...documents()])
  const page = taskPageOf(module)
  around.stdout.write(format === 'md' ? taskMarkdown(page) : taskText(page, screen))
  return exitCodes.done
}

/** What else lies in docs/, by its name. */
const documents = (): readonly string[] =>
  readdirSync(shipped('docs')).flatMap(file => (file.endsWith('.md') ? file.slice(0, -3) : []))

const noTask = (name: string, known: readonly string[]): Problem =>
  new Problem({
    code: 'task-unknown',
    summary: `There is no task \`${name}\``,
    help: didYouMean(name, known) ?? '`run docs` lists them',
    exit: exitCodes.input,
  })
