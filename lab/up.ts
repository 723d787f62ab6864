// Brings a lab up and takes it down; sweeps what a lab that died left behind.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { exitCodes, Problem } from '../src/model/problem.ts'
import { ask, NotUp, opened } from './control.ts'
import { findGrants } from './grants.ts'
import { hasOpenLdap } from './openldap.ts'
import { partOf } from './plain/network.ts'
import { ending, endMarked, marksOf } from './plain/processes.ts'
import { attempt, environment } from './programs.ts'
import { sshdProgram } from './sshd-program.ts'
import { type DirectoryKind, type Lab, type LabPlan, paths, type Reply } from './words.ts'

export type UpOptions = {
  /** State directory of this lab. */
  readonly dir: string
  /** 2 to 32. A lab that is up keeps its number. */
  readonly nodes?: number
  /** OpenSSH's sshd answers on the nodes. */
  readonly sshd?: boolean
  /** Which directory; the vendor's stand-in unless told otherwise. A lab that is up keeps its own. */
  readonly directory?: DirectoryKind
  /** Directories that the nodes must not see, besides home directories and the checkout itself. */
  readonly hide?: readonly string[]
  /** The bundled `lab/daemon.ts`; by default the one in `dist/`. */
  readonly daemonFile?: string
}

/** Both `lab/` and `dist/` stand beside the other. */
const beside = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/**
 * Brings the lab up, if it is not.
 *
 * @throws {Problem} `lab-namespaces-refused`, `lab-programs-missing`, `lab-nodes-number`, `lab-other-size`,
 *   `lab-no-sshd`, `lab-no-slapd`, `lab-other-directory`, `lab-not-started`.
 */
export const labUp = async (options: UpOptions): Promise<Lab> => {
  const dir = resolve(options.dir)
  checkNumber(options.nodes)
  const there = (await statusWhenStarted(dir)) ?? (await start(dir, options))
  return sameDirectory(sameSize(there, options.nodes), options.directory)
}

const start = async (dir: string, options: UpOptions): Promise<Lab> => {
  if (options.sshd && !existsSync(sshdProgram)) throw noSshd('on this machine', 'apt-get install openssh-server, or ')
  if (options.directory === 'slapd' && !hasOpenLdap()) throw noSlapd()
  const grants = await findGrants()
  if (options.sshd && grants.lane === 'plain') throw noSshd('on nodes without namespaces')
  await mkdir(dir, { recursive: true, mode: 0o755 })
  await startDaemon(options.daemonFile ?? beside('dist/lab-daemon.cjs'), {
    dir,
    nodes: options.nodes ?? 3,
    grants,
    network: await partOf(grants, dir),
    sshd: options.sshd ?? false,
    directory: options.directory ?? 'stand-in',
    hide: [beside('.').replace(/\/$/, ''), dir, ...(options.hide ?? [])],
    vendorRoot: beside('lab/vendor/root'),
  })
  const status = await statusWhenStarted(dir)
  if (!status) throw notStarted(dir)
  return status
}

/** Takes the lab down; nothing of it is left. Also sweeps after one that died. */
export const labDown = async (where: string): Promise<void> => {
  const dir = resolve(where)
  await ask(dir, { ask: 'down' }).catch(ignoreNotUp)
  if (!(await isFree(dir, 5_000)))
    throw new Problem({ code: 'lab-stays', summary: 'The daemon of the lab does not end' })
  await sweep(dir)
}

const ignoreNotUp = (error: unknown): undefined => {
  if (!(error instanceof NotUp)) throw error
}

/** A daemon holds a lock as long as it lives; one that is being started is waited for. */
const statusWhenStarted = async (dir: string): Promise<Lab | undefined> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    const status = (await ask(dir, { ask: 'status' }).catch(ignoreNotUp)) as Lab | undefined
    if (status || (await isFree(dir, 0))) return status
  }
  throw new Problem({
    code: 'lab-stuck',
    summary: 'The daemon of the lab is there, but does not answer',
    help: 'run lab down',
  })
}

const isFree = async (dir: string, withinMs: number): Promise<boolean> => {
  const { lock } = paths(dir)
  if (!existsSync(lock)) return true
  const { status } = await attempt(['flock', '--timeout', `${withinMs / 1000}`, lock, 'true'])
  return status === 0
}

/** The kernel has taken all processes, mounts and namespaces with the daemon; files are left, and what bears a mark may be. */
const sweep = async (dir: string): Promise<void> => {
  await endMarked(marksOf(paths(dir).files))
  for (const path of Object.values(paths(dir))) await rm(path, { recursive: true, force: true })
  await rmdir(dir).catch(() => {})
}

/** Without namespaces it takes somebody to end all that runs on the nodes when the daemon has ended, however it did. */
const around = ({ grants, dir }: LabPlan): readonly string[] =>
  grants.lane === 'plain'
    ? ['sh', '-c', outlive, 'sh', marksOf(paths(dir).files), 'setpriv', '--pdeathsig', 'KILL', '--']
    : ['unshare', '--mount', '--propagation', 'slave', '--']

const outlive = `marks=$1; shift
"$@" &
exec 3>&-
wait
set -- "$marks"
${ending}`

/** Status of `flock` when another `up` was faster. */
const taken = 75

const startDaemon = async (daemonFile: string, plan: LabPlan): Promise<void> => {
  const { lock, log } = paths(plan.dir)
  const output = openSync(log, 'a', 0o600)
  const daemon = spawn(
    'flock',
    [
      ...['--no-fork', '--nonblock', '--conflict-exit-code', `${taken}`, lock, ...plan.grants.enter],
      ...around(plan),
      ...[process.execPath, daemonFile, JSON.stringify(plan)],
    ],
    { detached: true, cwd: '/', env: environment, stdio: ['ignore', output, output, 'pipe'] },
  )
  closeSync(output)
  const told = await new Promise<string>((resolve, reject) => {
    let text = ''
    const pipe = daemon.stdio[3] as NodeJS.ReadableStream
    pipe.on('data', part => (text += part)).on('error', () => {})
    pipe.on('end', () => text !== '' && resolve(text))
    daemon.on('error', reject)
    daemon.on('exit', status =>
      status === taken ? resolve(JSON.stringify({ answer: 'taken' })) : reject(notStarted(plan.dir)),
    )
  })
  daemon.removeAllListeners('exit').unref()
  opened(JSON.parse(told) as Reply)
}

const checkNumber = (nodes = 3): void => {
  if (Number.isInteger(nodes) && nodes >= 2 && nodes <= 32) return
  throw new Problem({
    code: 'lab-nodes-number',
    summary: 'A cluster has 2 to 32 nodes',
    seen: `${nodes}`,
    exit: exitCodes.input,
  })
}

const sameSize = (lab: Lab, nodes?: number): Lab => {
  if (nodes === undefined || nodes === lab.nodes.length) return lab
  throw new Problem({
    code: 'lab-other-size',
    summary: 'The lab is up with another number of nodes',
    seen: `${lab.nodes.length}`,
    wanted: `${nodes}`,
    help: 'run lab down',
  })
}

const sameDirectory = (lab: Lab, wanted?: DirectoryKind): Lab => {
  if (wanted === undefined || wanted === lab.directory.kind) return lab
  throw new Problem({
    code: 'lab-other-directory',
    summary: 'The lab is up with another directory',
    seen: lab.directory.kind,
    wanted,
    help: 'run lab down',
  })
}

const noSlapd = (): Problem =>
  new Problem({
    code: 'lab-no-slapd',
    summary: "OpenLDAP's server is not installed on this machine",
    help: 'apt-get install slapd ldap-utils, or leave out `--directory`: the lab has a directory of its own',
  })

const noSshd = (where: string, install = ''): Problem =>
  new Problem({
    code: 'lab-no-sshd',
    summary: `${sshdProgram} is not installed ${where}`,
    help: `${install}leave out \`--sshd\`: the built-in server needs nothing`,
  })

const notStarted = (dir: string): Problem =>
  new Problem({
    code: 'lab-not-started',
    summary: 'The daemon of the lab ended while it started',
    excerpt: readFileSync(paths(dir).log, 'utf8').trim(),
  })
