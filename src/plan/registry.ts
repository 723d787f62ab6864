// The task modules and holds that a playbook can name.
import { exitCodes, Problem } from '../model/problem.ts'
import type { KnownTask } from '../playbook/playbook.ts'
import type { Hold } from '../task/hold.ts'
import type { Task } from '../task/task.ts'
import { lateMap } from '../text/late-map.ts'
import { wantedKeys } from '../text/zod-words.ts'
import { argumentsThat } from './meta.ts'

export type Registry = ReadonlyMap<string, Task | Hold>

/** What the files of a folder export, by the name of the file. */
type Exports = Readonly<Record<string, unknown>>

/**
 * Collects modules by name; those of later folders take the place of earlier ones.
 *
 * @param shipped They come before all others, and are looked at when somebody names them: `module-wrong` is thrown then.
 */
export const createRegistry = (
  folders: readonly Exports[],
  shipped: Exports = {},
): { readonly registry: Registry; readonly problems: readonly Problem[] } => {
  const own = new Map<string, Task | Hold>()
  const problems: Problem[] = []
  for (const folder of folders)
    for (const [name, exported] of Object.entries(folder)) {
      const module = moduleIn(name, exported)
      if (module instanceof Problem) problems.push(module)
      else own.set(name, module)
    }
  const names = [...Object.keys(shipped), ...own.keys()]
  return { registry: lateMap(names, name => own.get(name) ?? moduleOf(name, shipped)), problems }
}

const moduleOf = (name: string, shipped: Exports): Task | Hold => {
  const module = moduleIn(name, shipped[name])
  if (module instanceof Problem) throw module
  return module
}

const moduleIn = (name: string, exported: unknown): Task | Hold | Problem =>
  isModule(exported) && exported.name === name ? exported : noModule(name, exported)

/** What the parser has to know of each. */
export const knownTasks = (registry: Registry): ReadonlyMap<string, KnownTask> =>
  lateMap(registry.keys(), name => knownModule(registry.get(name)))

const knownModule = (module: Task | Hold | undefined): KnownTask =>
  module?.type === 'task' ? knownTask(module) : { type: 'hold' }

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
