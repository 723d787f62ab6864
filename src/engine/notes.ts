// What runs have written down on a node: receipts of acts that were done, and marks of those that were begun.
import type { Begun } from '../model/begun.ts'
import { Problem } from '../model/problem.ts'
import type { Receipt } from '../model/receipt.ts'
import type { CommandResult, HostShell } from '../shell/host-shell.ts'
import { quote } from '../shell/quote.ts'
import { begunBelow, markName, parseBegun } from './begun.ts'
import { parseReceipt, receiptsBelow } from './receipts.ts'

export type Notes = { readonly receipts: readonly Receipt[]; readonly begun: readonly Begun[] }

/** Prints all notes of a cluster that lie on a node, one a line. */
export const notesScript = (cluster: string): string =>
  `for f in ${quote(receiptsBelow(cluster))}/*.json ${quote(begunBelow(cluster))}/*/${markName}; do if [ -f "$f" ]; then cat "$f" || exit; echo; fi; done`

/** @throws {Problem} `receipts-unreadable`. */
export const readNotes = async (shell: HostShell, cluster: string): Promise<Notes> =>
  parseNotes(await shell.run(notesScript(cluster)), { host: shell.host, cluster })

/**
 * The notes in what the script printed; lines that are none are left out, and so is one that is broken.
 *
 * @throws {Problem} `receipts-unreadable`: acts would be done a second time.
 */
export const parseNotes = (
  { stdout, stderr, exitCode }: CommandResult,
  { host, cluster }: { readonly host: string; readonly cluster: string },
): Notes => {
  if (exitCode !== 0) throw unreadable(host, cluster, stderr)
  const all = stdout.split('\n').map(parseJson)
  return {
    receipts: all.flatMap(value => parseReceipt(value, host) ?? []),
    begun: all.flatMap(value => parseBegun(value, host) ?? []),
  }
}

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const unreadable = (host: string, cluster: string, stderr: string): Problem =>
  new Problem({
    code: 'receipts-unreadable',
    summary: `What earlier runs wrote down on ${host} cannot be read`,
    host,
    seen: stderr.trim(),
    state: 'nothing was done there',
    help: `mend ${receiptsBelow(cluster)} and ${begunBelow(cluster)} on the node: without them what was done would be done again`,
  })
