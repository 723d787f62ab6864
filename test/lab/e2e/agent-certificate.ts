// A certificate for the agents of a site, on each of its nodes: with it they speak TLS, and nothing else.
import { readFileSync } from 'node:fs'
import { makeAuthority, makeCertificate } from '../../../lab/certificates.ts'
import type { Site } from './site.ts'

/** What the worksheet says of it. */
export const agentCertificate = { tls_certificate: '/etc/agents.pem', tls_key: '/etc/agents.key' }

export const putAgentCertificate = async ({ dir, lab, on }: Site): Promise<void> => {
  const authority = await makeAuthority(dir, 'authority-of-agents')
  const { certificate, key } = await makeCertificate(dir, 'agents', { authority, names: ['DNS:agents'] })
  const put = (path: string, from: string) => `cat >${path} <<'END'\n${readFileSync(from, 'utf8')}END\n`
  for (const { name } of lab.nodes)
    await on(name, put(agentCertificate.tls_certificate, certificate) + put(agentCertificate.tls_key, key))
}
