// The task modules and holds that a playbook can name.
import { exitCodes, Problem } from '../model/problem.ts'
import type { KnownTask } from '../playbook/playbook.ts'
import type { Hold } from '../task/hold.ts'
import type { Task } from '../task/task.ts'
import { wantedKeys } from '../text/zod-words.ts'
import { argumentsThat } from './meta.ts'

export type Registry = ReadonlyMap<string, Task | Hold>

/**
 * Collects modules by name; those of later folders take the place of earlier ones.
 *
 * @param folders What each folder's files export, by the name of the file.
 */
export const createRegistry = (
  folders: readonly Readonly<Record<string, unknown>>[],
): { readonly registry: Registry; readonly problems: readonly Problem[] } => {
  const registry = new Map<string, Task | Hold>()
  const problems: Problem[] = []
  for (const folder of folders)
    for (const [name, exported] of Object.entries(folder)) {
      if (isModule(exported) && exported.name === name) registry.set(name, exported)
      else problems.push(noModule(name, exported))
    }
  return { registry, problems }
}

/** What the parser has to know of each. */
export const knownTasks = (registry: Registry): ReadonlyMap<string, KnownTask> =>
  new Map([...registry].map(([name, module]) => [name, module.type === 'task' ? knownTask(module) : { type: 'hold' }]))

const knownTask = ({ freeForm, aliases, instead, inPlaceOf, args }: Task): KnownTask => ({
  type: 'task',
  names: wantedKeys(args, []),
  conditions: argumentsThat(args, ({ language }) => language === 'condition'),
  ...(freeForm !== undefined && { freeForm }),
  ...(aliases && { aliases }),
  ...(instead && { instead }),
  ...(inPlaceOf && { inPlaceOf }),
})

const isModule = (value: unknown): value is Task | Hold =>
  typeof value === 'object' && value !== null && 'type' in value && (value.type === 'task' || value.type === 'hold')

const noModule = (file: string, exported: unknown): Problem =>
  new Problem({
    code: 'module-wrong',
    summary: isModule(exported)
      ? `tasks/${file}.ts defines \`${exported.name}\`, and the file must be named as the task is`
      : `tasks/${file}.ts exports no task as its default`,
    wanted: `export default task({ name: '${file}', … })`,
    help: 'what tasks share belongs into tasks/lib/',
    exit: exitCodes.input,
  })
