// The content of a file of any size, as a number that changes with it.
import { z } from 'zod'
import type { Change, ResourceName } from '../../model/change.ts'
import { cksum } from '../../text/cksum.ts'
import { type Cover, definitionOf, resource } from '../resource.ts'

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
  read: ($, path) => $`if [ -f ${path} ]; then exec cksum <${path}; else echo absent; fi`,
  parse({ stdout }) {
    if (stdout.trim() === 'absent') return { type: 'absent' }
    const [, crc, bytes] = /^(\d+)\s+(\d+)\s*$/.exec(stdout) ?? []
    return crc === undefined ? undefined : { type: 'sum', crc, bytes: Number(bytes) }
  },
  covers: coverContent,
})

/** Another content: whatever is told of the file, those of site's own tasks included, may be another one too. */
export function coverContent({ key }: Change, other: ResourceName): Cover | undefined {
  const isTouched = other.key === key && definitionOf(other.kind)?.ofPath && !besideContent.has(other.kind)
  return isTouched ? { type: 'unknown' } : undefined
}

/** What is true of a file whatever it holds. */
const besideContent: ReadonlySet<string> = new Set([
  'file',
  'owners',
  'directory-owners',
  'modes',
  'mount',
  'mounts-below',
])

/** What a look at the file will see when it holds these bytes. */
export const checksumOf = (bytes: Uint8Array) => {
  const sum = cksum()
  sum.add(bytes)
  return { type: 'sum' as const, ...sum.end() }
}
