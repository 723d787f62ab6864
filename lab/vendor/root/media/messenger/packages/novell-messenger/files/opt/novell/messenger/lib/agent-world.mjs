// What an agent finds out about its node before it runs: settings, its user, and whether its queue is its own.
import { existsSync, readFileSync, statSync } from 'node:fs'

/** A scratch directory in the place of `/`; the tests set it, a node does not. */
export const root = process.env.LAB_ROOT ?? ''

const linesOf = path =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .map(line => line.trim())
        .filter(line => line !== '' && !line.startsWith('#'))
    : []

/** Seconds by name; what the node does not say is a plausible time. */
export const delays = () => ({
  agent_start: 0.2,
  agent_stop: 1,
  ...Object.fromEntries(
    linesOf(`${root}/etc/lab/delays`).map(line => [line.split('=')[0], Number(line.split('=')[1])]),
  ),
})

/** Where an agent listens that is bound to no address: a node that shares its network with others has one. */
export const everywhere = () => linesOf(`${root}/etc/lab/address`)[0] ?? '0.0.0.0'

/** Lines `--name value`, as an object. */
export const startupFile = path =>
  Object.fromEntries(
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap(line => [...line.matchAll(/^--(\w+)\s+(.*\S)/g)].map(([, name, value]) => [name, value])),
  )

/** Passwords stand in files as hexadecimal digits: nobody reads them in passing, and that is all. */
export const unscrambled = text => Buffer.from(text, 'hex').toString('utf8')

/** The user that uid.conf names, else the one that started the agent. */
export const agentUser = () => {
  const [name] = linesOf(`${root}/etc/opt/novell/messenger/uid.conf`)
  if (name === undefined) return { name: 'root', uid: process.getuid(), gid: process.getgid() }
  const known = [...linesOf(`${root}/etc/passwd`), ...linesOf('/etc/passwd')].map(line => line.split(':'))
  const user = known.find(([login]) => login === name)
  if (user === undefined) throw new Error(`uid.conf names ${name}, and this node has no such user`)
  return { name, uid: Number(user[2]), gid: Number(user[3]) }
}

/** On an NSS volume the trustees decide, elsewhere the owner. */
export const mayUse = (path, user) => {
  const [, volume, below] = /^\/media\/nss\/([^/]+)(.*)$/.exec(path) ?? []
  if (volume === undefined || user.name === 'root') return statSync(`${root}${path}`).uid === user.uid
  return linesOf(`${root}/media/nss/${volume}/._NETWARE/trustees`).some(line => {
    const [at, trustee, rights] = line.split('|')
    const isAbove = at === '/' || below === at || below.startsWith(`${at}/`)
    const isUser = trustee.replace(/^cn=/, '').split(/[.,]/)[0] === user.name
    return isAbove && isUser && /R.*W.*C/.test(rights)
  })
}
