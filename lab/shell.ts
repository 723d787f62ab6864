// A shell on a node, on the user's own terminal; or one command, which reads what the user hands it.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import ssh2, { type ClientChannel } from 'ssh2'
import type { Connection } from './index.ts'

/**
 * Opens a shell, or carries one command out, and hands input and output over until it ends.
 *
 * @returns Its exit status.
 */
export const labShell = async (connection: Connection, command: string): Promise<number> => {
  const { host, port, user, privateKeyFile, knownHostsFile } = connection
  const known = readFileSync(knownHostsFile, 'utf8')
  const client = new ssh2.Client()
  client.connect({
    ...{ host, port, username: user, privateKey: readFileSync(privateKeyFile) },
    hostVerifier: (key: Buffer) => known.includes(`[${host}]:${port} ssh-ed25519 ${key.toString('base64')}`),
  })
  await once(client, 'ready')
  try {
    if (command !== '') return await openCommand(client, command)
    if (process.stdin.isTTY) process.stdin.setRawMode(true)
    return await openShell(client)
  } finally {
    if (process.stdin.isTTY) process.stdin.setRawMode(false)
    client.end()
  }
}

const size = () => ({ rows: process.stdout.rows ?? 24, cols: process.stdout.columns ?? 80 })

const openShell = (client: ssh2.Client): Promise<number> =>
  new Promise((resolve, reject) => {
    const terminal = process.stdin.isTTY ? { ...size(), term: process.env.TERM ?? 'dumb' } : false
    client.shell(terminal, (error, channel) => (error ? reject(error) : resolve(attach(channel))))
  })

const openCommand = (client: ssh2.Client, command: string): Promise<number> =>
  new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(attach(channel))))
  })

/** Listened to at once: the whole of a short command can come in the packet that opens its channel. */
const attach = async (channel: ClientChannel): Promise<number> => {
  const resize = () => channel.setWindow(size().rows, size().cols, 0, 0)
  process.stdout.on('resize', resize)
  process.stdin.pipe(channel).pipe(process.stdout)
  channel.stderr.pipe(process.stderr)
  let status = 255
  channel.on('exit', (code: number | null) => (status = code ?? 255))
  await once(channel, 'close')
  process.stdout.off('resize', resize)
  process.stdin.unpipe(channel).pause()
  return status
}
