// Owners of all that lies below a directory: what differs, how it is given, how each gets its own back.
import { change, directoryOwners, type HostDollar, owners, type World } from '#task'
import { giveOwnersBack, keepOwners } from './kept.ts'

/** All of a tree, or its directories alone. */
export type Recurse = boolean | 'directories'

type Owned = { readonly owner?: string | undefined; readonly group?: string | undefined }

type Tree = { readonly path: string; readonly recurse: Recurse }

/** @param own Owner and group of the directory itself: it is one of its tree, also where it has yet to be made. */
export const treeChanges = async (
  world: World,
  { path, recurse, owner, group }: Tree & Owned,
  own: readonly string[],
) => {
  if (recurse === false || (owner ?? group) === undefined) return []
  const kind = recurse === 'directories' ? directoryOwners : owners
  const below = await world.look(kind(path))
  const before = { pairs: unique([...own, ...below.pairs]) }
  const after = { pairs: unique(before.pairs.map(pair => given(pair, { owner, group }))) }
  return before.pairs.join() === after.pairs.join() ? [] : [change(kind(path), before, after)]
}

const unique = (pairs: readonly string[]): string[] => [...new Set(pairs)].sort()

const given = (pair: string, { owner, group }: Owned): string => {
  const [before = '', groupBefore = ''] = pair.split(':')
  return `${owner ?? before}:${group ?? groupBefore}`
}

/** Gives the tree to whom it is wanted; who had it before is written down where they are more than one. */
export const giveTree = async (
  $: HostDollar,
  { path, recurse, owner = '', group }: Tree & Owned,
  { pairs, kept }: { readonly pairs: readonly string[]; readonly kept: string },
): Promise<void> => {
  if (pairs.length > 1) await keepOwners($, { path, directories: recurse === 'directories' }, kept)
  await chownTree($, group === undefined ? owner : `${owner}:${group}`, { path, recurse })
}

/** To one owner, or to each its own; to nobody where nothing was there. */
export const giveTreeBack = async (
  $: HostDollar,
  tree: Tree,
  { pairs: [pair, ...others], kept }: { readonly pairs: readonly string[]; readonly kept: string },
): Promise<void> => {
  if (others.length > 0) await giveOwnersBack($, kept)
  else if (pair !== undefined) await chownTree($, pair, tree)
}

/** POSIX leaves open what becomes of links without `-h` and `-P`: here the link itself is given, never what it leads to. */
const chownTree = async ($: HostDollar, pair: string, { path, recurse }: Tree): Promise<void> => {
  if (recurse === 'directories') await $`find ${path} -type d -exec chown -h ${pair} {} +`
  else await $`chown -hPR ${pair} ${path}`
}
