// The directory of a lab: the vendor's stand-in or OpenLDAP's server, with the same entries, and a certificate that this
// lab alone trusts.
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises'
import { type Authority, makeAuthority, makeCertificate, type Signed } from './certificates.ts'
import { forward, toPort } from './forward.ts'
import type { Door } from './net-door.ts'
import { type Network, secondaryAddressOf } from './network.ts'
import { nodeName } from './node.ts'
import { startOpenLdap } from './openldap.ts'
import { type DirectoryState, seed, startDirectory } from './vendor/index.ts'
import { dataDevice, type LabPlan, paths } from './words.ts'

export type DirectoryService = {
  /** On 127.0.0.1, for the controller. */
  readonly port: number
  /** All entries, passwords too. */
  dump(): DirectoryState
  load(state: DirectoryState): Promise<void>
  close(): Promise<void>
}

/** A word that stands nowhere else: masked in a journal, it takes no other text with it. */
const adminPassword = 'Tree-admin-4711'

type Around = {
  /** Where the lab keeps what nobody outside sees. */
  readonly files: string
  readonly network: Network
  /** Into the cluster's network: the nodes find the directory there on its usual ports. */
  readonly door: Door
}

export const openDirectory = async (plan: LabPlan, around: Around): Promise<DirectoryService> => {
  const state = seedOf(plan)
  const signed = await certify(around, paths(plan.dir).rootCertificate)
  return plan.directory === 'slapd'
    ? startOpenLdap({ dir: `${around.files}/slapd`, state, signed, ...around })
    : startStandIn(state, { signed, ...around })
}

const seedOf = (plan: LabPlan): DirectoryState => {
  const nodes = Array.from({ length: plan.nodes }, (_, index) => nodeName(index + 1))
  const resource = {
    name: 'MESSENGER',
    address: secondaryAddressOf(plan.network),
    mountPoint: '/mnt/messenger',
    device: dataDevice,
  }
  return seed({ nodes, resource, adminPassword })
}

type Certified = Around & { readonly signed: Signed }

const startStandIn = async (state: DirectoryState, { signed, network, door }: Certified): Promise<DirectoryService> => {
  const tls = { cert: await readFile(signed.certificate, 'utf8'), key: await readFile(signed.key, 'utf8') }
  const running = await startDirectory({ host: '127.0.0.1', port: 0, state, tls })
  const { port, securePort = 0 } = running
  forward(await door.listen(network.address, 389), toPort(port))
  forward(await door.listen(network.address, 636), toPort(securePort))
  return { ...running, load: async next => running.load(next) }
}

/** Who trusts the authority of this lab trusts its directory, and nothing else: its key is gone right away. */
const certify = async ({ files, network }: Around, rootCertificate: string): Promise<Signed> => {
  const dir = `${files}/certificates`
  await mkdir(dir, { mode: 0o700 })
  const authority: Authority = await makeAuthority(dir, 'authority-of-the-lab')
  const names = [`IP:${network.address}`, 'IP:127.0.0.1', 'DNS:directory', 'DNS:localhost']
  const signed = await makeCertificate(dir, 'directory', { authority, names })
  await copyFile(authority.certificate, rootCertificate)
  await rm(authority.key)
  return signed
}
