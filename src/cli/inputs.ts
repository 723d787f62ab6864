// Reads all that a run rests on, and tells every fault of it at once, before anything connects.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { ZodType } from 'zod'
import type { Inventory } from '../inventory/inventory.ts'
import { parseInventory } from '../inventory/parse.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { ReadDialogue } from '../plan/arguments.ts'
import { buildOutline } from '../plan/build-outline.ts'
import type { Outline } from '../plan/outline.ts'
import { createRegistry, knownTasks, type Registry } from '../plan/registry.ts'
import { type DialogueFile, parseDialogue } from '../playbook/dialogue.ts'
import { parsePlaybook } from '../playbook/parse.ts'
import type { Playbook } from '../playbook/playbook.ts'
import { createRedactor, type Redact } from '../shell/redact.ts'
import type { SecretReading } from '../template/secrets.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { type AssumedFlags, readAssumed } from './assumed.ts'
import { type DirectoryOf, readDirectories } from './directories.ts'
import { readExtraVars } from './extra-vars.ts'
import { misfitsOf, readFailedOf } from './failed-of.ts'
import { maskProblems } from './mask.ts'
import { type Loading, loadFile, loadFolder, shipped, sourcesBelow } from './modules.ts'
import type { SecretFlags } from './secret-flags.ts'
import { secretSources } from './secret-sources.ts'
import { findSettings, type Settings } from './settings.ts'
import { shortSecrets } from './short-secrets.ts'
import { showWarnings } from './show-error.ts'
import { shown } from './shown.ts'
import { assertSomethingToDo } from './something-to-do.ts'
import type { Surroundings } from './surroundings.ts'
import { createTargets, providerFacts, type TargetOf } from './targets.ts'

export type InputFlags = AssumedFlags &
  SecretFlags & {
    readonly inventory?: string
    readonly extraVars?: readonly string[]
    readonly limit?: string
    readonly tags?: readonly string[]
    readonly skipTags?: readonly string[]
    readonly only?: readonly string[]
    readonly from?: string
    readonly to?: string
    readonly failedOf?: string
  }

export type Inputs = {
  readonly settings: Settings
  readonly outline: Outline
  readonly targetOf: TargetOf
  readonly directoryOf: DirectoryOf
  /** What a reviewer has to know of how things are reached, a sentence each. */
  readonly risks: readonly string[]
  /** Those that the playbook can name. */
  readonly secrets: readonly Secret[]
  /** Takes these out of a text, those to log in with, and what templates made of them. */
  readonly redact: Redact
  /** Nodes that a person answers for, with the reason. */
  readonly released: ReadonlyMap<string, string>
  /** Every file that was read, but for secrets; a dialogue that is chosen late is added when it is read. */
  readonly files: ReadonlySet<string>
}

/** @throws {Problems} with all that is wrong, each with its place. */
export const readInputs = async (name: string, flags: InputFlags, around: Surroundings): Promise<Inputs> => {
  const settings = findSettings(around.cwd)
  const loading = { cache: join(settings.state, 'cache'), cwd: around.cwd }
  const { registry, problems } = await loadTasks(settings, loading)
  const secrets = secretSources(flags, settings, around)
  const reading = { registry, loading, around, secrets }
  const [inventory, playbook, extra] = await secrets.settled(() =>
    together(
      readInventory(flags, settings, { around, secrets }),
      findPlaybook(name, settings, around).then(file => readPlaybook(file, reading)),
      readExtraVars(flags.extraVars ?? [], around.cwd, secrets),
    ),
  )
  const passwords = secrets.loginPasswords()
  const assumed = readAssumed(flags, inventory.cluster.failoverList)
  const sheets = await loadWorksheets(playbook, loading)
  const files = new Set<string>()
  const failed = flags.failedOf === undefined ? undefined : readFailedOf(settings.runs, flags.failedOf)
  const facts = await providerFacts(inventory, settings)
  const redactor = createRedactor(Object.values(passwords))
  const built = buildOutline({
    playbook,
    inventory,
    registry,
    worksheets: sheets.worksheets,
    readDialogue: dialogueReader(around, file => files.add(file)),
    extra: extra.variables,
    onSecrets: redactor.learn,
    limit: flags.limit,
    selection: { ...flags, addresses: failed },
    lab: inventory.provider?.name === 'lab',
    facts,
  })
  const targets = createTargets(inventory, { settings, around, passwords })
  const directories = readDirectories(inventory, settings, facts)
  const misfits = { problems: failed ? misfitsOf(failed, built.outline) : [] }
  const all = [{ problems }, extra, assumed, sheets, targets, directories, built, misfits].flatMap(
    each => each.problems,
  )
  redactor.learn([...built.secrets, ...directories.secrets])
  if (all.length > 0) throw new Problems(maskProblems(all, redactor.redact))
  assertSomethingToDo(built.outline, flags)
  for (const file of filesOf({ settings, flags, inventory, playbook, around })) files.add(file)
  const { released } = assumed
  // A lab's passwords are its own, and open nothing else.
  const warning = [...(inventory.provider?.name === 'lab' ? [] : [inventory]), playbook, extra]
  const warnings = [...warning.flatMap(each => each.warnings), ...shortSecrets(built.secrets)]
  showWarnings(maskProblems(warnings, redactor.redact), around)
  return {
    settings,
    outline: built.outline,
    targetOf: await targets.open(),
    directoryOf: directories.directoryOf,
    risks: directories.risks,
    secrets: built.secrets,
    redact: redactor.redact,
    released,
    files,
  }
}

type Named = {
  readonly settings: Settings
  readonly flags: InputFlags
  readonly inventory: Inventory
  readonly playbook: Playbook
  readonly around: Surroundings
}

/** What is written in TypeScript may import from beside it, so there the whole folder counts. */
const filesOf = ({ settings, flags, inventory, playbook, around }: Named): readonly string[] => {
  const sheets = playbook.plays.flatMap(({ worksheet }) => worksheet?.file ?? [])
  const written = [...playbook.files, ...sheets].map(file => resolve(around.cwd, file))
  const extra = (flags.extraVars ?? []).filter(text => text.startsWith('@')).map(text => text.slice(1))
  return [
    ...(settings.file === undefined ? [] : [settings.file]),
    ...[inventory.file, ...extra].map(file => resolve(around.cwd, file)),
    ...written.flatMap(file => (file.endsWith('.ts') ? sourcesBelow(dirname(file)) : [file])),
    ...taskFiles(settings),
  ]
}

type Read = { readonly problems: readonly Problem[] }

/** A file that is not there does not keep the faults of the others from being told. */
const together = async <A extends Read, B extends Read, C extends Read>(
  ...reading: readonly [Promise<A>, Promise<B>, Promise<C>]
): Promise<readonly [A, B, C]> => {
  const read = await Promise.allSettled(reading)
  if (read.some(each => each.status === 'rejected'))
    throw new Problems(read.flatMap(each => (each.status === 'fulfilled' ? each.value.problems : thrown(each.reason))))
  return Promise.all(reading)
}

const thrown = (reason: unknown): readonly Problem[] => {
  if (reason instanceof Problem) return [reason]
  if (reason instanceof Problems) return reason.all
  throw reason
}

export const readInventory = async (
  { inventory }: InputFlags,
  settings: Settings,
  { around, secrets }: { readonly around: Surroundings; readonly secrets: SecretReading },
): Promise<Inventory> => {
  const file = inventory === undefined ? settings.inventory : resolve(around.cwd, inventory)
  if (file === undefined)
    throw new Problem({
      code: 'inventory-missing',
      summary: 'No inventory is named',
      help: 'name one with -i, or with `inventory:` in run.yml',
      exit: exitCodes.input,
    })
  if (!existsSync(file)) throw noFile('inventory', shown(file, around), dirname(file))
  return parseInventory({ file: shown(file, around), text: readFileSync(file, 'utf8'), secrets })
}

const noFile = (what: string, file: string, folder: string): Problem => {
  const there = existsSync(folder) ? readdirSync(folder).filter(isPlaybook) : []
  return new Problem({
    code: 'file-not-found',
    summary: `There is no ${what} ${file}`,
    help: didYouMean(basename(file), there) ?? `there is none in ${folder}`,
    exit: exitCodes.input,
  })
}

/** A site's own tasks come over those that are shipped. */
const loadTasks = async (settings: Settings, loading: Loading) =>
  createRegistry(await Promise.all(taskFolders(settings).map(folder => loadFolder(folder, loading))))

/** Every file of the task modules, the site's own and those that are shipped. */
export const taskFiles = (settings: Settings): readonly string[] =>
  taskFolders(settings).filter(existsSync).flatMap(sourcesBelow)

const taskFolders = ({ site }: Settings): readonly string[] => [...new Set([shipped('tasks'), join(site, 'tasks')])]

const endings = ['.yml', '.yaml', '.ts'] as const

export const isFileName = (playbook: string): boolean => playbook.includes('/') || isPlaybook(playbook)

/** A file when it reads like one; else a name, looked for at the site and then among those that are shipped. */
const findPlaybook = async (name: string, { site }: Settings, around: Surroundings): Promise<string> => {
  if (isFileName(name)) {
    const file = resolve(around.cwd, name)
    if (existsSync(file)) return file
    throw noFile('playbook', name, dirname(file))
  }
  const folders = [...new Set([join(site, 'playbooks'), shipped('playbooks')])]
  const found = folders.flatMap(folder => endings.map(ending => join(folder, name + ending))).find(existsSync)
  if (found !== undefined) return found
  const known = folders.filter(existsSync).flatMap(folder => readdirSync(folder).filter(isPlaybook).map(withoutEnding))
  throw new Problem({
    code: 'playbook-unknown',
    summary: `There is no playbook \`${name}\``,
    help: didYouMean(name, known) ?? `there are: ${[...new Set(known)].join(', ')}`,
    exit: exitCodes.input,
  })
}

const isPlaybook = (file: string): boolean => endings.some(ending => file.endsWith(ending))
const withoutEnding = (file: string): string => file.replace(/\.\w+$/, '')

type Reading = {
  readonly registry: Registry
  readonly loading: Loading
  readonly around: Surroundings
  readonly secrets: SecretReading
}

/** The parser is pure; playbooks in TypeScript that it asks for are loaded, and it is asked again. */
const readPlaybook = async (file: string, { registry, loading, around, secrets }: Reading): Promise<Playbook> => {
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

const readIfThere = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

const loadWorksheets = async (
  { plays }: Playbook,
  loading: Loading,
): Promise<Read & { readonly worksheets: ReadonlyMap<string, ZodType> }> => {
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

const dialogueReader = (around: Surroundings, onRead: (file: string) => void): ReadDialogue => {
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

// For commands that read a playbook and no inventory.
export { dialogueReader, findPlaybook, loadTasks, readPlaybook }
