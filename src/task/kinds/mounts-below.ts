// Which mount points lie at or below a path: what is removed there would be removed from another file system.
import { z } from 'zod'
import type { Change } from '../../model/change.ts'
import type { Json } from '../../model/json.ts'
import { type Cover, resource } from '../resource.ts'
import { parseMounts } from './mounts.ts'
import { isBelow } from './paths.ts'

const schema = z.object({ at: z.array(z.string()) })

const none = { at: [] }

export const mountsBelow = resource<z.infer<typeof schema>>({
  kind: 'mounts-below',
  schema,
  ofPath: true,
  presumed: none,
  // The kernel names mount points without links, so the path is asked for its own place first.
  read: ($, path) => $`if [ -d ${path} ]; then (cd -P -- ${path} && pwd -P); else echo; fi && cat /proc/mounts`,
  parse({ stdout }) {
    const [place = '', ...lines] = stdout.split('\n')
    const mounts = parseMounts(lines.join('\n'))
    if (mounts.length === 0) return undefined
    const within = mounts.map(({ at }) => at).filter(at => at === place || isBelow(at, place))
    return place === '' ? none : { at: [...new Set(within)].sort() }
  },
})

/** What a mount that comes or goes means for the list of those above it. */
export const coverMountsBelow = ({ key, after }: Change, path: string): Cover | undefined => {
  if (key !== path && !isBelow(key, path)) return undefined
  const type = typeof after === 'object' && after !== null && 'type' in after ? after.type : undefined
  return { type: 'altered', alter: value => (type === undefined ? after : altered(value, key, type === 'mounted')) }
}

const altered = (value: Json, mountPoint: string, isMounted: boolean): Json => {
  const seen = schema.safeParse(value)
  if (!seen.success) return value
  const others = seen.data.at.filter(at => at !== mountPoint)
  return { at: isMounted ? [...others, mountPoint].sort() : others }
}
