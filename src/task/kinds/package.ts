// Whether the node's package manager knows a package, and in which version.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('installed'), version: z.string() }),
])

const notThere = 44

export const packageOf = resource<z.infer<typeof schema>>({
  kind: 'package',
  schema,
  read: ($, name) => $`rpm -q --qf '%{VERSION}-%{RELEASE}\n' ${name} 2>/dev/null || exit ${notThere}`,
  parse: ({ stdout, exitCode }) =>
    exitCode === 0 ? { type: 'installed', version: stdout.trim() } : { type: 'absent' },
})
