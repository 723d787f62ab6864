// The kinds of sites, so chosen that every two properties meet in every combination: eight instead of sixty-four.
export type Case = {
  readonly storage: 'nss' | 'plain' | 'lvm' | 'evms'
  readonly nodes: 3 | 6
  readonly user: 'non-root' | 'root'
  readonly archive: boolean
  readonly gwha: boolean
  /** Agents that speak TLS: no part of the array, since nothing else depends on it. */
  readonly tls?: true
  /** OpenLDAP's server instead of the stand-in: no part of the array either. */
  readonly directory?: 'slapd'
}

/** An orthogonal array: for each storage two rows, in which all else is the opposite. */
export const table: readonly Case[] = [
  { storage: 'nss', nodes: 3, user: 'non-root', archive: true, gwha: false },
  { storage: 'nss', nodes: 6, user: 'root', archive: false, gwha: true },
  { storage: 'plain', nodes: 3, user: 'non-root', archive: false, gwha: true, directory: 'slapd' },
  { storage: 'plain', nodes: 6, user: 'root', archive: true, gwha: false },
  { storage: 'lvm', nodes: 3, user: 'root', archive: true, gwha: true },
  { storage: 'lvm', nodes: 6, user: 'non-root', archive: false, gwha: false },
  { storage: 'evms', nodes: 3, user: 'root', archive: false, gwha: false, tls: true },
  { storage: 'evms', nodes: 6, user: 'non-root', archive: true, gwha: true },
]

export const nameOf = ({ storage, nodes, user, archive, gwha, tls, directory }: Case): string =>
  [
    `${nodes} nodes`,
    storage,
    `${user} agents`,
    `${archive ? 'with' : 'without'} archive`,
    `${gwha ? 'with' : 'without'} gwha`,
    ...(tls ? ['over TLS'] : []),
    ...(directory ? ["on OpenLDAP's server"] : []),
  ].join(', ')

const usual: readonly number[] = [2, 6]

/** `CASES=all` takes the whole table, `CASES=nss` those whose name has it; without it two. */
export const chosen = (word: string | undefined = process.env.CASES): readonly Case[] => {
  if (word === 'all') return table
  if (word === undefined) return table.filter((_, index) => usual.includes(index))
  return table.filter(each => nameOf(each).includes(word))
}
