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
    client.connect({ host, port, username, privateKey: readFileSync(privateKeyFile) })
  })
  client.on('error', () => {})
  return client
}

export const begin = (client: Client, command: string, pty?: PseudoTtyOptions): Promise<ClientChannel> =>
  new Promise((resolve, reject) =>
    client.exec(command, pty ? { pty } : {}, (error, channel) => (error ? reject(error) : resolve(channel))),
  )

/** Everything until the channel closes. */
export const heard = (channel: ClientChannel): Promise<Said> =>
  new Promise(resolve => {
    let stdout = ''
    let stderr = ''
    let end: Pick<Said, 'status' | 'signal'> = {}
    channel.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    channel.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    channel.on(
      'exit',
      (status: number | null, signal?: string) => (end = signal ? { signal } : { status: status ?? -1 }),
    )
    channel.on('close', () => resolve({ ...end, stdout, stderr }))
  })

export const run = async (client: Client, command: string, input = ''): Promise<Said> => {
  const channel = await begin(client, command)
  const said = heard(channel)
  channel.end(input)
  return said
}

/** What a command prints, when it ends well. */
export const output = async (client: Client, command: string): Promise<string> => {
  const { status, stdout, stderr } = await run(client, command)
  if (status !== 0) throw new Error(`${command}: ${status}: ${stderr}`)
  return stdout.trim()
}
