// `run undo RUN`: takes back what a run changed, as a run of its own.
import type { Command } from 'commander'
import { undoOutline } from '../engine/undo.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { outlinedSteps } from '../plan/outline.ts'
import type { Act } from './act.ts'
import { assertSameCluster, type EarlierRun, readEarlierRun, tellMoved } from './earlier-run.ts'
import { readInputs } from './inputs.ts'
import { withRunFlags } from './playbook-commands.ts'
import { askedAgain } from './request.ts'
import { conduct, type RunFlags } from './run-playbook.ts'
import { findSettings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { tellingEvents } from './telling-events.ts'

export const addUndoCommand = (run: Command, around: Surroundings, act: Act): void => {
  withRunFlags(run.command('undo').argument('<run>', 'a run by its name, such as 2026-11-23-0612'))
    .description('take back what a run changed, in reverse order; with --dry-run tell what that would do')
    .option('--from <step>', 'only what was done from this step on, such as uid-conf or uid-conf@node2')
    .action((name: string, flags: RunFlags) =>
      act(() => tellingEvents(flags.events, around, near => undo(name, flags, near))),
    )
}

/** @param flags With the run that this one goes on with, where an undo did not end well. */
export const undo = async (
  name: string,
  flags: RunFlags & { readonly resumes?: string },
  around: Surroundings,
): Promise<number> => {
  const { runs, site } = findSettings(around.cwd)
  const earlier = readEarlierRun(runs, name)
  if (earlier.request.undo !== undefined) throw undoOfUndo(earlier)
  const { from, resumes, ...run } = flags
  const inputs = await readInputs(...asked(earlier, { ...run, site }), around)
  assertSameCluster(earlier, inputs)
  for (const line of await tellMoved(earlier, inputs)) around.stderr.write(`${line}\n`)
  const outline = undoOutline(inputs.outline, { run: name, events: earlier.events, from })
  if (outlinedSteps(outline).length === 0) {
    around.stdout.write(
      `Run ${name} changed nothing${from === undefined ? '' : ` from ${from} on`}: nothing to undo.\n`,
    )
    return exitCodes.done
  }
  const { from: _, ...then } = earlier.request
  const request = { ...then, undo: name, ...(from !== undefined && { from }) }
  const undone = { inputs: { ...inputs, outline }, request, flags: run }
  return conduct({ ...undone, ...(resumes !== undefined && { resumes }) }, around)
}

/** What the run asked for, with the flags of this command beside it. */
const asked = ({ request }: EarlierRun, { site, ...flags }: RunFlags & { site: string }) => {
  const { playbook, ...then } = askedAgain(request, site)
  return [playbook, { ...flags, ...then }] as const
}

const undoOfUndo = ({ run, request, started }: EarlierRun): Problem =>
  new Problem({
    code: 'undo-of-undo',
    summary: `Run ${run} was an undo itself`,
    seen: started.command,
    wanted: 'a run that carried out a playbook',
    help: `to have all as it was before the undo, carry the playbook out again: run playbook ${request.playbook}`,
    exit: exitCodes.input,
  })
