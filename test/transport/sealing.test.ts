// What goes out sealed with AES-GCM is what RFC 5647 says, packet by packet.
import { createDecipheriv, randomBytes } from 'node:crypto'
import type { Client } from 'ssh2'
import { describe, expect, it } from 'vitest'
import { sealLightly } from '../../src/transport/sealing.ts'

/** As ssh2 has it for one direction where its compiled part is not there. */
const sealing = (name: string, keyBytes: number, counter = '0000000000000001') => {
  const written: Buffer[] = []
  const [key, nonce] = [randomBytes(keyBytes), Buffer.concat([randomBytes(4), Buffer.from(counter, 'hex')])]
  const own = () => {
    throw new Error('ssh2 itself')
  }
  const cipher = {
    ...{ _encSSLName: name, _encKey: key, _encIV: Buffer.from(nonce), _dead: false, outSeqno: 0xfffffffe },
    _onWrite: (bytes: Uint8Array) => void written.push(bytes as Buffer), // it is one
    allocPacket: own as (payloadBytes: number) => Buffer,
    encrypt: own as (packet: Buffer) => void,
  }
  sealLightly({ _protocol: { _cipher: cipher } } as unknown as Client)
  const send = (payload: Uint8Array) => {
    const packet = cipher.allocPacket(payload.length)
    packet.set(payload, 5)
    cipher.encrypt(packet)
  }
  return { cipher, send, opened: () => opened(Buffer.concat(written), { name, key, nonce }) }
}

type Sealed = { readonly name: string; readonly key: Buffer; readonly nonce: Buffer }

/** @throws {Error} Where a tag is another one. */
const opened = (all: Buffer, { name, key, nonce }: Sealed) => {
  const packets: { readonly payload: Buffer; readonly padding: Buffer }[] = []
  let counter = nonce.readBigUInt64BE(4)
  for (let at = 0; at < all.length; ) {
    const [length, end] = [all.subarray(at, at + 4), at + 4 + all.readUInt32BE(at)]
    const fixed = Buffer.alloc(12, nonce)
    fixed.writeBigUInt64BE(counter, 4)
    counter = BigInt.asUintN(64, counter + 1n)
    const gcm = createDecipheriv(name as 'aes-128-gcm', key, fixed)
    gcm.setAAD(length).setAuthTag(all.subarray(end, end + 16))
    const clear = Buffer.concat([gcm.update(all.subarray(at + 4, end)), gcm.final()])
    const padding = clear[0] ?? 0
    packets.push({ payload: clear.subarray(1, -padding), padding: clear.subarray(-padding) })
    at = end + 16
  }
  return packets
}

describe('packets of any length are opened again', () => {
  const payloads = [...Array(40).keys(), 4081, 4082, 32_777, 33_700, 40_000].map(bytes => randomBytes(bytes))

  it.each([
    ['aes-128-gcm', 16, '0000000000000001'],
    ['aes-256-gcm', 32, '00000000000000fe'],
    ['aes-256-gcm', 32, 'fffffffffffffffe'],
  ])('by %s with a key of %i bytes, where they are counted from %s', (name, keyBytes, counter) => {
    const { cipher, send, opened } = sealing(name, keyBytes, counter)
    for (const payload of payloads) send(payload)
    const packets = opened()
    expect(packets.map(({ payload }) => payload)).toEqual(payloads)
    for (const { payload, padding } of packets) {
      expect(padding.length).toBeGreaterThanOrEqual(4)
      expect((1 + payload.length + padding.length) % 16).toBe(0)
    }
    expect(cipher.outSeqno).toBe(payloads.length - 2)
  })
})

it('no padding is given twice', () => {
  const { send, opened } = sealing('aes-128-gcm', 16)
  for (let packet = 0; packet < 2000; packet += 1) send(Buffer.alloc(1))
  const all = opened().map(({ padding }) => padding.toString('hex'))
  expect(new Set(all).size).toBe(2000)
})

it('nothing is sealed any more when ssh2 has let go of it', () => {
  const { cipher, send, opened } = sealing('aes-128-gcm', 16)
  cipher._dead = true
  send(Buffer.alloc(10))
  expect(opened()).toEqual([])
})

it.each([
  ['counts and signs', { _encSSLName: 'aes-128-ctr', _encKey: Buffer.alloc(16), _encIV: Buffer.alloc(16) }],
  ['is compiled', { _encKey: undefined }],
  ['is none', undefined],
])('what %s is left as it is', (_, cipher) => {
  const before = { ...cipher }
  sealLightly({ _protocol: { _cipher: cipher } } as unknown as Client)
  expect({ ...cipher }).toEqual(before)
})
