// A site of a test's own: settings, an inventory made from the lab's, and below it a lab with no delays.
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Attribute, Change, Client } from 'ldapts'
import { afterAll } from 'vitest'
import { parse, stringify } from 'yaml'
import {
  type DirectoryKind,
  type Lab,
  type Lack,
  labDirectory,
  labDown,
  labRestore,
  labSnapshot,
  labStatus,
} from '../../../lab/index.ts'
import type { DirectoryState } from '../../../lab/vendor/directory/state.ts'
import { login, run, type Said } from '../ssh.ts'
import { beginCommand, type Ran, type Running } from './command.ts'
import { atRest } from './machines.ts'

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The directory password of these tests: its plain core is looked for wherever it must not be. */
export const canary = { core: 'Kanarienvogel-4711', whole: 'Kanarienvogel-4711 "$\\x\'' }

/** An account without any privilege, for when the tests themselves run as root. */
const nobody = 65534
export const asNobody = ['setpriv', '--reuid', `${nobody}`, '--regid', `${nobody}`, '--clear-groups', '--']
export const isRoot = process.getuid?.() === 0

type Vars = {
  partition: Record<string, string | number>
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
  readonly directory?: DirectoryKind
  /** Everything runs as an account without any privilege. */
  readonly isUnprivileged?: boolean
}

export type Site = {
  readonly dir: string
  readonly lab: Lab
  lacks(what: Lack): boolean
  run(...args: readonly string[]): Promise<Ran>
  begin(...args: readonly string[]): Running
  /** A dry run of the whole job, as JSON. */
  dryRun(): Promise<Ran>
  /** What a command prints on a node, which has to end well. */
  on(node: string, command: string): Promise<string>
  /** Exit status of a command on a node. */
  statusOn(node: string, command: string): Promise<number | undefined>
  /** Gives the directory's administrator another password. */
  changePassword(to: string): Promise<void>
  /** An inventory that names no directory, so that only the installation program asks it; for `-i`. */
  readonly withoutDirectory: string
  /** Puts the state `fresh` back: that of a cluster that nobody has touched. */
  refresh(): Promise<void>
  close(): Promise<void>
}

const open = new Set<Site>()

afterAll(async () => {
  await Promise.all([...open].map(site => site.close()))
})

/** Brings up a lab of its own; what is still up at the end of the test file goes then. */
export const openSite = async (options: SiteOptions = {}): Promise<Site> => {
  const { nodes = 2, sshd = false, directory, isUnprivileged = false } = options
  const before = isUnprivileged && isRoot ? asNobody : []
  const dir = siteDirectory(before.length > 0)
  const begin = (...args: readonly string[]) => beginCommand({ dir, before }, args)
  const command = (...args: readonly string[]) => begin(...args).end
  const which = [...(sshd ? ['--sshd'] : []), ...(directory ? ['--directory', directory] : [])]
  const up = await command('lab', 'up', '--nodes', `${nodes}`, ...which)
  const lab = await labStatus(`${dir}/.run/lab`)
  if (!lab) throw new Error(`the lab did not come up: ${up.stderr}`)
  writeFileSync(`${dir}/inventory.yml`, inventoryText(lab, options))
  writeFileSync(`${dir}/${withoutDirectory}`, inventoryText(lab, { ...options, vary: forgetDirectory(options) }))
  const say = (node: string, command: string) => sayOn(lab, node, command)
  const site: Site = {
    dir,
    lab,
    withoutDirectory,
    lacks: what => lab.lacks.includes(what),
    run: command,
    begin,
    dryRun: () => command('playbook', 'install', '--dry-run', '--detailed-exitcode', '--format', 'json'),
    async on(node, command) {
      const said = await say(node, command)
      if (said.status !== 0) throw new Error(`${command}: ${JSON.stringify(said)}`)
      return said.stdout.trim()
    },
    statusOn: async (node, command) => (await say(node, command)).status,
    changePassword: to => changePassword(lab, to),
    async refresh() {
      await labRestore(lab.dir, 'fresh')
      await atRest(lab)
    },
    async close() {
      open.delete(site)
      await labDown(lab.dir)
      rmSync(dir, { recursive: true })
    },
  }
  open.add(site)
  await site.changePassword(canary.whole)
  await Promise.all(lab.nodes.map(({ name }) => site.on(name, `printf '%s\\n' ${noDelays} >/etc/lab/delays`)))
  await labSnapshot(lab.dir, 'fresh')
  await atRest(lab)
  return site
}

const noDelays = 'installer_step=0 agent_start=0 agent_stop=0'

const siteDirectory = (isForNobody: boolean): string => {
  const dir = mkdtempSync(`${tmpdir()}/run-e2e-`)
  chmodSync(dir, 0o755)
  writeFileSync(`${dir}/run.yml`, 'inventory: inventory.yml\n')
  if (isForNobody) chownSync(dir, nobody, nobody)
  return dir
}

const readInventory = (): InventoryText => parse(readFileSync(here('inventory/lab.yml'), 'utf8'))

const inventoryText = (lab: Lab, { vary }: SiteOptions): string => {
  const inventory = readInventory()
  const { vars } = inventory.all
  const names = lab.nodes.map(({ name }) => name)
  inventory.cluster.failover_list = names
  inventory.all.hosts = Object.fromEntries(names.map(name => [name, null]))
  vars.messenger.user_password = canary.whole
  if (lab.lacks.includes('chown to a second user')) Object.assign(vars, asRoot)
  vary?.(vars)
  return stringify(inventory)
}

const withoutDirectory = 'without-directory.yml'

const forgetDirectory =
  ({ vary }: SiteOptions) =>
  (vars: Vars): void => {
    vary?.(vars)
    delete vars.ldap_directory
  }

/** Where there is one user only, the agents are his. */
export const asRoot = { agents_user: 'root', agents_group: 'root' }

const sayOn = async (lab: Lab, node: string, command: string): Promise<Said> => {
  const client = await login(lab, node)
  try {
    return await run(client, command)
  } finally {
    client.end()
  }
}

const changePassword = async ({ dir, directory }: Lab, to: string): Promise<void> => {
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
