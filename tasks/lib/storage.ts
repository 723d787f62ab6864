// A file system's device, and where the node has it mounted: by the file system's UUID, since one device has many names.
import { parseMounts, resource, z } from '#task'

const mounted = z.object({ source: z.string(), at: z.string(), fstype: z.string(), isIt: z.boolean() })
const schema = z.object({ present: z.boolean(), uuid: z.string(), mounts: z.array(mounted) })

export type Storage = z.infer<typeof schema>

/**
 * The key is the device path.
 *
 * `mounts` are all mounts of block devices on the node; `isIt` where it is this file system, under whatever name.
 */
export const storage = resource<Storage>({
  kind: 'storage',
  schema,
  // `blkid` without its cache reads the device itself; a device that is not there yet has no UUID.
  read: ($, device) => $`
uuid() { blkid -c /dev/null -s UUID -o value "$1" 2>/dev/null || :; }
if [ -e ${device} ]; then echo "present $(uuid ${device})"; else echo absent; fi
while read -r source at rest; do
  case $source in /*) echo "uuid $(uuid "$source")"; echo "line $source $at $rest";; esac
done </proc/mounts`,
  parse({ stdout }, device) {
    const [first = '', ...lines] = stdout.split('\n').filter(Boolean)
    const uuid = first.replace(/^\w+ ?/, '')
    const uuids = lines.filter(line => line.startsWith('uuid ')).map(line => line.slice(5))
    const mounts = parseMounts(
      lines
        .filter(line => line.startsWith('line '))
        .map(line => line.slice(5))
        .join('\n'),
    )
    const isIt = (source: string, index: number) => source === device || (uuid !== '' && uuids[index] === uuid)
    return {
      present: first.startsWith('present'),
      uuid,
      mounts: mounts.map((line, index) => ({ ...line, isIt: isIt(line.source, index) })),
    }
  },
})

/** What tells this file system from another that has taken its place: the UUID alone. */
export const fileSystem = resource<{ uuid: string }>({
  kind: 'file-system',
  schema: z.object({ uuid: z.string() }),
  read: ($, device) => $`blkid -c /dev/null -s UUID -o value ${device} 2>/dev/null || :`,
  parse: ({ stdout }) => ({ uuid: stdout.trim() }),
})
