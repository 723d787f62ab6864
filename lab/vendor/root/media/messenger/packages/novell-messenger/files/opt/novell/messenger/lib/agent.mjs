// A stand-in for both Messenger agents: a daemon that listens, keeps its files, and falls into the known trap.
import {
  appendFileSync,
  chownSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentUser, delays, everywhere, mayUse, root, startupFile, unscrambled } from './agent-world.mjs'

const program = basename(process.argv0)
const kinds = {
  nmma: { name: 'Messaging Agent', path: '/topic', method: 'POST' },
  nmaa: { name: 'Archive Agent', path: '/logout', method: 'GET' },
}
const kind = kinds[program]

const main = async ([argument]) => {
  nameProcess()
  const settings = startupFile(argument.replace(/^@/, ''))
  const user = agentUser()
  const paths = await readPaths(settings)
  for (const path of Object.values(paths)) provide(`${root}${path}`, user)
  if (!mayUse(paths.queue, user)) return setInterval(() => {}, 1 << 30) // the trap: up as root, unknown to its script
  const log = openLog(`${root}${paths.log}`, user)
  writePidFile()
  log('starting')
  await run({ settings, user, paths, log }).catch(error => {
    log(`cannot run: ${error.message}`)
    process.exitCode = 1
    process.exit()
  })
}

/** Newer releases of Node.js rename their main thread, which is the name that the kernel shows. */
const nameProcess = () => writeFileSync('/proc/self/comm', program)

/** The directory says where the agent keeps its files; that is why a change needs a restart. */
const readPaths = async settings => {
  const { connect } = await import(`${root}/opt/novell/eDirectory/lib/ldap.mjs`)
  const { ldapserver: host, ldapport: port, rootcertificate } = settings
  const directory = await connect({
    host,
    port: Number(port),
    ...(rootcertificate && { rootCertificate: `${root}${rootcertificate}` }),
  })
  await directory.bind(settings.user, unscrambled(settings.password))
  const entries = await directory.search(settings.dn, { scope: 'sub' })
  directory.close()
  const value = name => entries.flatMap(({ attributes }) => attributes[name] ?? [])[0]
  const store = value('nnmfilestoredir')
  return { queue: value('nnmagentqueuedir'), log: value('nnmagentlogdir'), ...(store && { store }) }
}

const provide = (path, { uid, gid }) => {
  if (mkdirSync(path, { recursive: true }) === undefined) return
  if (process.getuid() === 0) chownSync(path, uid, gid)
}

const openLog = (directory, user) => {
  const file = openSync(`${directory}/${program}.log`, 'a', 0o640)
  giveTo(`${directory}/${program}.log`, user)
  return text => writeSync(file, `${new Date().toISOString()} ${kind.name}: ${text}\n`)
}

const giveTo = (path, { uid, gid }) => {
  if (process.getuid() === 0 && statSync(path).uid !== uid) chownSync(path, uid, gid)
}

const writePidFile = () => {
  mkdirSync(`${root}/var/run/novell/messenger`, { recursive: true })
  writeFileSync(`${root}/var/run/novell/messenger/${program}.pid`, `${process.pid}\n`)
}

const run = async ({ settings, user, paths, log }) => {
  for (const path of [paths.queue, paths.store].filter(Boolean)) {
    appendFileSync(`${root}${path}/${program}.db`, 'opened\n')
    giveTo(`${root}${path}/${program}.db`, user)
  }
  become(user)
  await sleep(delays().agent_start * 1000)
  const ports = settings.port.split(',').map(Number)
  await Promise.all(ports.map((port, index) => listen({ port, isFirst: index === 0, settings })))
  log(`ready on ${settings.ip ?? 'all addresses'}, ports ${ports.join(', ')}`)
  process.once('SIGTERM', async () => {
    log('stopping')
    await sleep(delays().agent_stop * 1000)
    log('stopped')
    process.exit(0)
  })
}

const become = ({ uid, gid }) => {
  if (process.getuid() !== 0 || uid === 0) return
  process.setgroups([])
  process.setgid(gid)
  process.setuid(uid)
}

const listen = ({ port, isFirst, settings }) =>
  new Promise((done, failed) => {
    const answer = isFirst ? answerClient : answerNothing
    const server = settings.certfile ? createTlsServer(certificate(settings), answer) : createServer(answer)
    server.once('error', failed).listen({ port, host: settings.ip ?? everywhere() }, done)
  })

const certificate = ({ certfile, keyfile, keypassword }) => ({
  cert: readFileSync(`${root}${certfile}`),
  key: readFileSync(`${root}${keyfile}`),
  ...(keypassword && { passphrase: unscrambled(keypassword) }),
})

/** What is asked on the other ports is not known. */
const answerNothing = (_, response) => {
  response.statusCode = 404
  response.end()
}

/** Answers the one request that is known of this agent. */
const answerClient = (request, response) => {
  let body = ''
  request.on('data', text => {
    body += text
  })
  request.on('end', () => {
    const isKnown = request.method === kind.method && request.url === kind.path
    const isWhole = kind.method === 'GET' || body.includes('tag=NM_A_SZ_TRANSACTION_ID')
    response.statusCode = isKnown ? 200 : 404
    response.end(isKnown && isWhole ? '&tag=NM_A_SZ_RESULT_CODE&cmd=0&val=53505&type=10' : '')
  })
}

main(process.argv.slice(2)).catch(error => {
  console.error(`${new Date().toISOString()} ${kind.name}: ${error.message}`)
  process.exit(1)
})
