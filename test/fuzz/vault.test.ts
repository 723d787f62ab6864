// A vault that was damaged is told as damaged, or opens for nobody: never as another secret.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decrypt, encrypt, openEnvelope, VaultDamage } from '../../src/text/vault.ts'
import { anyText, slips, tries } from '../kit/fuzz.ts'

const password = 'the password'
const text = encrypt(Buffer.from('the secret'), password, { salt: Buffer.alloc(32, 7) })

/** What it opens as; nothing where it is damaged, or the password does not fit. */
const opened = (damaged: string): string | undefined => {
  try {
    return decrypt(openEnvelope(damaged), password)?.toString()
  } catch (error) {
    if (error instanceof VaultDamage) return undefined
    throw error
  }
}

test('of any text, or with slips', () => {
  const header = fc.constantFrom('$ANSIBLE_VAULT;1.1;AES256\n', '$ANSIBLE_VAULT;1.2;AES256;x\n')
  const any = fc.oneof(
    slips(text),
    anyText,
    fc.tuple(header, anyText).map(parts => parts.join('')),
  )
  fc.assert(
    fc.property(any, each => {
      expect([undefined, 'the secret']).toContain(opened(each))
    }),
    tries(60),
  )
})
