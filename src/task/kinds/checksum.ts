// The content of a file of any size, as a number that changes with it.
import { z } from 'zod'
import { definitionOf, resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('sum'), crc: z.string(), bytes: z.number() }),
])

/** CRC and length by `cksum`, which is all that POSIX has: it finds what was changed, not who means harm. */
export const checksum = resource<z.infer<typeof schema>>({
  kind: 'checksum',
  schema,
  ofPath: true,
  presumed: { type: 'absent' },
  read: ($, path) => $`if [ -f ${path} ]; then cksum <${path}; else echo absent; fi`,
  parse({ stdout }) {
    if (stdout.trim() === 'absent') return { type: 'absent' }
    const [, crc, bytes] = /^(\d+)\s+(\d+)\s*$/.exec(stdout) ?? []
    return crc === undefined ? undefined : { type: 'sum', crc, bytes: Number(bytes) }
  },
  covers: ({ key }, other) =>
    other.key === key && definitionOf(other.kind)?.ofPath && !besideContent.has(other.kind)
      ? { type: 'unknown' }
      : undefined,
})

/** What is true of a file whatever it holds. */
const besideContent: ReadonlySet<string> = new Set(['file', 'owners', 'directory-owners', 'mount'])
