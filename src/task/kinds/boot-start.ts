// Whether a service starts with the node.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ state: z.enum(['on', 'off', 'absent']) })

export const bootStart = resource<z.infer<typeof schema>>({
  kind: 'boot-start',
  schema,
  read: ($, name) => $`LC_ALL=C chkconfig ${name} 2>/dev/null; :`,
  parse({ stdout }) {
    const word = stdout.trim().split(/\s+/).at(-1)
    return { state: word === 'on' || word === 'off' ? word : 'absent' }
  },
})
