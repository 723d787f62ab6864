// TLS to the directory: what is trusted, and in words why a server is not.
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity } from 'node:tls'
import { exitCodes, Problem } from '../../model/problem.ts'
import { type TlsRefusal, tlsRefused } from './problems.ts'
import type { DirectoryTarget } from './target.ts'

/** @throws {Problem} `root-certificate-unreadable`. */
export const tlsOptions = (target: DirectoryTarget): ConnectionOptions => {
  const { rootCertificate, legacyTls, certificateName = target.address } = target
  return {
    rejectUnauthorized: true,
    host: certificateName,
    ...(isIP(certificateName) === 0 && { servername: certificateName }),
    checkServerIdentity: (_, certificate) => checkServerIdentity(certificateName, certificate),
    ...(rootCertificate !== undefined && { ca: readCertificate(rootCertificate) }),
    // Level 0 of OpenSSL lets SHA-1 and short keys pass; it is never the default.
    ...(legacyTls && { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }),
  }
}

/** PEM, with all certificates in it, or DER, as iManager exports it. */
const readCertificate = (file: string): string => {
  if (!existsSync(file)) throw unreadable(file, 'there is no such file')
  const bytes = readFileSync(file)
  try {
    const first = new X509Certificate(bytes)
    return bytes.includes('-----BEGIN') ? bytes.toString('utf8') : first.toString()
  } catch (error) {
    throw unreadable(file, String(error instanceof Error ? error.message : error))
  }
}

const unreadable = (file: string, seen: string): Problem =>
  new Problem({
    code: 'root-certificate-unreadable',
    summary: `The root certificate ${file} cannot be read`,
    seen,
    wanted: 'a certificate as PEM or DER',
    help: 'export it from the directory’s certificate authority, and name the file as `ldap_directory.root_certificate`',
    exit: exitCodes.input,
  })

export type TlsError = NodeJS.ErrnoException & { readonly reason?: string }

/** @returns Nothing where the connection broke, and TLS is not to blame. */
export const explainTls = (error: TlsError, target: DirectoryTarget): Problem | undefined => {
  const { code = '', message } = error
  // Some have no code of their own: their words tell them apart.
  const refusal = refusals.find(({ codes }) => codes.test(code) || codes.test(message))
  if (!refusal) return undefined
  const { why, help = rootHelp(target) } = refusal
  return tlsRefused(target, { why, help, seen: error.reason ?? `${error.message} (${code})` })
}

const rootHelp = ({ address, port, encryption }: DirectoryTarget): string => {
  const begin = encryption === 'starttls' ? ' -starttls ldap' : ''
  return `name the certificate of the authority that signed it as \`ldap_directory.root_certificate\`; look at what it shows: \`openssl s_client -connect ${address}:${port}${begin} -showcerts\``
}

/** @source Node.js, tls: X509 certificate error codes; OpenSSL, names of its reasons. */
const refusals: readonly (Pick<TlsRefusal, 'why'> & { readonly codes: RegExp; readonly help?: string })[] = [
  {
    codes: /^CERT_HAS_EXPIRED$/,
    why: 'its certificate has expired',
    help: 'renew it; and see whether the clock of this machine is right',
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    why: 'its certificate is not valid yet',
    help: 'see whether the clock of this machine is right',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME/,
    why: 'its certificate is for another name',
    help: 'reach it by the name in its certificate, or say that name as `ldap_directory.certificate_name`',
  },
  {
    codes:
      /too weak|too small|KEY_TOO_SMALL|MD_TOO_WEAK|DH_KEY|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS|NO_SHARED_CIPHER|HANDSHAKE_FAILURE|UNSAFE_LEGACY/,
    why: 'its TLS is too old, or ours is too new for it',
    help: 'update it, or set `ldap_directory.legacy_tls: true`, which is a risk',
  },
  {
    codes: /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/,
    why: 'it does not speak TLS on that port',
    help: 'with `encryption: ldaps` name the port 636, with `encryption: starttls` the port 389',
  },
  {
    codes: /ISSUER|SELF_SIGNED|UNABLE_TO_VERIFY|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE/,
    why: 'its certificate is not signed by an authority that is known',
  },
  { codes: /^ERR_(?:SSL|TLS)_|certificate/i, why: 'no TLS could be agreed on with it' },
]
