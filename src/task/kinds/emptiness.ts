// Whether a directory holds anything.
import { z } from 'zod'
import type { Change, ResourceName } from '../../model/change.ts'
import { type Cover, resource } from '../resource.ts'
import { isBelow } from './paths.ts'

const schema = z.object({ is: z.enum(['absent', 'empty', 'filled', 'no directory']) })

export const emptiness = resource<z.infer<typeof schema>>({
  kind: 'emptiness',
  schema,
  ofPath: true,
  presumed: { is: 'absent' },
  read: ($, path) => $`
if [ -L ${path} ]; then echo no directory
elif [ -d ${path} ]; then all=$(ls -A ${path}) || exit; if [ -n "$all" ]; then echo filled; else echo empty; fi
elif [ -e ${path} ]; then echo no directory
else echo absent; fi`,
  parse: ({ stdout }) => schema.safeParse({ is: stdout.trim() }).data,
  covers,
})

/** One that is filled is empty when all has gone; what goes one by one tells nothing of what is left. */
function covers({ key }: Change, other: ResourceName): Cover | undefined {
  return other.kind === 'file' && isBelow(other.key, key) ? { type: 'value', value: { type: 'absent' } } : undefined
}
