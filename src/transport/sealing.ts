// Seals packets with AES-GCM in fewer steps than ssh2 takes where its compiled part is not there.
import { type CipherGCMTypes, createCipheriv, randomBytes } from 'node:crypto'
import type { Client } from 'ssh2'

/**
 * Of a connection that is there; after a further exchange of keys ssh2 seals as it does by itself.
 *
 * A packet is gone when it was sealed, so a large one is made in a room that all share, and its padding comes from random
 * bytes in store: each asked for anew was a seventh of what sending costs.
 */
export const sealLightly = (client: Client): void => {
  const cipher = (client as Inside)._protocol?._cipher
  if (!isGcm(cipher)) return
  cipher.allocPacket = packetFor
  cipher.encrypt = packet => {
    if (cipher._dead) return
    // What is written waits for the end of the turn, when the room holds another packet.
    const length = Buffer.from(packet.subarray(0, lengthBytes))
    const gcm = createCipheriv(cipher._encSSLName, cipher._encKey, cipher._encIV)
    gcm.setAAD(length)
    const sealed = gcm.update(packet.subarray(lengthBytes))
    gcm.final()
    for (const part of [length, sealed, gcm.getAuthTag()]) cipher._onWrite(part)
    count(cipher._encIV)
    cipher.outSeqno = (cipher.outSeqno + 1) >>> 0
  }
}

const lengthBytes = 4
const blockBytes = 16

/** @source RFC 4253, 6 "Binary Packet Protocol"; RFC 5647, 7.2: the length is not sealed, and no part of what fills blocks */
const packetFor = (payloadBytes: number): Buffer => {
  const least = 1 + payloadBytes + leastPadding
  const rest = Math.ceil(least / blockBytes) * blockBytes
  const padding = rest - 1 - payloadBytes
  const packet = roomFor(lengthBytes + rest)
  packet.writeUInt32BE(rest)
  packet[lengthBytes] = padding
  packet.set(randomOf(padding), lengthBytes + 1 + payloadBytes)
  return packet
}

const leastPadding = 4

/** A server takes 32 KB in a packet. */
const room = Buffer.allocUnsafeSlow(2 ** 15 + 2 ** 10)

/** What is short is made where Node.js has room for it. */
const roomFor = (bytes: number): Buffer =>
  bytes > 2 ** 12 && bytes <= room.length ? room.subarray(0, bytes) : Buffer.allocUnsafe(bytes)

let store = Buffer.alloc(0)

/** None is given twice. */
const randomOf = (bytes: number): Uint8Array => {
  if (store.length < bytes) store = randomBytes(2 ** 14)
  const taken = store.subarray(0, bytes)
  store = store.subarray(bytes)
  return taken
}

/** The last eight bytes count the packets; they may begin anywhere. @source RFC 5647, 7.1 */
const count = (nonce: Uint8Array): void => {
  for (let at = 11; at > 3; at -= 1) {
    nonce[at] = ((nonce[at] ?? 0) + 1) % 256
    if (nonce[at] !== 0) return
  }
}

type Gcm = {
  readonly _encSSLName: CipherGCMTypes
  readonly _encKey: Uint8Array
  readonly _encIV: Uint8Array
  readonly _dead: boolean
  readonly _onWrite: (bytes: Uint8Array) => void
  outSeqno: number
  allocPacket(payloadBytes: number): Buffer
  encrypt(packet: Buffer): void
}

/** What ssh2 seals with; its types leave that out. */
type Inside = Client & { readonly _protocol?: { readonly _cipher?: Partial<Gcm> } }

/** Its compiled part keeps keys to itself. */
const isGcm = (cipher: Partial<Gcm> | undefined): cipher is Gcm =>
  cipher?._encSSLName?.endsWith('-gcm') === true &&
  cipher._encKey !== undefined &&
  cipher._encIV?.length === 12 &&
  typeof cipher._onWrite === 'function' &&
  typeof cipher.outSeqno === 'number'
