// What the file system itself knows of a path: which inode it is, how large, when it was changed.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({
    type: z.literal('inode'),
    /** Type and permissions, as the kernel has them. */
    mode: z.number(),
    size: z.number(),
    uid: z.number(),
    gid: z.number(),
    inode: z.number(),
    device: z.number(),
    links: z.number(),
    /** Seconds since 1970. */
    changedAt: z.number(),
    modifiedAt: z.number(),
  }),
])

export type InodeValue = z.infer<typeof schema>

/** A link itself, not what it leads to. When it was read last is left out: looking would change it. */
export const inode = resource<InodeValue>({
  kind: 'inode',
  schema,
  ofPath: true,
  presumed: { type: 'absent' },
  read: ($, path) =>
    $`if [ -e ${path} ] || [ -L ${path} ]; then exec stat -c '%f %s %u %g %i %d %h %Z %Y' ${path}; else echo absent; fi`,
  parse({ stdout }) {
    if (stdout.trim() === 'absent') return { type: 'absent' }
    const [mode = '', ...numbers] = stdout.trim().split(' ')
    const [size, uid, gid, inode, device, links, changedAt, modifiedAt] = numbers.map(Number)
    const value = { type: 'inode', size, uid, gid, inode, device, links, changedAt, modifiedAt }
    return schema.safeParse({ ...value, mode: Number.parseInt(mode, 16) }).data
  },
})
