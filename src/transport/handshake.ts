// From a connection to a login: algorithms, host key, proof of who we are.
//
// node-ssh on its own accepts any host key, takes the end of a connection for the end of a command, and lets a reset
// end the whole process. So: our own socket (without delay), a verifier, an error listener that stays, keepalive.
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Client } from 'ssh2'
import { Problem } from '../model/problem.ts'
import { algorithmsFor } from './algorithms.ts'
import type { Company } from './company.ts'
import { givenUp, hostUnreachable, noCommonAlgorithm, socketWords } from './connection-problems.ts'
import { type Ended, watch } from './ended.ts'
import { listenToGreeting } from './greeting.ts'
import { fingerprint } from './host-key.ts'
import { type LoginWays, loginWays } from './login.ts'
import { loginRefused } from './login-refused.ts'
import { patience } from './patience.ts'
import type { Target } from './target.ts'
import { acquaint, readTrust, type Trust } from './trust.ts'

export type Meeting = {
  /**
   * Opens the way to the server. It is asked when all is ready: what came through a host in between before anyone listens
   * could be lost.
   */
  open(): Promise<Duplex>
  readonly company: Company
  /** From then on nobody waits for it. */
  readonly until?: AbortSignal | undefined
}

export type Met = { readonly client: Client; readonly ended: Ended; readonly hostKey: string }

/** @throws {Problem} what `connect` throws. */
export const shakeHands = async (target: Target, meeting: Meeting): Promise<Met> => {
  for (const notice of target.notices ?? []) meeting.company.tell(notice)
  for (let round = 0; round < 2; round += 1) {
    const met = await attempt(target, meeting)
    if (!Buffer.isBuffer(met)) return met
    const distrust = await acquaint(met, target, meeting.company)
    if (distrust) throw distrust
  }
  throw hostUnreachable(target, 'another host key at each connection')
}

/** @returns The key that the server shows, where nobody knows it and somebody may get to know it. */
const attempt = async (target: Target, { open, company, until }: Meeting): Promise<Met | Buffer> => {
  const clock = patience(target.connectTimeoutMs)
  const { person, ...deaf } = company
  const attended = { ...deaf, ...(person && !target.isBatch && { person }), unhurried: clock.unhurried }
  const [ways, trust] = await Promise.all([loginWays(target, attended), readTrust(target, company)])
  const socket = await open()
  if (until?.aborted) {
    socket.destroy()
    throw hostUnreachable(target, givenUp)
  }
  clock.start()
  const greeting = listenToGreeting()
  const ssh = new NodeSSH()
  let distrust: ReturnType<Trust['judge']>
  let shown: Buffer = Buffer.alloc(0)
  const ready = ssh.connect({
    sock: socket as Socket, // ssh2 takes any stream
    username: target.user,
    authHandler: ways.next,
    readyTimeout: 0, // ours stands still while a person is asked
    keepaliveInterval: target.keepaliveMs ?? 10_000,
    keepaliveCountMax: 3,
    algorithms: algorithmsFor(trust.known, target),
    ...(company.greeted && { debug: greeting.debug }),
    hostVerifier: (key: Buffer) => {
      shown = key
      distrust = trust.judge(key)
      return distrust === undefined
    },
  })
  const client = ssh.connection
  if (!client) throw new Error('node-ssh made no connection')
  greeting.follow(client)
  const ended = watch(client, target)
  client.on('change password', () => client.emit('error', new Error(newPassword)))
  const late = clock.over.then(() => {
    throw hostUnreachable(target, `connected, but no SSH login within ${target.connectTimeoutMs / 1000} s`)
  })
  const giveUp = () => socket.destroy()
  until?.addEventListener('abort', giveUp)
  try {
    await Promise.race([ready, late])
    return { client, ended, hostKey: fingerprint(shown) }
  } catch (error) {
    socket.destroy()
    if (distrust === 'new') return shown
    throw distrust ?? explain(error as ClientError, target, ways)
  } finally {
    until?.removeEventListener('abort', giveUp)
    clock.stop()
    const heard = greeting.heard()
    if (heard) company.greeted?.(target.host, heard)
  }
}

type ClientError = NodeJS.ErrnoException & { readonly level?: string }

const newPassword = 'the server wants a new password first: log in by hand and change it'

const explain = (error: ClientError | Problem, target: Target, ways: LoginWays): Error => {
  if (error instanceof Problem) return error
  if (error.level === 'client-authentication') return loginRefused(target, ways)
  if (error.message === newPassword || /too many authentication/i.test(error.message))
    return loginRefused(target, { ...ways, said: error.message })
  if (/no matching|unsupported/i.test(error.message)) return noCommonAlgorithm(target, error.message)
  return hostUnreachable(target, socketWords(error))
}
