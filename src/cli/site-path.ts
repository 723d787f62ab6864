// One name for one file, on every machine and from wherever the user stands: from the site, or from what is shipped.
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { shipped } from './modules.ts'

const mark = 'run:'

/** `inventory.yml` for a file of the site, `run:tasks/file.ts` for one that is shipped; others keep their whole path. */
export const siteName = (path: string, site: string): string =>
  below(path, site) ?? prefixed(below(path, shipped('.'))) ?? path

/** The file that a name means at this site. */
export const sitePath = (name: string, site: string): string =>
  name.startsWith(mark) ? join(shipped('.'), name.slice(mark.length)) : resolve(site, name)

const prefixed = (name: string | undefined): string | undefined => (name === undefined ? undefined : `${mark}${name}`)

/** The way down from a folder, with `/` between on every machine; nothing where the path lies elsewhere. */
const below = (path: string, folder: string): string | undefined => {
  const way = relative(folder, path)
  const isBelow = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  return isBelow ? way.split(sep).join('/') : undefined
}
