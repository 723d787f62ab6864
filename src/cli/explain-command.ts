// `run explain …`: where a variable is from, and what a step would be given. Nothing is connected to.
import { join } from 'node:path'
import type { Command } from 'commander'
import { magicVariables } from '../inventory/magic.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { formatSpan } from '../model/span.ts'
import { givenLater, giversOf, holdersOf, originsOf } from '../plan/explain-variable.ts'
import { type OutlineStep, stepsOf } from '../plan/outline.ts'
import { saidApart } from '../plan/terms.ts'
import { hostVariables } from '../playbook/worksheet.ts'
import { fitted } from '../report/index.ts'
import { createRedactor } from '../shell/redact.ts'
import { renderTree } from '../template/render.ts'
import { secretsIn } from '../template/tree.ts'
import { KnownLater } from '../template/values.ts'
import { canonicalJson } from '../text/canonical.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { Act } from './act.ts'
import { readExtraVars } from './extra-vars.ts'
import { hostNamed } from './host-named.ts'
import { type InputFlags, loadTasks, readInventory, readOutline } from './inputs.ts'
import { createLookups } from './lookups.ts'
import { readAddress, withInputFlags } from './playbook-commands.ts'
import { findPlaybook } from './playbook-files.ts'
import { namedFiles, readPlaybook } from './read-playbook.ts'
import { withSecretFlags } from './secret-flags.ts'
import { secretSources } from './secret-sources.ts'
import { findSettings } from './settings.ts'
import { shapeOf } from './shape.ts'
import type { Surroundings } from './surroundings.ts'
import { providerFacts } from './targets.ts'

type Flags = InputFlags & { readonly host: string; readonly playbook?: string }

export const addExplainCommands = (run: Command, around: Surroundings, act: Act): void => {
  const explain = run.command('explain').description('where a value is from, and what a step would be given')
  const tell = (lines: () => Promise<readonly string[]>) =>
    act(async () => {
      const { columns = Number.POSITIVE_INFINITY } = shapeOf({}, around)
      for (const line of await lines())
        for (const part of isValue(line) ? [line] : fitted(line, columns, further(line)))
          around.stdout.write(`${part}\n`)
      return exitCodes.done
    })
  const add = (name: string, argument: string, description: string) =>
    withSecretFlags(
      withInputFlags(explain.command(name, { isDefault: name === 'step' }).argument(argument)),
    ).description(description)
  add('var', '<name>', 'where a variable of a host is from, and what it lies over')
    .requiredOption('--host <host>', 'the host that sees it')
    .option('--playbook <name>', 'also what the plays of this playbook say of it')
    .action((name: string, flags: Flags) => tell(() => explainVariable(name, flags, around)))
  add('step', '<playbook/step>', 'whether a step is due by its conditions, and its arguments as they are filled in')
    .requiredOption('--host <host>', 'the host that it is for')
    .action((address: string, flags: Flags) => tell(() => explainStep(address, flags, around)))
}

/** A value is quoted as it is: a break in it would be taken for one of its own. */
const isValue = (line: string): boolean => line.startsWith('  with')

/** Behind its word, as the lines of an answer have one. */
const further = (line: string): number => (/^ +\S+ +/.exec(line)?.[0] ?? '    ').length

/** @throws {Problems} with all that is wrong, each with its place. */
const explainVariable = async (name: string, flags: Flags, around: Surroundings): Promise<readonly string[]> => {
  const settings = findSettings(around.cwd)
  const loading = { cache: join(settings.state, 'cache'), cwd: around.cwd }
  const { registry } = await loadTasks(settings, loading)
  const secrets = secretSources(flags, settings, around)
  const reading = { registry, loading, around, secrets }
  const { inventory, plays, extra } = await secrets.settled(async () => ({
    inventory: await readInventory(flags, settings, { around, secrets }),
    plays: flags.playbook === undefined ? [] : await playsOf(flags.playbook, reading),
    extra: await readExtraVars(flags.extraVars ?? [], around.cwd, secrets),
  }))
  const problems = [...inventory.problems, ...extra.problems]
  if (problems.length > 0) throw new Problems(problems)
  const host = hostNamed(flags.host, inventory)
  const facts = await providerFacts(inventory, settings)
  const redactor = createRedactor()
  const lookups = createLookups(namedFiles(around).file, around)
  const seenIn = (play: (typeof plays)[number] | undefined) => {
    const own = play
      ? hostVariables(host, play, { extra: extra.variables }).variables
      : { ...host.variables, ...extra.variables?.variables }
    const lookup = lookups(play?.file ?? inventory.file)
    const given = { ...facts, ...givenLater(plays, registry) }
    const variables = { ...given, ...own, ...magicVariables(host, inventory), lookup }
    // Another host's secret may stand here in the open.
    for (const each of [variables, ...inventory.hosts.map(other => other.variables)])
      redactor.learn(secretsIn(renderTree(each, { ...variables, ...each }).value))
    return originsOf(name, { host, play, extra: extra.variables, variables })
  }
  const found = (plays.length === 0 ? [undefined] : plays).map(seenIn)
  const told = [...new Set(found.map(origins => origins.map(tellOrigin).join('\n')))].filter(text => text !== '')
  const givers = giversOf(name, plays, registry).map(
    ({ step, span }) => `  then  what ${step} gives  ${formatSpan(span)}`,
  )
  const holders = holdersOf(name, plays).map(
    holder =>
      `  in    ${holder.isBlock ? `the block "${holder.name}"` : holder.name} alone  ${formatSpan(holder.span)}`,
  )
  if (told.length + givers.length + holders.length === 0) throw notSet(name, Object.keys(host.variables), flags)
  return [`${name} on ${host.name}`, ...told, ...givers, ...holders].map(redactor.redact)
}

const playsOf = async (name: string, reading: Parameters<typeof readPlaybook>[1]) => {
  const file = await findPlaybook(name, findSettings(reading.around.cwd), reading.around)
  const { plays, problems } = await readPlaybook(file, reading)
  if (problems.length > 0) throw new Problems(problems)
  return plays
}

const tellOrigin = ({ level, span, value, open }: ReturnType<typeof originsOf>[number], at: number): string =>
  [
    `  ${at === 0 ? 'from' : 'over'}  ${canonicalJson(value)}  ${level}  ${formatSpan(span)}`,
    ...open.map(because => `        as written: ${because}`),
  ].join('\n')

const explainStep = async (address: string, flags: Flags, around: Surroundings): Promise<readonly string[]> => {
  const { playbook, step } = readAddress(address)
  const { outline, redactor } = await readOutline(
    playbook,
    { ...flags, only: [step], limit: flags.host },
    around,
  ).catch(error => {
    throw error instanceof Problem && error.code === 'no-hosts' ? notFor(address, flags.host) : error
  })
  const plays = outline.plays.filter(({ hosts }) => hosts.includes(flags.host))
  const steps = plays
    .flatMap(({ nodes, handlers }) => [...stepsOf(nodes), ...handlers])
    .filter(each => each.isSelected(flags.host))
  if (steps.length === 0) throw notFor(address, flags.host)
  return steps
    .flatMap(each => tellStep(each, flags.host))
    .concat(`  ask  run step ${address} --host ${flags.host} --dry-run tells what it would change`)
    .map(line => redactor.redact(line))
}

const notFor = (address: string, host: string): Problem =>
  new Problem({
    code: 'step-not-for-host',
    summary: `No play carries ${address} out on ${host}`,
    help: '`run inventory list PATTERN` tells the hosts that `hosts:` of a play means',
    exit: exitCodes.input,
  })

const tellStep = (step: OutlineStep, host: string): readonly string[] => {
  const later = new KnownLater('the step that gives it')
  const prepared = step.prepare(host, Object.fromEntries((step.uses ?? []).map(name => [name, later])))
  const args =
    prepared.type === 'due' ? prepared.args : prepared.type === 'undecided' ? prepared.args?.value : undefined
  const because = prepared.type === 'due' ? 'its conditions let it be carried out' : prepared.because
  const { plain, prompts } = isArgs(args) && !step.noLog ? saidApart(step.task, args) : nothingSaid
  const rests = (step.uses ?? []).map(name => `  rests on  ${name}`)
  return [
    `${step.id}@${host}  ${step.name}  ${formatSpan(step.span)}`,
    `  does  ${step.task.summary} (${step.taskName})`,
    `  when  ${prepared.type === 'undecided' ? 'not known yet: ' : prepared.type === 'skipped' ? 'skipped: ' : ''}${because}`,
    ...rests,
    ...Object.entries(plain).map(([name, value]) => `  with  ${name}: ${canonicalJson(value)}`),
    ...prompts.map(
      ({ expect, answer, when }) => `  asks  ${expect} → ${answer || '(only Enter)'}${when ? `  when ${when}` : ''}`,
    ),
  ]
}

const nothingSaid: ReturnType<typeof saidApart> = { plain: {}, prompts: [] }

const isArgs = (args: unknown): args is Readonly<Record<string, unknown>> => typeof args === 'object' && args !== null

const notSet = (name: string, known: readonly string[], { playbook }: Flags): Problem =>
  new Problem({
    code: 'variable-undefined',
    summary: `Nothing sets the variable \`${name}\`${playbook === undefined ? ' in the inventory' : ''}`,
    help: [
      didYouMean(name, known) ?? 'look at the name',
      ...(playbook === undefined ? ['what a playbook sets, `--playbook NAME` tells'] : []),
    ].join('\n'),
    exit: exitCodes.input,
  })
