// One connection to the directory: encrypted before anything is told, logged in, and dead for good when it breaks.
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Client, ResultCodeError } from 'ldapts'
import { Problem } from '../../model/problem.ts'
import { reveal } from '../../model/secret.ts'
import { loginRefused, tlsRefused } from './problems.ts'
import type { DirectoryTarget } from './target.ts'
import { explainTls, type TlsError, tlsOptions } from './tls.ts'

export type Link = {
  readonly client: Client
  isAlive(): boolean
  close(): void
}

/** The stream gave no answer that could be understood as the directory's. */
export class NoAnswer extends Error {}

/**
 * Makes a link of a stream that is open.
 *
 * @throws {NoAnswer} when whoever is at the other end does not answer as a directory: another way may lead to it.
 * @throws {Problem} `directory-tls-refused`, `directory-login-refused`, `root-certificate-unreadable`.
 */
export const openLink = async (stream: Duplex, target: DirectoryTarget): Promise<Link> => {
  const { encryption, timeoutMs } = target
  let isAlive = true
  const onClose = () => {
    isAlive = false
  }
  stream.on('error', onClose).on('close', onClose)
  // A server that takes the connection and says nothing must not hold us for ever.
  const late = setTimeout(() => stream.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  try {
    const base = encryption === 'ldaps' ? await secured(stream, target) : stream
    const client = clientOver(base, timeoutMs)
    if (encryption === 'starttls') await startTls(client, target, stream)
    await login(client, target)
    return { client, isAlive: () => isAlive, close: () => stream.destroy() }
  } catch (error) {
    stream.destroy()
    throw error
  } finally {
    clearTimeout(late)
  }
}

const secured = (stream: Duplex, target: DirectoryTarget): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ ...tlsOptions(target), socket: stream as Socket }) // it takes any stream
    const fail = (error: TlsError) => reject(explainTls(error, target) ?? new NoAnswer(error.message))
    socket.once('error', fail)
    // The error of a stream that breaks in the handshake does not always come through.
    stream.once('error', fail).once('close', () => reject(new NoAnswer('it closed the connection')))
    socket.once('secureConnect', () => {
      socket.off('error', fail).on('error', () => {})
      resolve(socket)
    })
  })

/** ldapts connects anew by itself, without TLS and without login: it gets this one stream, and no other. */
const clientOver = (stream: Duplex, timeoutMs: number): Client => {
  let isGiven = false
  const client = new Client({
    url: 'ldap://directory',
    timeout: timeoutMs,
    createConnection: () => {
      if (isGiven) throw new NoAnswer('the connection is lost')
      isGiven = true
      // What a socket tells of itself; the channel of a node says nothing, and is open.
      return ('readyState' in stream
        ? stream
        : Object.assign(stream, { connecting: false, readyState: 'open' })) as unknown as Socket
    },
  })
  return client
}

const startTls = async (client: Client, target: DirectoryTarget, stream: Duplex): Promise<void> => {
  const closed = new Promise<never>((_, reject) => {
    stream.once('error', reject).once('close', () => reject(new NoAnswer('it closed the connection')))
  })
  closed.catch(() => {})
  try {
    await Promise.race([client.startTLS(tlsOptions(target)), closed])
  } catch (error) {
    if (error instanceof Problem) throw error
    if (error instanceof ResultCodeError) throw noStartTls(target, error)
    throw explainTls(error as TlsError, target) ?? new NoAnswer(messageOf(error))
  }
}

const noStartTls = (target: DirectoryTarget, { code, message }: ResultCodeError): Problem =>
  tlsRefused(target, {
    why: 'it refuses to begin TLS',
    seen: `${message} (result ${code})`,
    help: 'use `encryption: ldaps` with port 636; `encryption: plain` sends the password in the clear',
  })

const login = async (client: Client, target: DirectoryTarget): Promise<void> => {
  try {
    await client.bind(target.user, reveal(target.password))
  } catch (error) {
    if (!(error instanceof ResultCodeError)) throw new NoAnswer(messageOf(error))
    throw loginRefused(target, `${error.message} (result ${error.code})`)
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
