// What is mounted at one mount point.
import { z } from 'zod'
import { definitionOf, resource } from '../resource.ts'
import { isBelow } from './paths.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('unmounted') }),
  z.object({ type: z.literal('mounted'), source: z.string(), fstype: z.string() }),
])

export type MountValue = z.infer<typeof schema>

export type MountLine = { readonly source: string; readonly at: string; readonly fstype: string }

export const mount = resource<MountValue>({
  kind: 'mount',
  schema,
  read: $ => $`cat /proc/mounts`,
  parse({ stdout }, key) {
    const lines = parseMounts(stdout)
    if (lines.length === 0) return undefined
    // The last line wins: it lies on top of those before.
    const line = lines.findLast(({ at }) => at === key)
    return line ? { type: 'mounted', source: line.source, fstype: line.fstype } : { type: 'unmounted' }
  },
  covers({ key, after }, other) {
    if (!definitionOf(other.kind)?.ofPath || !(other.key === key || isBelow(other.key, key))) return undefined
    const value = schema.safeParse(after)
    if (!value.success || value.data.type === 'unmounted') return { type: 'unknown' }
    return { type: 'moved', home: `volume ${value.data.source}` }
  },
})

/** @source Linux, fstab(5) and getmntent(3): space, tab, line feed and backslash are written as octal numbers. */
export const parseMounts = (mounts: string): readonly MountLine[] =>
  mounts
    .split('\n')
    .map(line => line.split(' ').map(unescapeOctal))
    .flatMap(([source, at, fstype]) => (source && at && fstype ? [{ source, at, fstype }] : []))

const unescapeOctal = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
