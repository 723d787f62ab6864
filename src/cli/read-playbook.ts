// Reads a playbook with all that it names: plays in TypeScript, worksheets, dialogues.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ZodType } from 'zod'
import { exitCodes, Problem } from '../model/problem.ts'
import type { ReadDialogue } from '../plan/arguments.ts'
import { knownTasks, type Registry } from '../plan/registry.ts'
import { type DialogueFile, parseDialogue } from '../playbook/dialogue.ts'
import { parsePlaybook } from '../playbook/parse.ts'
import type { Playbook } from '../playbook/playbook.ts'
import type { SecretReading } from '../template/secrets.ts'
import { type Loading, loadFile } from './modules.ts'
import { readIfThere, withoutEnding } from './playbook-files.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

type Reading = {
  readonly registry: Registry
  readonly loading: Loading
  readonly around: Surroundings
  readonly secrets: SecretReading
}

/** The parser is pure; playbooks in TypeScript that it asks for are loaded, and it is asked again. */
export const readPlaybook = async (
  file: string,
  { registry, loading, around, secrets }: Reading,
): Promise<Playbook> => {
  const modules = new Map<string, unknown>()
  for (;;) {
    const asked = new Set<string>()
    const playbook = parsePlaybook(shown(file, around), {
      knownTasks: knownTasks(registry),
      secrets,
      files: {
        readText: path => readIfThere(resolve(around.cwd, path)),
        readModule: path => {
          if (existsSync(resolve(around.cwd, path)) && !modules.has(path)) asked.add(path)
          return modules.get(path)
        },
      },
    })
    if (asked.size === 0) return playbook
    for (const path of asked) modules.set(path, (await loadFile(resolve(around.cwd, path), loading)) ?? null)
  }
}

export const loadWorksheets = async (
  { plays }: Playbook,
  loading: Loading,
): Promise<{ readonly problems: readonly Problem[]; readonly worksheets: ReadonlyMap<string, ZodType> }> => {
  const named = new Map(
    plays.flatMap(({ worksheet }) => (worksheet ? [[worksheet.file, worksheet.span] as const] : [])),
  )
  const worksheets = new Map<string, ZodType>()
  const problems: Problem[] = []
  for (const [file, span] of named) {
    const path = resolve(loading.cwd, file)
    const schema = existsSync(path) ? await loadFile(path, loading) : undefined
    if (isSchema(schema)) worksheets.set(file, schema)
    else problems.push(existsSync(path) ? noWorksheet(file, span) : noWorksheetFile(file, span))
  }
  return { worksheets, problems }
}

const isSchema = (value: unknown): value is ZodType =>
  typeof value === 'object' && value !== null && 'safeParse' in value

const noWorksheetFile = (file: string, span: Problem['fields']['span']): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no file ${file}`,
    ...(span && { span }),
    help: 'correct its name; it is looked for beside the playbook',
    exit: exitCodes.input,
  })

const noWorksheet = (file: string, span: Problem['fields']['span']): Problem =>
  new Problem({
    code: 'worksheet-wrong',
    summary: `${file} is no worksheet`,
    ...(span && { span }),
    wanted: 'a TypeScript file with a zod schema as its default export',
    exit: exitCodes.input,
  })

export const dialogueReader = (around: Surroundings, onRead: (file: string) => void): ReadDialogue => {
  const parsed = new Map<string, DialogueFile>()
  return (name, from) => {
    const folder = resolve(around.cwd, dirname(from), 'dialogues')
    const file = join(folder, `${name}.yml`)
    const known = parsed.get(file)
    if (known) return known
    const text = readIfThere(file)
    if (text === undefined) return { known: existsSync(folder) ? readdirSync(folder).map(withoutEnding) : [] }
    onRead(file)
    const dialogue = parseDialogue({ file: shown(file, around), text })
    parsed.set(file, dialogue)
    return dialogue
  }
}
