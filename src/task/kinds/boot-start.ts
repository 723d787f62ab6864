// Whether a service starts with the node; a name that ends with `.service` is a unit of systemd.
import { z } from 'zod'
import type { LookDollar } from '../../shell/look-dollar.ts'
import { resource } from '../resource.ts'

const schema = z.object({ state: z.enum(['on', 'off', 'absent', 'generated', 'transient']) })

/** What starts only because another unit wants it does not start with the node by itself. */
const states: Readonly<Record<string, Exclude<z.infer<typeof schema>['state'], 'absent'>>> = {
  on: 'on',
  off: 'off',
  enabled: 'on',
  'enabled-runtime': 'on',
  disabled: 'off',
  static: 'off',
  indirect: 'off',
  masked: 'off',
  'masked-runtime': 'off',
  linked: 'off',
  'linked-runtime': 'off',
  // Neither has a file that could be enabled: one is made from another thing, the other is gone with the node.
  generated: 'generated',
  transient: 'transient',
}

export const bootStart = resource<z.infer<typeof schema>>({
  kind: 'boot-start',
  schema,
  // They end with 1 for a service that is off, and for one that they do not know; newer ones of systemd with 4 for that.
  exits: [0, 1, 4],
  read: ($, name) => (name.endsWith('.service') ? isEnabled($, name) : $`LC_ALL=C chkconfig ${name}`),
  parse: ({ stdout }) => ({ state: states[stdout.trim().split(/\s+/).at(-1) ?? ''] ?? 'absent' }),
})

/** Of an alias the unit behind it is asked: it is the one that starts or not. */
const isEnabled = ($: LookDollar, name: string) => $`said=$(LC_ALL=C systemctl is-enabled ${name}); ended=$?
if [ "$said" = alias ]; then LC_ALL=C systemctl is-enabled "$(LC_ALL=C systemctl show -p Id ${name} | sed 's/^Id=//')"; exit; fi
printf '%s\\n' "$said"; exit $ended`
