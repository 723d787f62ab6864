// Each fault looks to a client as the real one does, and ends when it is told to.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import { afterEach, expect, it, vi } from 'vitest'
import { connectionOf, type Fault, labFault } from '../../lab/index.ts'
import { up } from './scratch-lab.ts'
import { begin, login, output, run } from './ssh.ts'

const lab = await up()
const fault = (it: Fault): Promise<void> => labFault(lab.dir, 'node1', it)

afterEach(() => fault({ kind: 'none' }))

it('drop: the connection goes in mid-command; the command has begun, and the next connection is welcome', async () => {
  const client = await login(lab, 'node1')
  await fault({ kind: 'drop', when: 'mark-1' })
  expect((await run(client, 'echo before')).status).toBe(0)
  const said = await run(client, 'echo begun >/tmp/mark-1; sleep 60')
  expect([said.status, said.signal]).toEqual([undefined, undefined])
  const again = await login(lab, 'node1')
  await vi.waitFor(async () => expect(await output(again, 'cat /tmp/mark-1')).toBe('begun'), 5_000)
})

it('drop: also at a word of the input, as of a long-lived shell', async () => {
  const { channel, said, until } = await begin(await login(lab, 'node1'), 'sh')
  await fault({ kind: 'drop', when: 'mark-2' })
  channel.write('echo one\n')
  await until('one')
  channel.write('echo mark-')
  channel.write('2\n')
  expect((await said).stdout).toBe('one\n')
})

it('freeze: nothing comes any more, and the connection stays', async () => {
  const client = await login(lab, 'node1')
  await fault({ kind: 'freeze', when: 'mark-3' })
  const outcome = await Promise.race([run(client, 'echo mark-3'), once(client, 'close'), pause(300)])
  expect(outcome).toBe('nothing')
  client.destroy()
})

it('no-exit-status: a command ends, and nobody says how', async () => {
  const client = await login(lab, 'node1')
  await fault({ kind: 'no-exit-status' })
  expect(await run(client, 'echo done')).toEqual({ stdout: 'done\n', stderr: '' })
})

it('max-sessions: one channel too many is refused', async () => {
  const client = await login(lab, 'node1')
  await fault({ kind: 'max-sessions', max: 1 })
  const first = await begin(client, 'sleep 60')
  await expect(begin(client, 'true')).rejects.toThrow()
  first.channel.close()
})

it.each([
  ['refuse-login', { level: 'client-authentication' }],
  ['unreachable', { code: 'ECONNREFUSED' }],
] as const)('%s', async (kind, error) => {
  await fault({ kind })
  await expect(login(lab, 'node1')).rejects.toMatchObject(error)
  await fault({ kind: 'none' })
  expect(await output(await login(lab, 'node1'), 'uname -n')).toBe('node1')
})

it('other-host-key: the key is not the one in known_hosts', async () => {
  const [before, same] = [await hostKey(), await hostKey()]
  await fault({ kind: 'other-host-key' })
  expect(same).toBe(before)
  expect(await hostKey()).not.toBe(before)
  expect(readFileSync(connectionOf(lab, 'node1').knownHostsFile, 'utf8')).toContain(before)
})

it('a node that is unknown is named', async () => {
  await expect(labFault(lab.dir, 'node9', { kind: 'drop' })).rejects.toMatchObject({ code: 'lab-node-unknown' })
})

const pause = (ms: number): Promise<string> => new Promise(resolve => setTimeout(resolve, ms, 'nothing'))

const hostKey = async (): Promise<string> => {
  const { host, port } = connectionOf(lab, 'node1')
  return new Promise(resolve => {
    const hostVerifier = (key: Buffer) => void resolve(key.toString('base64'))
    new ssh2.Client().on('error', () => {}).connect({ host, port, username: 'root', hostVerifier })
  })
}
