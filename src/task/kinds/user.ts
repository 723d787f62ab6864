// Whether the node knows a user, and by which numbers.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('user'), uid: z.number(), group: z.string() }),
])

export const user = resource<z.infer<typeof schema>>({
  kind: 'user',
  schema,
  exits: [0, 1],
  read: ($, name) => $`id -u ${name} 2>/dev/null && id -gn ${name}`,
  parse({ stdout, exitCode }) {
    const [uid = '', group = ''] = stdout.trim().split('\n')
    return exitCode === 0 ? { type: 'user', uid: Number(uid), group } : { type: 'absent' }
  },
})
