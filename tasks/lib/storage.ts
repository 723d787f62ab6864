// A file system's device, and what the node has mounted: by the file system's UUID, since one device has many names.
import { notKnownYet, parseMounts, resource, z } from '#task'

const mounted = z.object({ source: z.string(), at: z.string(), fstype: z.string(), uuid: z.string() })
const schema = z.object({ present: z.boolean(), uuid: z.string(), mounts: z.array(mounted) })

export type Storage = z.infer<typeof schema>
export type Mounted = z.infer<typeof mounted>

/**
 * The key is the device path. `present`: the node has the device; for what is activated first, it is active there.
 *
 * `mounts` are all mounts of the node, in their order; `uuid` is empty where there is none or it cannot be read.
 */
export const storage = resource<Storage>({
  kind: 'storage',
  schema,
  // `blkid` without its cache reads the device itself. `printf`, since dash's `echo` would resolve the `\040` of a blank.
  read: ($, device) => $`
uuid() { blkid -c /dev/null -s UUID -o value "$1" || :; }
if [ -e ${device} ]; then printf 'present %s\n' "$(uuid ${device})"; else echo absent; fi
while read -r source at rest; do
  case $source in /*) printf 'uuid %s\n' "$(uuid "$source")";; *) echo uuid;; esac
  printf 'line %s\n' "$source $at $rest"
done </proc/mounts`,
  parse({ stdout }) {
    const [first = '', ...lines] = stdout.split('\n').filter(Boolean)
    const uuids = lines.filter(line => line.startsWith('uuid')).map(line => line.slice(5))
    const mounts = parseMounts(
      lines
        .filter(line => line.startsWith('line '))
        .map(line => line.slice(5))
        .join('\n'),
    )
    // Without a single mount it was not /proc/mounts that was read.
    if (!/^(?:present|absent)/.test(first) || mounts.length === 0 || mounts.length !== uuids.length) return undefined
    return {
      present: first.startsWith('present'),
      uuid: first.replace(/^\w+ ?/, ''),
      mounts: mounts.map(({ source, at, fstype }, index) => ({ source, at, fstype, uuid: uuids[index] ?? '' })),
    }
  },
})

const identity = z.object({ uuid: z.string() })

/** What tells this file system from another that has taken its place: the UUID alone. Nobody sees it while it is inactive. */
export const fileSystem = resource<z.infer<typeof identity> | typeof notKnownYet>({
  kind: 'file-system',
  schema: z.union([identity, z.object({ unknown: z.literal(true) })]),
  read: ($, device) => $`blkid -c /dev/null -s UUID -o value ${device} || :`,
  parse: ({ stdout }) => (stdout.trim() === '' ? notKnownYet : { uuid: stdout.trim() }),
})

/** The UUID that `fileSystem` saw; empty where nobody could see it. */
export const uuidOf = (seen: unknown): string => {
  const value = identity.safeParse(seen)
  return value.success ? value.data.uuid : ''
}

type Partition = { readonly kind: string; readonly device: string; readonly volume?: string | undefined }

/** By the UUID where both are known: the same name can mean another disk on another node. */
export const isPartition = (line: Mounted, { kind, device, volume }: Partition, uuid: string): boolean => {
  if (line.fstype === poolType) return false
  if (kind === 'nss' && volume !== undefined && isSameName(line.source, volume)) return true
  return line.uuid !== '' && uuid !== '' ? line.uuid === uuid : line.source === device
}

/** @source OES, /proc/mounts: `/dev/pool/POOL /opt/novell/nss/mnt/.pools/POOL nsspool`, `VOLUME /media/nss/VOLUME nssvol` */
export const poolType = 'nsspool'

export const isSameName = (one: string, other: string): boolean => one.toUpperCase() === other.toUpperCase()
