// Paths as the user would type them from where they stand.
import { relative } from 'node:path'

export type Standing = { readonly cwd: string }

/** A path that is nearer from the root stays absolute. */
export const shown = (path: string, { cwd }: Standing): string => {
  const near = relative(cwd, path)
  return near.startsWith('../../') ? path : near
}
