// What a script that only looks prints.
import { z } from 'zod'
import { resource } from '../resource.ts'

const schema = z.object({ stdout: z.string(), stderr: z.string(), rc: z.number().nullable() })

export const output = resource<z.infer<typeof schema>>({
  kind: 'output',
  early: false,
  schema,
  exits: 'any',
  isForeign: true,
  read: ($, script) => $`sh -c -- ${script}`,
  parse: ({ stdout, stderr, exitCode }) => ({ stdout: stdout.trimEnd(), stderr: stderr.trimEnd(), rc: exitCode }),
})
