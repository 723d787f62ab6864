// The installer's part in the directory: proves a login, creates the Messenger objects. Settings come on stdin.
import { readFileSync } from 'node:fs'

const root = process.env.LAB_ROOT ?? ''
const { connect, DirectoryError, equals } = await import(`${root}/opt/novell/eDirectory/lib/ldap.mjs`)

/** What the script ends with; 1 means that it asks for user and password again. */
const ends = { login: 1, unreachable: 6, refused: 5 }

const isLoginRefused = ({ code }) => code === 49 || code === 53

const main = async action => {
  const settings = readSettings()
  const directory = await connect({
    host: settings.ldap_host,
    port: Number(settings.ldap_port),
    ...(settings.root_certificate && { rootCertificate: `${root}${settings.root_certificate}` }),
  })
  try {
    await directory.bind(settings.user_dn, settings.password)
    if (action === 'check') await check(directory, settings)
    if (action === 'create') await create(directory, settings)
  } finally {
    directory.close()
  }
}

const readSettings = () =>
  Object.fromEntries(
    readFileSync(0, 'utf8')
      .split('\n')
      .filter(line => line.includes('='))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

const check = async (directory, { tree, context, ldap_host }) => {
  const [{ attributes }] = await directory.search('')
  const [seen = 't='] = attributes.directorytreename ?? []
  if (seen.slice(2).toLowerCase() !== tree.toLowerCase())
    throw new Error(`${ldap_host} serves the tree ${seen.slice(2)}, not ${tree}.`)
  await directory.search(context, { filter: equals('objectClass', 'organizationalUnit') })
}

/** Creates only; what is there already is refused by the directory, and nothing is changed then. */
const create = async (directory, settings) => {
  for (const { dn, attributes } of objects(settings)) await directory.add(dn, attributes)
}

/** From the top down. Paths are those of each node; the partition is left to the administrator. */
const objects = ({ context, user_contexts, server_address, ma_port, aa_port, agents }) => {
  const service = `cn=MessengerService,${context}`
  const server = `cn=MessengerServer,${service}`
  const archive = `cn=ArchiveAgent,${server}`
  const all = [
    entry(service, 'nnmMessengerService', { nnmUserContext: user_contexts.split(';').map(it => it.trim()) }),
    entry(server, 'nnmMessengerServer', { nnmHostAddress: [server_address] }),
    entry(`cn=MessagingAgent,${server}`, 'nnmMessagingAgent', { ...pathsOf('ma'), nnmPort: [ma_port] }),
  ]
  if (agents === 'ma') return all
  return [
    ...all,
    entry(archive, 'nnmArchiveAgent', { ...pathsOf('aa'), nnmPort: [aa_port] }),
    entry(`cn=FileModule,${archive}`, 'nnmFileModule', { nnmFileStoreDir: ['/var/opt/novell/messenger/aa/store'] }),
  ]
}

const entry = (dn, objectClass, attributes) => ({
  dn,
  attributes: { objectClass: [objectClass], cn: [dn.slice(3, dn.indexOf(','))], ...attributes },
})

const pathsOf = agent => ({
  nnmAgentQueueDir: [`/var/opt/novell/messenger/${agent}/queue`],
  nnmAgentLogDir: [`/var/opt/novell/log/messenger/${agent}`],
})

main(process.argv[2]).catch(error => {
  if (isLoginRefused(error)) process.exit(ends.login)
  console.error(error.message)
  process.exit(error instanceof DirectoryError && error.code === undefined ? ends.unreachable : ends.refused)
})
