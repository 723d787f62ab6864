// What is kept here was written by us: in a folder that others can write to, anybody could put a journal or a program.
import { lstatSync } from 'node:fs'
import { exitCodes, Problem } from '../model/problem.ts'

const writableForAll = 0o002

/**
 * Refuses a folder that is a link, belongs to another user, or can be written to by everybody.
 *
 * @throws {Problem} `folder-not-ours`
 */
export const assertOurs = (folder: string): void => {
  const entry = lstatSync(folder)
  const { uid, mode } = entry
  const ours = process.getuid?.() ?? uid
  if (entry.isSymbolicLink()) throw notOurs(folder, 'it is a link', 'a folder')
  if (uid !== ours) throw notOurs(folder, `it belongs to user ${uid}`, `user ${ours}`)
  if ((mode & writableForAll) !== 0) throw notOurs(folder, 'everybody can write to it', `\`chmod o-w ${folder}\``)
}

const notOurs = (folder: string, seen: string, wanted: string): Problem =>
  new Problem({
    code: 'folder-not-ours',
    summary: `What lies in ${folder} may have been put there by somebody else`,
    seen,
    wanted,
    state: 'nothing was read from it, and nothing was touched',
    help: `look at it (\`ls -ld ${folder}\`), and move it away: caches and the lab are made again, runs lie in it too`,
    exit: exitCodes.input,
  })
