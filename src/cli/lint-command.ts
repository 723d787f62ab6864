// `run lint`: what is wrong or doubtful in playbooks as they are written; no node, no inventory and no secret is asked.
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { lint } from '../plan/lint/index.ts'
import { writtenFaults } from '../plan/lint/written-faults.ts'
import type { Registry } from '../plan/registry.ts'
import { createRedactor } from '../shell/redact.ts'
import type { Act } from './act.ts'
import { loadTasks } from './inputs.ts'
import { maskProblems } from './mask.ts'
import type { Loading } from './modules.ts'
import { findPlaybook, playbooksIn } from './playbook-files.ts'
import { dialoguesFor, namedFiles, nothingSecret, readPlaybook } from './read-playbook.ts'
import { findSettings, type Settings } from './settings.ts'
import { recordOf, showError, showWarnings } from './show-error.ts'
import type { Surroundings } from './surroundings.ts'

export type LintFlags = { readonly strict?: boolean; readonly format: 'text' | 'json' }

export const addLintCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('lint')
    .argument('[playbooks...]', 'playbooks by their names, or their files; all of the site without')
    .description('tell what is wrong or doubtful in playbooks, and connect to nothing (docs/lint.md)')
    .option('--strict', 'end with 1 where there are warnings')
    .addOption(new Option('--format <format>', 'form of what is told').choices(['text', 'json']).default('text'))
    .action((names: readonly string[], flags: LintFlags) => act(() => runLint(names, flags, around)))
}

/** @returns What the process should end with. */
const runLint = async (names: readonly string[], flags: LintFlags, around: Surroundings): Promise<number> => {
  const settings = findSettings(around.cwd)
  const loading = { cache: join(settings.state, 'cache'), cwd: around.cwd }
  const { registry, problems } = await loadTasks(settings, loading)
  const found: Found = { faults: [...problems], warnings: [] }
  for (const name of names.length > 0 ? names : playbooksOf(settings)) {
    const { faults, warnings } = await lintOne(name, { settings, loading, registry, around })
    found.faults.push(...faults)
    found.warnings.push(...warnings)
  }
  // Playbooks that import the same one have its faults in common.
  const all = { faults: distinct(found.faults), warnings: distinct(found.warnings) }
  tell(all, flags, around)
  if (all.faults.length > 0) return exitCodes.input
  return flags.strict && all.warnings.length > 0 ? exitCodes.failed : exitCodes.done
}

type Found = { readonly faults: Problem[]; readonly warnings: Problem[] }

type Linting = {
  readonly settings: Settings
  readonly loading: Loading
  readonly registry: Registry
  readonly around: Surroundings
}

const playbooksOf = ({ site }: Settings): readonly string[] => {
  const folder = join(site, 'playbooks')
  const files = playbooksIn(folder)
  if (files.length > 0) return files.toSorted().map(file => join(folder, file))
  throw new Problem({
    code: 'playbook-unknown',
    summary: 'There is no playbook here',
    seen: `no file in ${folder}`,
    help: 'name one',
    exit: exitCodes.input,
  })
}

const lintOne = async (name: string, { settings, loading, registry, around }: Linting): Promise<Found> => {
  try {
    const file = await findPlaybook(name, settings, around)
    const playbook = await readPlaybook(file, { registry, loading, around, secrets: nothingSecret })
    const linted = { playbook, registry, files: namedFiles(around) }
    const dialogues = dialoguesFor(playbook.files, { around, site: settings.site })
    const secrets = dialogues.flatMap(each => each.secrets)
    const hide = (problems: readonly Problem[]) => [...maskProblems(problems, createRedactor(secrets).redact)]
    return {
      faults: hide([...playbook.problems, ...writtenFaults(linted), ...dialogues.flatMap(each => each.problems)]),
      warnings: hide([...playbook.warnings, ...lint(linted), ...dialogues.flatMap(each => each.warnings)]),
    }
  } catch (error) {
    if (error instanceof Problem) return { faults: [error], warnings: [] }
    if (error instanceof Problems) return { faults: [...error.all], warnings: [] }
    throw error
  }
}

const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(
    problems.map(problem => [JSON.stringify([problem.code, problem.message, problem.fields.span]), problem]),
  ).values(),
]

const tell = ({ faults, warnings }: Found, { format }: LintFlags, around: Surroundings): void => {
  if (format === 'json') {
    const rows = [...faults.map(asRow('error')), ...warnings.map(asRow('warning'))]
    around.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    around.github?.annotate('warning', warnings.map(recordOf))
    around.github?.annotate('error', faults.map(recordOf))
    return
  }
  showWarnings(warnings, around)
  if (faults.length > 0) showError(new Problems(faults), around)
  const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`
  around.stdout.write(`${count(faults.length, 'fault')}, ${count(warnings.length, 'warning')}\n`)
}

const asRow =
  (severity: 'error' | 'warning') =>
  ({ code, message, fields: { span, seen, wanted, help } }: Problem) => ({
    severity,
    code,
    summary: message,
    ...(span && { file: span.file, line: span.line, column: span.column }),
    ...(seen !== undefined && { seen }),
    ...(wanted !== undefined && { wanted }),
    ...(help !== undefined && { help }),
  })
