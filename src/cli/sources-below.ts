// What modules are made of: every source of a folder.
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * All that a module in this folder may be made of, also behind links to folders. What begins with a dot is no source: our
 * own cache, the locks of editors.
 */
export const sourcesBelow = (folder: string): readonly string[] => [...below(folder, new Set())].sort()

/** @param linked Where links led that were followed before: each is followed once. */
function* below(folder: string, linked: Set<string>): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const kind = kindOf(entry, path)
    if (kind === 'folder' && isNew(entry, path, linked)) yield* below(path, linked)
    if (kind === 'file' && /\.(ts|js|mjs|json)$/.test(entry.name)) yield path
  }
}

/** A link that leads nowhere is neither. */
const kindOf = (entry: Dirent, path: string): 'folder' | 'file' | undefined => {
  const seen = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry
  if (seen?.isDirectory()) return 'folder'
  return seen && 'file'
}

const isNew = (entry: Dirent, path: string, linked: Set<string>): boolean => {
  if (!entry.isSymbolicLink()) return true
  const folder = realpathSync(path)
  if (linked.has(folder)) return false
  linked.add(folder)
  return true
}
