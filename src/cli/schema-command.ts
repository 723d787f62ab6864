// `run schema`: JSON Schemas of what a site writes, with its own tasks and worksheets, for editors; and of the events, for programs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import type { ZodType } from 'zod'
import { exitCodes, Problems } from '../model/problem.ts'
import {
  dialogueSchema,
  inventorySchema,
  playbookSchema,
  settingsSchemaOf,
  variablesSchema,
} from '../plan/json-schema/index.ts'
import type { Act } from './act.ts'
import { loadTasks } from './inputs.ts'
import { type Loading, loadFolder, shipped } from './modules.ts'
import { isSchema } from './read-playbook.ts'
import { findSettings, type Settings, settingsSchema } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { writeOut } from './write-out.ts'

const kinds = ['playbook', 'inventory', 'variables', 'dialogue', 'settings', 'event'] as const
type Kind = (typeof kinds)[number]

export const addSchemaCommand = (run: Command, around: Surroundings, act: Act): void => {
  run
    .command('schema')
    .addArgument(new Argument('<kind>', 'what it is for').choices(kinds))
    .description('a JSON Schema of what you write, for your editor (docs/editor.md)')
    .option('-o, --output <file>', 'where it is written; stdout without')
    .action((kind: Kind, { output }: { readonly output?: string }) =>
      act(async () => {
        writeOut(`${JSON.stringify(await schemaOf(kind, around), null, 2)}\n`, output, around)
        return exitCodes.done
      }),
    )
}

const schemaOf = async (kind: Kind, around: Surroundings): Promise<object> => {
  // It is made of the types that the journal is written by, which are gone when the program runs.
  if (kind === 'event') return JSON.parse(readFileSync(shipped('schemas/event.json'), 'utf8'))
  const settings = findSettings(around.cwd)
  const loading = { cache: join(settings.state, 'cache'), cwd: around.cwd }
  if (kind === 'settings') return settingsSchemaOf(settingsSchema)
  if (kind === 'dialogue') return dialogueSchema()
  if (kind === 'inventory') return inventorySchema(await worksheetsOf(settings, loading))
  if (kind === 'variables') return variablesSchema(await worksheetsOf(settings, loading))
  const { registry, problems } = await loadTasks(settings, loading)
  if (problems.length > 0) throw new Problems(problems)
  return playbookSchema(registry)
}

/** Those that are shipped, and a site's own. */
const worksheetsOf = async ({ site }: Settings, loading: Loading): Promise<readonly ZodType[]> => {
  const folders = [...new Set([shipped('playbooks'), join(site, 'playbooks')])].map(each => join(each, 'worksheets'))
  const loaded = await Promise.all(folders.map(folder => loadFolder(folder, loading)))
  return loaded.flatMap(modules => Object.values(modules).filter(isSchema))
}
