// A plain SSH client for the tests of the lab: what a node says, with its exit status or signal.

import { readFileSync } from 'node:fs'
import ssh2, { type Client, type ClientChannel, type PseudoTtyOptions } from 'ssh2'
import { afterAll } from 'vitest'
import { connectionOf, type Lab } from '../../lab/index.ts'

export type Said = {
  readonly status?: number
  readonly signal?: string
  readonly stdout: string
  readonly stderr: string
}

const clients: Client[] = []

/** On a busy machine a handshake takes its time. */
const patienceMs = 60_000

afterAll(() => {
  for (const client of clients) client.end()
})

/** A connection that stays open until the end of the test file. */
export const login = async (lab: Lab, node: string, username = 'root'): Promise<Client> => {
  const { host, port, privateKeyFile } = connectionOf(lab, node)
  const client = new ssh2.Client()
  clients.push(client)
  await new Promise<void>((resolve, reject) => {
    client.once('ready', () => resolve()).once('error', reject)
    client.once('close', () => reject(new Error('closed')))
    client.connect({ host, port, username, privateKey: readFileSync(privateKeyFile), readyTimeout: patienceMs })
  })
  client.on('error', () => {})
  return client
}

/** A command that goes on, and everything that it says. */
export type Talk = {
  readonly channel: ClientChannel
  /** All of it, once the channel has closed. */
  readonly said: Promise<Said>
  /** Waits until its output holds the text. */
  until(text: string): Promise<void>
}

/** Listens from the moment on when the channel is there: the whole of a short command can come with it. */
export const begin = (client: Client, command: string, pty?: PseudoTtyOptions): Promise<Talk> =>
  new Promise((resolve, reject) =>
    client.exec(command, pty ? { pty } : {}, (error, channel) => (error ? reject(error) : resolve(listen(channel)))),
  )

const listen = (channel: ClientChannel): Talk => {
  let stdout = ''
  let stderr = ''
  let end: Pick<Said, 'status' | 'signal'> = {}
  channel.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  channel.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  channel.on('exit', (status: number | null, signal?: string) => (end = signal ? { signal } : { status: status ?? -1 }))
  return {
    channel,
    said: new Promise(resolve => channel.on('close', () => resolve({ ...end, stdout, stderr }))),
    until: text =>
      new Promise(resolve => {
        const look = () => {
          if (!stdout.includes(text)) return
          channel.off('data', look)
          resolve()
        }
        channel.on('data', look)
        look()
      }),
  }
}

export const run = async (client: Client, command: string, input = ''): Promise<Said> => {
  const { channel, said } = await begin(client, command)
  channel.end(input)
  return said
}

/** What a command prints, when it ends well. */
export const output = async (client: Client, command: string): Promise<string> => {
  const { status, stdout, stderr } = await run(client, command)
  if (status !== 0) throw new Error(`${command}: ${status}: ${stderr}`)
  return stdout.trim()
}
