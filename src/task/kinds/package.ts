// Whether the node's package manager knows a package, and in which version.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('installed'), version: z.string() }),
])

export const packageOf = resource<z.infer<typeof schema>>({
  kind: 'package',
  schema,
  // It also ends with 1 when it cannot read its database: only its own words say that the package is not there.
  exits: [0, 1],
  read: ($, name) => $`LC_ALL=C rpm -q --qf '%{VERSION}-%{RELEASE}\n' -- ${name}`,
  parse({ stdout, exitCode }) {
    if (exitCode === 0) return { type: 'installed', version: stdout.trim() }
    return stdout.includes('is not installed') ? { type: 'absent' } : undefined
  },
})
