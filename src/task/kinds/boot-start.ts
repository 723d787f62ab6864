// Whether a service starts with the node.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ state: z.enum(['on', 'off', 'absent']) })

export const bootStart = resource<z.infer<typeof schema>>({
  kind: 'boot-start',
  schema,
  // It ends with 1 for a service that is off, and for one that it does not know.
  exits: [0, 1],
  read: ($, name) => $`LC_ALL=C chkconfig ${name}`,
  parse({ stdout }) {
    const word = stdout.trim().split(/\s+/).at(-1)
    return { state: word === 'on' || word === 'off' ? word : 'absent' }
  },
})
