// Reads all that a run rests on, and tells every fault of it at once, before anything connects.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ByHand } from '../engine/by-hand.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { parseInventory } from '../inventory/parse.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import type { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { buildOutline } from '../plan/build-outline.ts'
import type { Outline } from '../plan/outline.ts'
import { createRegistry } from '../plan/registry.ts'
import { strayVariables } from '../plan/stray-variables.ts'
import type { DialogueFile } from '../playbook/dialogue.ts'
import type { Playbook } from '../playbook/playbook.ts'
import { createRedactor, type Redactor } from '../shell/redact.ts'
import type { SecretReading } from '../template/secrets.ts'
import { type AssumedFlags, readAssumed } from './assumed.ts'
import { withBaseUsers } from './base-users.ts'
import { textsBeside } from './beside-inventory.ts'
import { type DirectoryOf, readDirectories } from './directories.ts'
import { readExtraVars } from './extra-vars.ts'
import { misfitsOf, readFailedOf } from './failed-of.ts'
import type { Sum, Sums } from './input-prints.ts'
import { createLookups } from './lookups.ts'
import { maskProblems } from './mask.ts'
import { type Loading, loadFolder, shipped } from './modules.ts'
import { findPlaybook, noFile } from './playbook-files.ts'
import { loadWorksheets, namedFiles, readPlaybook } from './read-playbook.ts'
import { readText } from './read-text.ts'
import type { SecretFlags } from './secret-flags.ts'
import { secretSources } from './secret-sources.ts'
import { findSettings, type Settings } from './settings.ts'
import { shortSecrets } from './short-secrets.ts'
import { showWarnings } from './show-error.ts'
import { shown } from './shown.ts'
import { assertSomethingToDo } from './something-to-do.ts'
import { sourcesBelow } from './sources-below.ts'
import type { Surroundings } from './surroundings.ts'
import { createTargets, providerFacts, type TargetOf } from './targets.ts'

export type InputFlags = AssumedFlags &
  SecretFlags &
  Omit<RunRequest, 'playbook' | 'undo'> & {
    /** Dialogues are not read: a person answers. */
    readonly byHand?: ByHand
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
  /** Takes these out of a text, those to log in with, and what templates made of them; learns what a person types. */
  readonly redactor: Redactor
  /** Nodes that a person answers for, with the reason. */
  readonly released: ReadonlyMap<string, string>
  /** Where each host is written. */
  readonly hostPlaces: ReadonlyMap<string, Span>
  /** Every file that was read, but for secrets; a dialogue or template that is chosen late is added when it is read. */
  readonly files: ReadonlySet<string>
  /** Of the modules among them, as they were loaded; of what is large they are still to be taken. */
  readonly sums: Sums
  /** Names of the variables of the environment that were looked up; one that is looked up late is added then. */
  readonly environment: ReadonlySet<string>
}

/** @throws {Problems} with all that is wrong, each with its place. */
export const readInputs = async (...asked: Parameters<typeof readOutline>): Promise<Inputs> => {
  const { open, ...read } = await readOutline(...asked)
  return { ...read, targetOf: await open() }
}

/** Before nodes are reached, or brought up where they have a provider: who only explains needs none. */
type Unopened = Omit<Inputs, 'targetOf'> & { open(): Promise<TargetOf> }

/** @throws {Problems} as `readInputs`. */
export const readOutline = async (name: string, flags: InputFlags, around: Surroundings): Promise<Unopened> => {
  const settings = findSettings(around.cwd)
  const sums = new Map<string, Sum>()
  const loading = { cache: join(settings.state, 'cache'), cwd: around.cwd, sums }
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
  const environment = new Set<string>()
  const failed = flags.failedOf === undefined ? undefined : readFailedOf(settings.runs, flags.failedOf)
  const facts = await providerFacts(inventory, settings)
  const redactor = createRedactor(Object.values(passwords))
  const dialogues: DialogueFile[] = []
  const found = namedFiles(around, {
    read(file, large) {
      files.add(file)
      if (large) sums.set(file, large)
    },
    dialogue(dialogue) {
      redactor.learn(dialogue.secrets)
      dialogues.push(dialogue)
    },
  })
  const built = buildOutline({
    lookups: createLookups(found.file, { ...around, onEnvironment: each => environment.add(each) }),
    playbook,
    inventory,
    registry,
    worksheets: sheets.worksheets,
    namedFiles: { ...found, ...(flags.byHand && { dialogue: byHandFile }) },
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
  // What modules are made of has been summed up when they were loaded.
  for (const file of [...sums.keys(), ...filesOf({ settings, flags, inventory, playbook, around })]) files.add(file)
  const { released } = assumed
  // A lab's passwords are its own, and open nothing else.
  const warning = [...(inventory.provider?.name === 'lab' ? [] : [inventory]), playbook, extra]
  const strays = strayVariables(playbook, { inventory, worksheets: sheets.worksheets })
  const warnings = [
    ...[...warning, ...dialogues].flatMap(each => each.warnings),
    ...shortSecrets(built.secrets),
    ...strays,
  ]
  showWarnings(maskProblems(warnings, redactor.redact), around)
  return {
    settings,
    outline: built.outline,
    open: async () => withBaseUsers(await targets.open(), built.outline),
    directoryOf: directories.directoryOf,
    risks: directories.risks,
    secrets: built.secrets,
    redactor,
    released,
    hostPlaces: new Map(inventory.hosts.map(({ name, span }) => [name, span])),
    files,
    sums,
    environment,
  }
}

/** In the place of each dialogue: it has no prompts, so nothing can be answered by it. */
const byHandFile = (name: string): DialogueFile => ({
  name,
  file: name,
  dialogue: { prompts: [] },
  templates: [],
  problems: [],
  secrets: [],
  warnings: [],
})

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
    ...[inventory.file, ...inventory.besides, ...extra].map(file => resolve(around.cwd, file)),
    ...written.flatMap(file => (file.endsWith('.ts') ? sourcesBelow(dirname(file)) : [file])),
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
      help: 'name one with -i, or with `inventory:` in run.yml; `run new inventory NAME` begins one, with --lab of the lab',
      exit: exitCodes.input,
    })
  const named = inventory === undefined ? settings.inventoryAt : undefined
  if (!existsSync(file)) throw noFile('inventory', shown(file, around), { folder: dirname(file), span: named })
  const name = shown(file, around)
  return parseInventory({ file: name, text: readText(file, name), secrets, besides: textsBeside(file, around) })
}

/** A site's own tasks come over those that are shipped. */
export const loadTasks = async (settings: Settings, loading: Loading) => {
  const [shipped, ...own] = await Promise.all(taskFolders(settings).map(folder => loadFolder(folder, loading)))
  return createRegistry(own, shipped)
}

/** Every file of the task modules, the site's own and those that are shipped. */
export const taskFiles = (settings: Settings): readonly string[] =>
  taskFolders(settings).filter(existsSync).flatMap(sourcesBelow)

/** Those that are shipped, and a site's own. */
export const taskFolders = ({ site }: Settings): readonly string[] => [
  ...new Set([shipped('tasks'), join(site, 'tasks')]),
]
