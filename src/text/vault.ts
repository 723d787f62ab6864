// Ansible Vault's text form, 1.1 and 1.2: a header, then salt, MAC and ciphertext in hex. The MAC is checked first.
import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

/** A password, or the text of one. */
export type VaultPassword = string | Uint8Array

export type Envelope = {
  /** The vault id that it was encrypted for; a text of form 1.1 has `default`. */
  readonly label: string
  readonly salt: Buffer
  readonly mac: Buffer
  readonly ciphertext: Buffer
}

/** What is wrong with a text that says of itself that it is a vault. */
export class VaultDamage extends Error {}

export const defaultLabel = 'default'

const header = '$ANSIBLE_VAULT'

export const isVault = (text: string): boolean => text.trimStart().startsWith(`${header};`)

/** True for what can stand in a header, and be read back from there. */
export const isVaultLabel = (label: string): boolean => /^[^\s;@][^\n\r;]*$/.test(label) && label.trim() === label

/**
 * The parts of an encrypted text; indented lines, CRLF and empty lines at the end are as good as none.
 *
 * @throws {VaultDamage} With what is wrong, as a sentence.
 */
export const openEnvelope = (text: string): Envelope => {
  const [first = '', ...lines] = text.trim().split(/\r?\n/)
  const [name, version = '', cipher = '', label] = first.split(';').map(part => part.trim())
  if (name !== header) throw new VaultDamage('its first line is no header of ansible-vault')
  if (version !== '1.1' && version !== '1.2') throw new VaultDamage(`its version is ${version || 'not there'}`)
  if (cipher !== 'AES256') throw new VaultDamage(`its cipher is ${cipher || 'not there'}`)
  const parts = fromHex(lines.map(line => line.trim()).join(''))
    .toString('latin1')
    .split('\n')
  const [salt, mac, ciphertext] = parts.map(fromHex)
  if (parts.length !== 3 || !salt || !mac || !ciphertext)
    throw new VaultDamage(`it has ${parts.length} parts and not salt, MAC and ciphertext`)
  if (mac.length !== 32) throw new VaultDamage(`its MAC has ${mac.length} bytes and not 32`)
  if (ciphertext.length === 0) throw new VaultDamage('it holds no ciphertext')
  return { label: label || defaultLabel, salt, mac, ciphertext }
}

/**
 * What was encrypted.
 *
 * @returns Nothing where the MAC does not fit: another password, or another text than the one that was encrypted.
 * @throws {VaultDamage} Where the MAC fits and the padding does not.
 */
export const decrypt = ({ salt, mac, ciphertext }: Envelope, password: VaultPassword): Buffer | undefined => {
  const { key, macKey, counter } = derive(password, salt)
  if (!timingSafeEqual(createHmac('sha256', macKey).update(ciphertext).digest(), mac)) return undefined
  const decipher = createDecipheriv('aes-256-ctr', key, counter)
  return unpadded(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

/**
 * Encrypts as `ansible-vault` does.
 *
 * @param label Vault id; without one, or with `default`, the form is 1.1.
 * @returns Lines of at most 80 characters, the last one ended too.
 */
export const encrypt = (
  bytes: Uint8Array,
  password: VaultPassword,
  { label = defaultLabel, salt = randomBytes(32) }: { readonly label?: string; readonly salt?: Uint8Array } = {},
): string => {
  const { key, macKey, counter } = derive(password, salt)
  const cipher = createCipheriv('aes-256-ctr', key, counter)
  const ciphertext = Buffer.concat([cipher.update(padded(bytes)), cipher.final()])
  const mac = createHmac('sha256', macKey).update(ciphertext).digest()
  const body = Buffer.from([Buffer.from(salt), mac, ciphertext].map(toHex).join('\n')).toString('hex')
  const form = label === defaultLabel ? '1.1;AES256' : `1.2;AES256;${label}`
  return `${[`${header};${form}`, ...(body.match(/.{1,80}/g) ?? [])].join('\n')}\n`
}

/** @source ansible/parsing/vault, VaultAES256: 10000 rounds, 32 bytes of key, 32 for the MAC, 16 of counter. */
const derive = (password: VaultPassword, salt: Uint8Array) => {
  const derived = pbkdf2Sync(password, salt, 10_000, 80, 'sha256')
  return { key: derived.subarray(0, 32), macKey: derived.subarray(32, 64), counter: derived.subarray(64, 80) }
}

/** PKCS#7 to whole blocks, which a counter mode would not need; Ansible writes it all the same. */
const padded = (bytes: Uint8Array): Buffer => {
  const more = 16 - (bytes.length % 16)
  return Buffer.concat([bytes, Buffer.alloc(more, more)])
}

const unpadded = (bytes: Buffer): Buffer => {
  const more = bytes.at(-1) ?? 0
  const isPadding = more >= 1 && more <= 16 && bytes.subarray(-more).every(byte => byte === more)
  if (!isPadding || bytes.length % 16 !== 0) throw new VaultDamage('its last block is not filled up as it should be')
  return bytes.subarray(0, bytes.length - more)
}

const toHex = (bytes: Buffer): string => bytes.toString('hex')

/** Strict, where `Buffer.from` stops at the first character that is no hex digit. */
const fromHex = (text: string): Buffer => {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw new VaultDamage('it is not all hex digits, in pairs')
  return Buffer.from(text, 'hex')
}
