// Whether a service starts with the node; a name that ends with `.service` is a unit of systemd.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ state: z.enum(['on', 'off', 'absent']) })

/** What starts only because another unit wants it does not start with the node by itself. */
const states: Readonly<Record<string, 'on' | 'off'>> = {
  on: 'on',
  off: 'off',
  enabled: 'on',
  'enabled-runtime': 'on',
  disabled: 'off',
  static: 'off',
  indirect: 'off',
  masked: 'off',
  'masked-runtime': 'off',
}

export const bootStart = resource<z.infer<typeof schema>>({
  kind: 'boot-start',
  schema,
  // They end with 1 for a service that is off, and for one that they do not know; newer ones of systemd with 4 for that.
  exits: [0, 1, 4],
  read: ($, name) =>
    name.endsWith('.service') ? $`LC_ALL=C systemctl is-enabled ${name}` : $`LC_ALL=C chkconfig ${name}`,
  parse: ({ stdout }) => ({ state: states[stdout.trim().split(/\s+/).at(-1) ?? ''] ?? 'absent' }),
})
