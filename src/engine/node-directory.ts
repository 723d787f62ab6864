// Where this program keeps things on a node: one directory a kind and cluster.

type Kept = 'receipts' | 'begun' | 'locks' | 'holds'

export const directoryOnNode = (kept: Kept, cluster: string): string => `/var/lib/run/${kept}/${fileName(cluster)}`

/** A name that means no other place, whatever a person has called the thing. */
export const fileName = (name: string): string => name.replace(/[^\w.-]/g, '_').replace(/^\.*$/, '_')
