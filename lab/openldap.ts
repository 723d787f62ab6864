// OpenLDAP's server as the directory of a lab, with the same entries: what holds on the stand-in has to hold there too.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Signed } from './certificates.ts'
import type { DirectoryService } from './directory-service.ts'
import { forward } from './forward.ts'
import { entriesOf, ldifOf } from './ldif.ts'
import type { Door } from './net-door.ts'
import type { Network } from './network.ts'
import { clusterSchema, messengerSchema } from './openldap-schema.ts'
import { bound, environment, gone, must } from './programs.ts'
import { listen } from './ssh-front.ts'
import type { DirectoryState } from './vendor/index.ts'

const server = '/usr/sbin/slapd'
const schemas = ['core', 'cosine', 'nis', 'inetorgperson'].map(name => `/etc/ldap/schema/${name}.schema`)

/** What this machine has to have for it; the packages are called `slapd` and `ldap-utils` in Debian. */
export const hasOpenLdap = (): boolean => [server, ...schemas].every(path => existsSync(path))

/** Whose password is in the directory itself, as in the stand-in, and who may do everything. */
const admin = 'cn=admin,o=acme'

type Options = {
  /** A directory of its own, empty or not there. */
  readonly dir: string
  readonly state: DirectoryState
  readonly signed: Signed
  /** Where it listens, on its usual ports. */
  readonly network: Network
}

/** @throws {Error} with what one of its programs said. */
export const startOpenLdap = async ({ dir, state, signed, network }: Options): Promise<DirectoryService> => {
  const config = `${dir}/slapd.conf`
  const door = network.door()
  await mkdir(dir, { recursive: true })
  await writeFile(`${dir}/lab.schema`, `${clusterSchema()}${messengerSchema()}`)
  await writeFile(`${dir}/root.ldif`, `dn:\ndirectoryTreeName: t=${state.tree}\n`)
  await writeFile(config, configOf(dir, signed))
  let running: ChildProcess | undefined

  const begin = async ({ entries }: DirectoryState): Promise<void> => {
    await rm(`${dir}/data`, { recursive: true, force: true })
    await mkdir(`${dir}/data`)
    await must(['slapadd', '-q', '-f', config], ldifOf(withoutRights(entries)))
    running = bound([...network.enter, server, '-d', '0', '-f', config, '-h', urls(network)])
    running.stdout?.resume()
    running.stderr?.resume()
    await answers(door, network.address)
  }
  const end = async (): Promise<void> => {
    if (!running) return
    running.kill('SIGTERM')
    await gone(running)
  }

  await begin(state)
  const controllers = createServer()
  forward(controllers, () => door.connect(network.address, 389))
  const port = await listen(controllers, 0)
  return {
    port,
    dump: () => ({ tree: state.tree, entries: entriesOf(asLdif(config)) }),
    load: async next => {
      await end()
      await begin(next)
    },
    close: async () => {
      controllers.close()
      door.close()
      await end()
    },
  }
}

/** Who may do what is said by its configuration. */
const withoutRights = (entries: DirectoryState['entries']): DirectoryState['entries'] =>
  Object.fromEntries(Object.entries(entries).map(([dn, { acl: _, ...attributes }]) => [dn, attributes]))

/** Read from its files while it runs, as its authors allow: so there is nothing kept here that could be old. */
const asLdif = (config: string): string => {
  const argv = ['-o', 'ldif-wrap=no', '-f', config]
  const { status, stdout, stderr } = spawnSync('slapcat', argv, { encoding: 'utf8', env: environment })
  if (status !== 0) throw new Error(`slapcat: ${stderr}`)
  return stdout
}

const urls = ({ address }: Network): string => `ldap://${address}:389 ldaps://${address}:636`

const answers = async (door: Door, address: string): Promise<void> => {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) {
    const socket = await door.connect(address, 389).catch(() => undefined)
    if (!socket) continue
    socket.destroy()
    return
  }
  throw new Error("OpenLDAP's server did not begin to listen")
}

/** Who did not log in sees as much as the stand-in shows: enough for LUM to find its users, nothing of Messenger. */
const forAnybody =
  'entry,objectClass,cn,o,ou,uid,uidNumber,gidNumber,homeDirectory,loginShell,memberUid,directoryTreeName'

const configOf = (dir: string, { certificate, key }: Signed): string =>
  [
    ...schemas.map(path => `include ${path}`),
    `include ${dir}/lab.schema`,
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    `TLSCertificateFile ${certificate}`,
    `TLSCertificateKeyFile ${key}`,
    `rootDSE ${dir}/root.ldif`,
    // eDirectory searches the whole tree from its root.
    'defaultsearchbase "o=acme"',
    'database mdb',
    'suffix "o=acme"',
    `rootdn "${admin}"`,
    `directory ${dir}/data`,
    'dbnosync',
    'access to attrs=userPassword by anonymous auth by * none',
    `access to attrs=${forAnybody} by * read`,
    'access to * by users read by * none',
    '',
  ].join('\n')
