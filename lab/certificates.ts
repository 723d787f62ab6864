// Certificates for what the lab plays: an authority of its own, and what it signs. Made by the machine's `openssl`.
import { randomBytes } from 'node:crypto'
import { must } from './programs.ts'

export type Authority = {
  /** Its certificate, as PEM: what a client has to trust. */
  readonly certificate: string
  readonly key: string
}

export type Signed = {
  /** Files, as PEM. */
  readonly certificate: string
  readonly key: string
}

export type CertificateOptions = {
  /** As OpenSSL writes them: `IP:127.0.0.1`, `DNS:directory`. */
  readonly names: readonly string[]
  /** Negative for one that has expired. */
  readonly days?: number
  /** What `openssl req` takes after `-newkey`. */
  readonly newKey?: readonly string[]
  readonly digest?: string
}

const curve = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']

/** @param dir A directory that is there; files of the authority begin with `name`. */
export const makeAuthority = async (dir: string, name: string): Promise<Authority> => {
  const files = filesOf(dir, name)
  const out = ['-nodes', '-keyout', files.key, '-out', files.certificate]
  await must(['openssl', 'req', '-x509', '-newkey', ...curve, ...out, '-subj', `/CN=${name}`, '-days', '3650'])
  return files
}

/** Signs a certificate for a server. */
export const makeCertificate = async (
  dir: string,
  name: string,
  {
    authority,
    names,
    days = 3650,
    newKey = curve,
    digest = 'sha256',
  }: CertificateOptions & { readonly authority: Authority },
): Promise<Signed> => {
  const files = filesOf(dir, name)
  const request = `${dir}/${name}.csr`
  const wish = ['-nodes', '-keyout', files.key, '-out', request, '-subj', `/CN=${name}`]
  await must(['openssl', 'req', '-newkey', ...newKey, ...wish, '-addext', `subjectAltName=${names.join(',')}`])
  // A serial number of our own: the file that OpenSSL would keep them in must not have a long path.
  const serial = ['-set_serial', `0x${randomBytes(8).toString('hex')}`]
  const signer = ['-CA', authority.certificate, '-CAkey', authority.key, ...serial, '-copy_extensions', 'copy']
  const how = ['-days', `${days}`, `-${digest}`, '-out', files.certificate]
  await must(['openssl', 'x509', '-req', '-in', request, ...signer, ...how])
  return files
}

const filesOf = (dir: string, name: string): Signed => ({
  certificate: `${dir}/${name}.pem`,
  key: `${dir}/${name}.key`,
})
