// Reads known_hosts files, one that is not there being an empty one, and adds lines to them.
import { chmod, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KnownHostsFile } from './known-hosts.ts'

export const readKnownHosts = (paths: readonly string[]): Promise<readonly KnownHostsFile[]> =>
  Promise.all(paths.map(async path => ({ path, text: await readFile(path, 'utf8').catch(() => '') })))

/**
 * Adds one line at the end, in one write, so that several programs can do it at once.
 *
 * A new file can be read by its owner only, and so can the directory made for it; what is there keeps its mode.
 *
 * @throws what the file system says, and where the path is no file: what is written there would not be kept.
 */
export const addKnownHost = async (path: string, line: string): Promise<void> => {
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (made) await chmod(dirname(path), 0o700) // whatever the umask says
  const file = await open(path, 'a+', 0o600)
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw new Error(`${path} is no file, so nothing can be kept there`)
    const last = Buffer.alloc(1, '\n')
    if (stat.size > 0) await file.read(last, 0, 1, stat.size - 1)
    await file.appendFile(`${last.toString() === '\n' ? '' : '\n'}${line}`)
    await file.sync()
  } finally {
    await file.close()
  }
}
