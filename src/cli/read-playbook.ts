// Reads a playbook with all that it names: plays in TypeScript, worksheets, dialogues, templates.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { ZodType } from 'zod'
import { exitCodes, Problem } from '../model/problem.ts'
import type { NamedFiles, TemplateFile } from '../plan/arguments.ts'
import { knownTasks, type Registry } from '../plan/registry.ts'
import { type DialogueFile, parseDialogue } from '../playbook/dialogue.ts'
import { parsePlaybook } from '../playbook/parse.ts'
import type { Playbook } from '../playbook/playbook.ts'
import { render } from '../template/render.ts'
import type { SecretReading } from '../template/secrets.ts'
import { compileTemplateFile } from '../template/template.ts'
import { proposal } from '../text/did-you-mean.ts'
import { source } from '../text/source.ts'
import { fileReader, type OnRead } from './file-reader.ts'
import { type Loading, loadFile } from './modules.ts'
import { readIfThere, withoutEnding } from './playbook-files.ts'
import { findSettings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

type Reading = {
  readonly registry: Registry
  readonly loading: Loading
  readonly around: Surroundings
  readonly secrets: SecretReading
}

/** What is encrypted is as good as any text where nobody fills it in. */
export const nothingSecret: SecretReading = { readSecret: () => '', openVault: () => new Uint8Array() }

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
        readText: path => readIfThere(resolve(around.cwd, path), path),
        namesIn: folder => namesIn(resolve(around.cwd, folder)),
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
    const schema = existsSync(path) && file.endsWith('.ts') ? await loadFile(path, loading) : undefined
    if (isSchema(schema)) worksheets.set(file, schema)
    else problems.push(existsSync(path) ? noWorksheet(file, span) : noWorksheetFile(file, path, span))
  }
  return { worksheets, problems }
}

export const isSchema = (value: unknown): value is ZodType =>
  typeof value === 'object' && value !== null && 'safeParse' in value

const noWorksheetFile = (file: string, path: string, span: Problem['fields']['span']): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no file ${file}`,
    ...(span && { span }),
    help: proposal(basename(path), namesIn(dirname(path))) ?? 'correct its name; it is looked for beside the playbook',
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

export type OnNamed = {
  readonly read?: OnRead
  /** Hears of what a dialogue says. */
  dialogue?(dialogue: DialogueFile): void
}

export const namedFiles = (around: Surroundings, { read = () => {}, dialogue }: OnNamed = {}): NamedFiles => {
  const onRead = (file: string) => read(file)
  return {
    // A site's own dialogues come over those that are shipped beside the playbook.
    dialogue: remembered('dialogues', 'yml', {
      around,
      onRead(file, said) {
        read(file)
        dialogue?.(said)
      },
      parse: parseDialogue,
      first: findSettings(around.cwd).site,
    }),
    template: remembered('templates', 'j2', { around, onRead, parse: parseTemplate }),
    file: fileReader(around, read),
  }
}

type Text = { readonly file: string; readonly text: string }

type Finding<File> = {
  readonly around: Surroundings
  readonly onRead: (file: string, read: File) => void
  readonly parse: (text: Text) => File
  /** A folder that comes before that of the playbook. */
  readonly first?: string
}

/** Files of one folder beside the playbook, each read once. */
const remembered = <File>(folder: string, ending: string, { around, onRead, parse, first }: Finding<File>) => {
  const parsed = new Map<string, File>()
  return (name: string, from: string): File | { readonly known: readonly string[] } => {
    const below = foldersOf(resolve(around.cwd, dirname(from)), { folder, first })
    const file = below.map(each => join(each, `${name}.${ending}`)).find(existsSync)
    const known = file === undefined ? undefined : parsed.get(file)
    if (known) return known
    const text = file === undefined ? undefined : readIfThere(file, shown(file, around))
    if (file === undefined || text === undefined) return { known: below.flatMap(each => namesBelow(each, ending)) }
    const read = parse({ file: shown(file, around), text })
    onRead(file, read)
    parsed.set(file, read)
    return read
  }
}

const foldersOf = (
  beside: string,
  { folder, first }: { readonly folder: string; readonly first?: string | undefined },
): readonly string[] =>
  [...(first === undefined || first === beside ? [] : [first]), beside].map(each => join(each, folder))

/** All that a step of these playbooks may name, also by a variable. */
export const dialoguesFor = (
  playbooks: readonly string[],
  { around, site }: { readonly around: Surroundings; readonly site: string },
): readonly DialogueFile[] => {
  const folders = playbooks.flatMap(file =>
    foldersOf(resolve(around.cwd, dirname(file)), { folder: 'dialogues', first: site }),
  )
  const files = [...new Set(folders)].flatMap(folder =>
    namesBelow(folder, 'yml').map(name => join(folder, `${name}.yml`)),
  )
  return files.toSorted().flatMap(file => {
    const text = readIfThere(file, shown(file, around))
    return text === undefined ? [] : [parseDialogue({ file: shown(file, around), text })]
  })
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])

const namesBelow = (folder: string, ending: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith(`.${ending}`))
        .map(withoutEnding)
    : []

const parseTemplate = ({ file, text }: Text): TemplateFile => {
  const { template, problems } = compileTemplateFile(source(file, text))
  return { template: { text, fill: values => String(render(template, values)) }, problems }
}
