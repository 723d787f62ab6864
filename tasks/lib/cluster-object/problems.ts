// What can be wrong with the cluster resource in the directory: not there, not understood, moved.
import { Problem } from '#task'
import type { NotOne, Whose } from './entry.ts'
import type { FieldValue } from './fields.ts'

export const notFound = (seen: NotOne, { resource, cluster }: Whose): Problem => {
  if (seen.type === 'several')
    return new Problem({
      code: 'cluster-object-found-twice',
      summary: `The directory has more than one object that may be the cluster resource ${resource} of ${cluster}`,
      seen: seen.dns.join('\n'),
      wanted: 'exactly one',
      state: 'nothing was guessed, and nothing written',
      help: 'name the cluster by its distinguished name: `cluster_dn` in the inventory',
    })
  const what = seen.missing === 'cluster' ? `cluster ${cluster}` : `cluster resource ${resource} below ${cluster}`
  return new Problem({
    code: 'cluster-object-not-found',
    summary: `The directory has no ${what}`,
    wanted: seen.missing === 'cluster' ? 'an nCSNetWareCluster' : 'an nCSClusterResource or nCSVolumeResource',
    state: 'nothing was written',
    help:
      seen.missing === 'cluster'
        ? 'name it by its distinguished name: `cluster_dn` in the inventory; and see that the user of `ldap_directory` may read it'
        : 'compare `cluster_resource` in the inventory with iManager; it is created when the partition is set up',
  })
}

type Wanted = { readonly attribute: string; readonly dn: string; readonly wanted: string; readonly help?: string }

/** How values are written there is known by those that there are alone, so one that cannot be read ends it. */
export const notUnderstood = (seen: FieldValue, { attribute, dn, wanted, help }: Wanted): Problem =>
  new Problem({
    code: seen === null ? 'attribute-not-set' : 'value-not-understood',
    summary:
      seen === null
        ? `${attribute} of ${dn} is not set, so nobody can tell how it is written`
        : `${attribute} of ${dn} is written in a way that is not understood`,
    seen: tell(seen),
    wanted,
    state: 'nothing was guessed, and nothing written',
    help: [help, 'set it in iManager, or have it handed over: `hand_over: true` in the inventory']
      .filter(Boolean)
      .join('; or '),
  })

const tell = (seen: FieldValue): string => {
  if (seen === null) return 'no value'
  if (typeof seen === 'string') return JSON.stringify(seen.length > 200 ? `${seen.slice(0, 200)}…` : seen)
  if ('base64' in seen) return `bytes: ${seen.base64.slice(0, 200)} (base64)`
  return seen.map(tell).join('\n')
}

/** Between the look and the write. */
export const movedMeanwhile = (dn: string, fields: readonly string[]): Problem =>
  new Problem({
    code: 'directory-value-moved',
    summary: `Somebody else changed ${dn} between the look and the write`,
    seen: `${fields.join(', ')}: other values than a moment ago`,
    wanted: 'the values that were there when it was looked at',
    state: 'nothing of it was written',
    help: 'find out who works on it, then run it again: it looks first',
    exit: 3,
  })
