// What modules are made of: every source of a folder.
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** All that a module in this folder may be made of, also behind links to folders. */
export const sourcesBelow = (folder: string): readonly string[] => below(folder, [])

const below = (folder: string, above: readonly string[]): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : below(path, above)
      if (entry.isSymbolicLink() && isFolder(path)) return behindLink(path, above)
      return /\.(ts|js|mjs|json)$/.test(entry.name) ? [path] : []
    })
    .sort()

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** A link that leads back to where it stands is followed once. */
const behindLink = (link: string, above: readonly string[]): readonly string[] => {
  const folder = realpathSync(link)
  return above.includes(folder) ? [] : below(link, [...above, folder])
}
