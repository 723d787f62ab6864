// The directory of a lab: the vendor's stand-in with a cluster in it, and a certificate that this lab alone trusts.
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { makeAuthority, makeCertificate } from './certificates.ts'
import { networkAddress, secondaryAddress } from './network.ts'
import { nodeName } from './node.ts'
import { type RunningDirectory, seed, startDirectory } from './vendor/index.ts'
import { dataDevice, type LabPlan, paths } from './words.ts'

/** A word that stands nowhere else: masked in a journal, it takes no other text with it. */
const adminPassword = 'Tree-admin-4711'

/** @param files Where the lab keeps what nobody outside sees. */
export const openDirectory = async (plan: LabPlan, files: string): Promise<RunningDirectory> => {
  const nodes = Array.from({ length: plan.nodes }, (_, index) => nodeName(index + 1))
  const resource = {
    name: 'MESSENGER',
    address: secondaryAddress,
    mountPoint: '/mnt/messenger',
    device: dataDevice,
  }
  const tls = await certify(files, paths(plan.dir).rootCertificate)
  return startDirectory({ host: '127.0.0.1', port: 0, state: seed({ nodes, resource, adminPassword }), tls })
}

/** Who trusts the authority of this lab trusts its directory, and nothing else: its key is gone right away. */
const certify = async (files: string, rootCertificate: string) => {
  const dir = await mkdtemp(`${files}/certificates-`)
  const authority = await makeAuthority(dir, 'authority-of-the-lab')
  const names = [`IP:${networkAddress}`, 'IP:127.0.0.1', 'DNS:directory', 'DNS:localhost']
  const { certificate, key } = await makeCertificate(dir, 'directory', { authority, names })
  const tls = { cert: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
  await copyFile(authority.certificate, rootCertificate)
  await rm(dir, { recursive: true })
  return tls
}
