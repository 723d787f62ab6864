// To whom all that lies at and below a path belongs: each `owner:group` once.
import { z } from 'zod'
import { type Change, notKnownYet, type ResourceName } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import { type Cover, resource } from '../resource.ts'
import { isBelow } from './paths.ts'

const schema = z.object({ pairs: z.array(z.string()) })

const parse = ({ stdout }: { readonly stdout: string }) => ({ pairs: stdout.split('\n').filter(Boolean) })

/** Of everything: files, directories, links. */
export const owners = resource<z.infer<typeof schema>>({
  kind: 'owners',
  schema,
  ofPath: true,
  presumed: { pairs: [] },
  read: ($, path) => $`[ ! -e ${path} ] || find ${path} -exec stat -c '%U:%G' {} + | sort -u`,
  parse,
  covers,
})

/** Of the directories alone: what programs leave in them is their own. */
export const directoryOwners = resource<z.infer<typeof schema>>({
  kind: 'directory-owners',
  schema,
  ofPath: true,
  presumed: { pairs: [] },
  read: ($, path) => $`[ ! -e ${path} ] || find ${path} -type d -exec stat -c '%U:%G' {} + | sort -u`,
  parse,
  covers,
})

function covers(change: Change, other: ResourceName): Cover | undefined {
  const isWithin = other.key === change.key || isBelow(other.key, change.key)
  if (other.kind === 'file') return isWithin ? { type: 'altered', alter: value => ownedBy(change, value) } : undefined
  if (other.kind !== 'owners' && other.kind !== 'directory-owners') return undefined
  if (!isWithin && !isBelow(change.key, other.key)) return undefined
  const isAll = isWithin && (change.kind === 'owners' || other.kind === 'directory-owners')
  return { type: 'altered', alter: value => (isAll ? allOf(change, value) : someOf(change, value)) }
}

/** One file of the tree. */
const ownedBy = (change: Change, value: Json): Json => {
  const pair = onlyPair(change.after)
  if (typeof value !== 'object' || value === null || !('owner' in value)) return value
  if (change.kind === 'directory-owners' && value.type !== 'directory') return value
  const [owner = '', group = ''] = pair?.split(':') ?? []
  return pair === undefined ? notKnownYet : { ...value, owner, group }
}

const allOf = (change: Change, value: Json): Json => (pairsOf(value).length === 0 ? value : change.after)

/** Who else owns something there, nobody can tell, unless all had that owner before. */
const someOf = (change: Change, value: Json): Json => {
  const pair = onlyPair(change.after)
  return pairsOf(value).every(one => one === pair) ? value : notKnownYet
}

const onlyPair = (value: Json): string | undefined => {
  const [pair, ...others] = pairsOf(value)
  return others.length === 0 ? pair : undefined
}

const pairsOf = (value: Json): readonly string[] => {
  const owned = schema.safeParse(value)
  return owned.success ? owned.data.pairs : []
}
