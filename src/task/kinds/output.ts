// What a script that only looks prints: somebody's own, or one of a task.
import { z } from 'zod'
import { brief } from '../../shell/brief.ts'
import type { LookDollar } from '../../shell/look-dollar.ts'
import { withoutBreaks } from '../../text/lines.ts'
import { type Output, resource } from '../resource.ts'

const schema = z.object({ stdout: z.string(), stderr: z.string(), rc: z.number().nullable() })

const asked = {
  schema,
  inWords: (script: string) => `\`${brief(script)}\``,
  early: false,
  exits: 'any',
  read: ($: LookDollar, script: string) => $`sh -c -- ${script}`,
  parse: ({ stdout, stderr, exitCode }: Output) => ({
    stdout: withoutBreaks(stdout),
    stderr: withoutBreaks(stderr),
    rc: exitCode,
  }),
} as const

/** Of a user's own script: a program that it does not find is its own affair. */
export const output = resource<z.infer<typeof schema>>({ kind: 'output', isForeign: true, ...asked })

/** Of a script of ours: a program that it does not find is told, and never passes for having nothing to say. */
export const probe = resource<z.infer<typeof schema>>({ kind: 'probe', ...asked })
