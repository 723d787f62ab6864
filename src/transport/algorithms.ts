// Which SSH algorithms are offered: today's, and the old ones only for a host that was told to need them.
import type { Algorithms } from 'ssh2'
import { hostKeyAlgorithms } from './host-key.ts'
import type { KnownKey } from './known-hosts.ts'

/** What ssh2 is told; what is not named here stays as it is there. */
export const algorithmsFor = (known: readonly KnownKey[], legacy: boolean): Algorithms => {
  const serverHostKey = [...hostKeyAlgorithms(known, legacy)] as NonNullable<Algorithms['serverHostKey']>
  return legacy ? { serverHostKey, ...legacyOnTop } : { serverHostKey }
}

const legacyOnTop: Algorithms = {
  kex: {
    append: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
    prepend: [],
    remove: [],
  },
  cipher: { append: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'], prepend: [], remove: [] },
  hmac: { append: ['hmac-md5'], prepend: [], remove: [] },
}
