// What is mounted at one mount point.
import { z } from 'zod'
import { definitionOf, resource } from '../resource.ts'
import { parseMounts } from './mounts.ts'
import { coverMountsBelow } from './mounts-below.ts'
import { isBelow } from './paths.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('unmounted') }),
  z.object({ type: z.literal('mounted'), source: z.string(), fstype: z.string() }),
])

export type MountValue = z.infer<typeof schema>

export const mount = resource<MountValue>({
  kind: 'mount',
  schema,
  read: $ => $`exec cat /proc/mounts`,
  parse({ stdout }, key) {
    const lines = parseMounts(stdout)
    if (lines.length === 0) return undefined
    // The last line wins: it lies on top of those before.
    const line = lines.findLast(({ at }) => at === key)
    return line ? { type: 'mounted', source: line.source, fstype: line.fstype } : { type: 'unmounted' }
  },
  covers(change, other) {
    const { key, after } = change
    const ofAbove = other.kind === 'mounts-below' ? coverMountsBelow(change, other.key) : undefined
    if (ofAbove) return ofAbove
    if (!definitionOf(other.kind)?.ofPath || !(other.key === key || isBelow(other.key, key))) return undefined
    const value = schema.safeParse(after)
    if (!value.success || value.data.type === 'unmounted') return { type: 'unknown' }
    return { type: 'moved', home: `volume ${value.data.source}` }
  },
})
