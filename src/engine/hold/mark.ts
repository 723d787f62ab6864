// Beside what a run holds on a node lies a mark that names the run: what was left is told from what was taken since.
import type { Owner } from '../../model/lock.ts'
import { Problem } from '../../model/problem.ts'
import { quote } from '../../shell/quote.ts'
import type { Context } from '../context.ts'
import { parseOwner } from '../lock/scripts.ts'
import { directoryOnNode, fileName } from '../node-directory.ts'

export type Marked = { readonly hold: string; readonly host: string; readonly context: Context }

const fileOf = ({ hold, context }: Marked): string =>
  `${directoryOnNode('holds', context.outline.cluster)}/${fileName(hold)}`

/** Whose mark lies there; nobody's where there is none that can be read. */
export const readMark = async (marked: Marked): Promise<Owner | undefined> => {
  const { stdout } = await run(marked, `cat ${quote(fileOf(marked))} 2>/dev/null || :`)
  return parseOwner(stdout)
}

/**
 * Written after the intent is in the journal, and before the thing is taken: a run that dies in between has left a mark,
 * and at most that.
 *
 * @throws {Problem} `hold-not-marked`.
 */
export const writeMark = async (marked: Marked): Promise<void> => {
  const { owner, outline } = marked.context
  if (!owner) return
  const [directory, file] = [directoryOnNode('holds', outline.cluster), fileOf(marked)].map(path => quote(path))
  const script = `umask 077 && mkdir -p ${directory} && cat >${file}.new && mv ${file}.new ${file}`
  const { exitCode, stderr } = await run(marked, script, JSON.stringify(owner))
  if (exitCode === 0) return
  throw new Problem({
    code: 'hold-not-marked',
    summary: `The ${marked.hold} cannot be taken on ${marked.host}: no mark can be left there that says by whom`,
    host: marked.host,
    seen: stderr.trim(),
    wanted: 'a file on the node, so that what this run may leave is told from what others take',
    help: `make room or mend ${directoryOnNode('holds', outline.cluster)} on the node`,
  })
}

/** One that stays says too much, and no harm comes of it: the journal has that the thing was given back. */
export const removeMark = async (marked: Marked): Promise<void> => {
  if (!marked.context.owner) return
  await run(marked, `rm -f ${quote(fileOf(marked))}`).catch(() => {})
}

const run = async ({ host, context }: Marked, script: string, input?: string) =>
  (await context.nodes.shell(host)).run(script, input === undefined ? {} : { input })
