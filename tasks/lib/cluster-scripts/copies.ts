// The copies of the scripts that a node keeps: what Cluster Services carries out there, and older than the directory at times.
import { absolutePath, type Ref, type TextValue, text } from '#task'
import type { Pair } from './wanted.ts'

/** @source OES: nodes cache the scripts of a resource below /var/opt/novell/ncs */
const below = '/var/opt/novell/ncs'

export const copyOf = (resource: string, script: keyof Pair): Ref<TextValue> =>
  text(absolutePath.parse(`${below}/${resource}.${script}`))

type Looking = { look(ref: Ref<TextValue>): Promise<TextValue> }

/** Nothing where the node has none, as before the resource was online for the first time. */
export const lookAtCopies = async (world: Looking, resource: string): Promise<Pair | undefined> => {
  const load = await world.look(copyOf(resource, 'load'))
  const unload = await world.look(copyOf(resource, 'unload'))
  if (load.type !== 'text' || unload.type !== 'text') return undefined
  return { load: inLines(load.text), unload: inLines(unload.text) }
}

/** Line breaks say nothing about what a script does. */
const inLines = (script: string): string => script.replaceAll('\r\n', '\n').replace(/\n?$/, '\n')
