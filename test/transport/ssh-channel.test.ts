// What is written to a node, and in how many packets.
import { PassThrough } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { describe, expect, it } from 'vitest'
import { sshChannel } from '../../src/transport/ssh-channel.ts'

const open = () => {
  const stream = Object.assign(new PassThrough(), { stderr: new PassThrough() })
  const packets: string[] = []
  stream.on('data', (bytes: Buffer) => packets.push(`${bytes}`))
  // A channel has more, and of that nothing is asked here.
  return { channel: sshChannel(stream as unknown as ClientChannel, new Promise(() => {})), packets }
}

const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))

describe('what is written to a node goes', () => {
  it('in one packet where it is said in one turn', async () => {
    const { channel, packets } = open()
    await Promise.all(['one ', 'two'].map(text => channel.write(text)))
    expect(packets).toEqual(['one two'])
  })

  it('in two where the second comes later', async () => {
    const { channel, packets } = open()
    const first = channel.write('one')
    await nextTurn()
    await Promise.all([first, channel.write('two')])
    expect(packets).toEqual(['one', 'two'])
  })

  it('with what follows in the next turn, where it is said to be followed', async () => {
    const { channel, packets } = open()
    const first = channel.write('command ', { isFollowed: true })
    await nextTurn()
    await Promise.all([first, channel.write('looks')])
    expect(packets).toEqual(['command looks'])
  })

  it('though nothing follows', async () => {
    const { channel, packets } = open()
    await channel.write('command', { isFollowed: true })
    expect(packets).toEqual(['command'])
  })

  it('before the end of it', async () => {
    const { channel, packets } = open()
    const first = channel.write('command', { isFollowed: true })
    channel.endInput()
    await first
    expect(packets).toEqual(['command'])
  })
})
