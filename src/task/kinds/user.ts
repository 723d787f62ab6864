// Whether the node knows a user, and by which numbers.
import { z } from 'zod'
import { notKnownYet, type ResourceName } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import { type Cover, resource } from '../resource.ts'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('user'), uid: z.number(), group: z.string() }),
])

export const user = resource<z.infer<typeof schema>>({
  kind: 'user',
  schema,
  exits: [0, 1],
  read: ($, name) => $`id -u -- ${name} && id -gn -- ${name}`,
  parse({ stdout, exitCode }) {
    const [uid = '', group = ''] = stdout.trim().split('\n')
    return exitCode === 0 ? { type: 'user', uid: Number(uid), group } : { type: 'absent' }
  },
  covers,
})

/** What belonged to a number without a name may have a name now. */
function covers(_: unknown, { kind }: ResourceName): Cover | undefined {
  const isOwned = kind === 'file' || kind === 'owners' || kind === 'directory-owners'
  return isOwned ? { type: 'altered', alter: value => (hasNameless(value) ? notKnownYet : value) } : undefined
}

/** @source GNU coreutils, stat(1): the name of a number that nobody has is `UNKNOWN` */
const nameless = 'UNKNOWN'

const hasNameless = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if ('owner' in value) return value.owner === nameless || value.group === nameless
  return (
    'pairs' in value && Array.isArray(value.pairs) && value.pairs.some(pair => `${pair}`.split(':').includes(nameless))
  )
}
