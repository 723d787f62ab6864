// A throwaway OpenLDAP server on loopback ports, with the few classes that a tree of agents has, as far as they are known.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Authority, makeAuthority, makeCertificate, type Signed } from '../../../lab/certificates.ts'
import { clusterSchema } from '../../../lab/openldap-schema.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { DirectoryTarget } from '../../../src/transport/directory/target.ts'

const program = '/usr/sbin/slapd'

export const hasSlapd = existsSync(program) && spawnSync('openssl', ['version']).error === undefined

export const password = 'tree "$\\x\''

/** Names of no real schema: nothing that is tested here may know them. */
const schema = `
attributetype ( 1.3.6.1.4.1.55555.1.1 NAME 'nnmQueueDir' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.55555.1.2 NAME 'nnmLogDir' EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.55555.1.3 NAME 'nnmBytes' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
objectclass ( 1.3.6.1.4.1.55555.2.1 NAME 'nnmThing' SUP top STRUCTURAL MUST cn MAY ( nnmQueueDir $ nnmLogDir $ nnmBytes $ description ) )
${clusterSchema()}`

export type Slapd = {
  readonly dir: string
  readonly ports: { readonly ldap: number; readonly ldaps: number }
  readonly authority: Authority
  target(more?: Partial<DirectoryTarget>): DirectoryTarget
  /** Puts entries in, as LDIF. */
  add(ldif: string): void
  /** Resolves when all of its threads stand still. */
  freeze(): Promise<void>
  thaw(): void
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export type SlapdOptions = {
  readonly config?: readonly string[]
  readonly certificate?: (dir: string, authority: Authority) => Promise<Signed>
}

export const startSlapd = async ({ config = [], certificate = valid }: SlapdOptions = {}): Promise<Slapd> => {
  const dir = mkdtempSync(join(tmpdir(), 'slapd-'))
  mkdirSync(join(dir, 'data'))
  const authority = await makeAuthority(dir, 'authority')
  const signed = await certificate(dir, authority)
  const ports = { ldap: await freePort(), ldaps: await freePort() }
  writeFileSync(join(dir, 'schema'), schema)
  writeFileSync(join(dir, 'config'), [...configOf(dir, signed), ...config, ''].join('\n'))
  const urls = `ldap://127.0.0.1:${ports.ldap} ldaps://127.0.0.1:${ports.ldaps}`
  let server = begin(dir, urls)
  await answers(dir, ports.ldap)
  const slapd: Slapd = {
    dir,
    ports,
    authority,
    target: (more = {}) => ({
      address: '127.0.0.1',
      port: more.encryption === 'ldaps' ? ports.ldaps : ports.ldap,
      encryption: 'starttls',
      rootCertificate: authority.certificate,
      user: 'cn=admin,o=acme',
      password: new Secret('password', password),
      timeoutMs: 3000,
      ...more,
    }),
    add(ldif) {
      const args = ['-x', '-H', `ldap://127.0.0.1:${ports.ldap}`, '-D', 'cn=admin,o=acme', '-w', password]
      const { status, stderr } = spawnSync('ldapmodify', [...args, '-a'], { input: ldif, encoding: 'utf8' })
      if (status !== 0) throw new Error(`ldapmodify: ${stderr}`)
    },
    async freeze() {
      server.kill('SIGSTOP')
      while (!isStopped(server.pid ?? 0)) await sleep(5)
    },
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      const gone = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGKILL')
      await gone
    },
    async start() {
      server = begin(dir, urls)
      await answers(dir, ports.ldap)
    },
    async close() {
      await slapd.stop()
      rmSync(dir, { recursive: true })
    },
  }
  return slapd
}

const valid = (dir: string, authority: Authority) =>
  makeCertificate(dir, 'server', { authority, names: ['IP:127.0.0.1', 'DNS:localhost'] })

const configOf = (dir: string, { certificate, key }: Signed): readonly string[] => [
  'include /etc/ldap/schema/core.schema',
  `include ${dir}/schema`,
  `pidfile ${dir}/pid`,
  'modulepath /usr/lib/ldap',
  'moduleload back_mdb',
  `TLSCertificateFile ${certificate}`,
  `TLSCertificateKeyFile ${key}`,
  'database mdb',
  'suffix "o=acme"',
  'rootdn "cn=admin,o=acme"',
  `rootpw "${password.replace(/["\\]/g, '\\$&')}"`,
  `directory ${dir}/data`,
]

const begin = (dir: string, urls: string) =>
  spawn(program, ['-d', '0', '-f', join(dir, 'config'), '-h', urls], { stdio: 'ignore' })

const answers = async (dir: string, port: number): Promise<void> => {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(30)) {
    const { status } = spawnSync('ldapsearch', ['-x', '-H', `ldap://127.0.0.1:${port}`, '-s', 'base', '-b', ''])
    if (status === 0) return
  }
  throw new Error(`slapd does not answer; see ${dir}/config`)
}

/** The signal is on its way for a moment, and until then a thread may still answer. */
const isStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every(thread =>
    /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  )

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
