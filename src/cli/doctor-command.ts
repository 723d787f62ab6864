// `run doctor`: all nodes side by side, looked at and not touched. A node that cannot be reached is shown as that.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import type { Host, Inventory } from '../inventory/inventory.ts'
import { exitCodes, Problem, Problems } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { type Probe, parseProbes } from '../playbook/probes.ts'
import { doctorOf, type NodeReport, type Said } from '../report/doctor/findings.ts'
import { doctorJson, doctorMarkdown, doctorText } from '../report/doctor/render.ts'
import type { HostShell } from '../shell/host-shell.ts'
import { createRedactor } from '../shell/redact.ts'
import { render, renderTree, type Variables } from '../template/render.ts'
import { compileTemplate } from '../template/template.ts'
import type { Act } from './act.ts'
import { openNodes } from './connections.ts'
import { readInventory } from './inputs.ts'
import { shipped } from './modules.ts'
import { createReception } from './reception.ts'
import { type SecretFlags, withSecretFlags } from './secret-flags.ts'
import { secretSources } from './secret-sources.ts'
import { findSettings } from './settings.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'
import { createTargets, providerFacts } from './targets.ts'

type DoctorFlags = SecretFlags & { readonly inventory?: string; readonly format: 'text' | 'md' | 'json' }

export const addDoctorCommand = (run: Command, around: Surroundings, act: Act): void => {
  withSecretFlags(run.command('doctor'))
    .description('look at all nodes side by side: how they are reached, what they have, what a site has to know')
    .option('-i, --inventory <file>', 'inventory; the default is named in run.yml')
    .addOption(new Option('--format <format>', 'form on stdout').choices(['text', 'md', 'json']).default('text'))
    .action((flags: DoctorFlags) => act(() => examine(flags, around)))
}

const examine = async (flags: DoctorFlags, around: Surroundings): Promise<number> => {
  const settings = findSettings(around.cwd)
  const secrets = secretSources(flags, settings, around)
  const inventory = await secrets.settled(() => readInventory(flags, settings, { around, secrets }))
  const targets = createTargets(inventory, { settings, around, passwords: secrets.loginPasswords() })
  const { probes, problems } = readProbes(settings.site, around)
  const all = [...inventory.problems, ...targets.problems, ...problems]
  if (all.length > 0) throw new Problems(all)
  const targetOf = await targets.open()
  const facts = await providerFacts(inventory, settings)
  const reception = createReception(around)
  const nodes = openNodes(targetOf, { company: reception.company })
  try {
    const reports = await Promise.all(
      membersOf(inventory).map(async host =>
        reportOf(host, {
          shell: () => nodes.shell(host.name),
          probes,
          known: { ...facts, inventory_hostname: host.name },
        }),
      ),
    )
    const doctor = doctorOf(inventory.cluster.name, [...general, ...probes], reports)
    const write = { text: doctorText, md: doctorMarkdown, json: doctorJson }[flags.format]
    around.stdout.write(write(doctor))
    if (reports.some(({ unreachable }) => unreachable)) return exitCodes.unreachable
    return doctor.findings.length > 0 ? exitCodes.failed : exitCodes.done
  } finally {
    await nodes.close()
    reception.close()
  }
}

const membersOf = ({ cluster, hosts }: Inventory): readonly Host[] => {
  const order = cluster.failoverList
  return order.length === 0 ? hosts : order.flatMap(name => hosts.filter(host => host.name === name))
}

const readProbes = (site: string, around: Surroundings) => {
  const folders = [shipped('playbooks/probes'), join(site, 'probes')].filter(existsSync)
  const files = folders.flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith('.yml'))
      .sort()
      .map(name => join(folder, name)),
  )
  const read = files.map(file => parseProbes({ file: shown(file, around), text: readFileSync(file, 'utf8') }))
  return { probes: read.flatMap(({ probes }) => probes), problems: read.flatMap(({ problems }) => problems) }
}

/** Asked of any node, whatever it is for. The shell's own words where they do, since old nodes have little else. */
const general: readonly Probe[] = [
  { name: 'user', look: 'id -un', same: false, at_most_one: false },
  { name: 'shell', look: 'readlink /proc/$$/exe', same: false, at_most_one: false },
  {
    name: 'tools that are not there',
    look: 'for t in awk sed od mktemp stat script setsid mkfifo tail ip flock timeout; do command -v "$t" >/dev/null 2>&1 || printf "%s " "$t"; done',
    same: false,
    at_most_one: false,
  },
  { name: 'time', look: 'date -u +%Y-%m-%dT%H:%M:%S', same: false, at_most_one: false },
  {
    name: 'free space in KB (/, /var, /tmp)',
    look: `for d in / /var /tmp; do df -Pk "$d" 2>/dev/null | awk 'NR==2 { printf "%s ", $4 }'; done`,
    same: false,
    at_most_one: false,
  },
]

type Examination = {
  shell(): Promise<HostShell>
  readonly probes: readonly Probe[]
  readonly known: Variables
}

const reportOf = async (host: Host, { shell, probes, known }: Examination): Promise<NodeReport> => {
  const filled = renderTree(host.variables, { ...known, ...host.variables }).value
  const variables = { ...known, ...host.variables, ...(filled as Variables | undefined) }
  const redactor = createRedactor(secretsIn(variables))
  const said = new Map<string, Said>()
  try {
    const node = await shell()
    for (const probe of [...general, ...probes]) {
      const { text, isAnswer } = await ask(node, probe, variables)
      said.set(probe.name, { text: redactor.redact(text), isAnswer })
    }
    return { host: host.name, said }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code, summary, help } = error.fields
    return { host: host.name, said, unreachable: { code, summary, help } }
  }
}

const secretsIn = (value: unknown): readonly Secret[] => {
  if (value instanceof Secret) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : []
}

/** A look that needs a value that nobody gave is not made, and says so. */
const ask = async (node: HostShell, { name, look }: Probe, variables: Variables): Promise<Said> => {
  try {
    const nowhere = { file: name, line: 0, column: 1, width: 1, excerpt: '' }
    const script = String(render(compileTemplate(look, nowhere).template, variables))
    const { exitCode, stdout } = await node.run(script, { timeoutMs: 20_000 })
    const text = stdout.trim()
    if (text === '' && exitCode >= 126) return { text: `cannot be told (exit status ${exitCode})`, isAnswer: false }
    return { text, isAnswer: true }
  } catch (error) {
    if (!(error instanceof Problem) || error.exit === exitCodes.unreachable || error.exit === exitCodes.unknown)
      throw error
    return { text: `not asked: ${error.message}`, isAnswer: false }
  }
}
