// A site of a test's own: settings, an inventory made from the lab's, and below it a lab with no delays.
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Attribute, Change, Client } from 'ldapts'
import { afterAll } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Lab, labDirectory, labDown, labRestore, labSnapshot, labStatus } from '../../../lab/index.ts'
import type { DirectoryState } from '../../../lab/vendor/directory/state.ts'
import { login, output, run as runOn } from '../ssh.ts'
import { beginCommand, type Ran, type Running } from './command.ts'

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The directory password of these tests: its plain core is looked for wherever it must not be. */
export const canary = { core: 'Kanarienvogel-4711', whole: 'Kanarienvogel-4711 "$\\x\'' }

/** An unprivileged account, for when the tests themselves run as root. */
export const nobody = 65534
export const isRoot = process.getuid?.() === 0

type Vars = {
  partition: Record<string, string>
  installer: Record<string, string>
  messenger: Record<string, unknown>
  [name: string]: unknown
}

type InventoryText = {
  cluster: { failover_list: string[] }
  all: { hosts: Record<string, null>; vars: Vars }
}

export type SiteOptions = {
  /** How many nodes; 2 unless told otherwise. */
  readonly nodes?: number
  /** What is otherwise than in the lab's inventory. */
  readonly vary?: (vars: Vars) => void
  readonly sshd?: boolean
  /** Everything runs as an account without any privilege. */
  readonly isUnprivileged?: boolean
}

export type Site = {
  readonly dir: string
  readonly lab: Lab
  run(...args: readonly string[]): Promise<Ran>
  begin(...args: readonly string[]): Running
  dryRun(...args: readonly string[]): Promise<Ran>
  /** What a command prints on a node, which has to end well. */
  on(node: string, command: string): Promise<string>
  /** Exit status of a command on a node. */
  statusOn(node: string, command: string): Promise<number | undefined>
  /** Gives the directory's administrator another password. */
  changePassword(to: string): Promise<void>
  snapshot(name: string): Promise<void>
  restore(name: string): Promise<void>
  close(): Promise<void>
}

const open = new Set<Site>()

afterAll(async () => {
  await Promise.all([...open].map(site => site.close()))
})

/** Brings up a lab of its own; its state `fresh` is that of a cluster that nobody has touched. */
export const openSite = async (options: SiteOptions = {}): Promise<Site> => {
  const { nodes = 2, sshd = false, isUnprivileged = false } = options
  const dir = mkdtempSync(`${tmpdir()}/run-e2e-`)
  const before =
    isUnprivileged && isRoot ? ['setpriv', '--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups', '--'] : []
  chmodSync(dir, 0o755)
  writeFileSync(`${dir}/run.yml`, 'inventory: inventory.yml\n')
  writeFileSync(`${dir}/inventory.yml`, inventoryText(options))
  if (before.length > 0) chownSync(dir, nobody, nobody)
  const begin = (...args: readonly string[]) => beginCommand({ dir, before }, args)
  const run = (...args: readonly string[]) => begin(...args).end
  const up = await run('lab', 'up', '--nodes', `${nodes}`, ...(sshd ? ['--sshd'] : []))
  const lab = await labStatus(labOf(dir))
  if (!lab) throw new Error(`the lab did not come up: ${up.stderr}`)
  const site: Site = {
    dir,
    lab,
    run,
    begin,
    dryRun: (...args) => run('playbook', 'install', '--dry-run', '--detailed-exitcode', '--format', 'json', ...args),
    on: async (node, command) => output(await login(lab, node), command),
    statusOn: async (node, command) => (await runOn(await login(lab, node), command)).status,
    changePassword: to => setPassword(lab, to),
    snapshot: name => labSnapshot(lab.dir, name),
    restore: name => labRestore(lab.dir, name),
    async close() {
      open.delete(site)
      await labDown(lab.dir)
      rmSync(dir, { recursive: true })
    },
  }
  open.add(site)
  await site.changePassword(canary.whole)
  for (const { name } of lab.nodes) await site.on(name, `printf '%s\\n' ${noDelays} >/etc/lab/delays`)
  await site.snapshot('fresh')
  return site
}

const labOf = (dir: string): string => `${dir}/.run/lab`

const noDelays = 'installer_step=0 agent_start=0 agent_stop=0'

const readInventory = (): InventoryText => parse(readFileSync(here('inventory/lab.yml'), 'utf8'))

const inventoryText = ({ nodes = 2, vary }: SiteOptions): string => {
  const inventory = readInventory()
  const names = Array.from({ length: nodes }, (_, index) => `node${index + 1}`)
  inventory.cluster.failover_list = names
  inventory.all.hosts = Object.fromEntries(names.map(name => [name, null]))
  inventory.all.vars.messenger.user_password = canary.whole
  vary?.(inventory.all.vars)
  return stringify(inventory)
}

const setPassword = async ({ dir, directory }: Lab, to: string): Promise<void> => {
  const user = String(readInventory().all.vars.messenger.user_dn)
  const client = new Client({ url: `ldap://127.0.0.1:${directory.port}` })
  await client.bind(user, await passwordOf(user, dir))
  const modification = new Attribute({ type: 'userPassword', values: [to] })
  await client.modify(user, new Change({ operation: 'replace', modification }))
  await client.unbind()
}

const passwordOf = async (user: string, dir: string): Promise<string> => {
  const { entries } = (await labDirectory(dir)) as DirectoryState // what the vendor's side of the lab keeps
  return entries[user]?.userPassword?.[0] ?? ''
}
