// `run resume [RUN]`: goes on where a run did not end well, by asking for the same again; it believes no journal.
import type { Command } from 'commander'
import { resumedFrom } from '../engine/resumed.ts'
import { type KeptRun, listRuns } from '../journal/index.ts'
import type { RunEvent } from '../model/events.ts'
import { exitCodes } from '../model/problem.ts'
import type { Act } from './act.ts'
import { assertAgreed } from './agree.ts'
import { assertSameCluster, type EarlierRun, movedFiles, readEarlierRun } from './earlier-run.ts'
import { readInputs } from './inputs.ts'
import { personAt } from './person.ts'
import { withRunFlags } from './playbook-commands.ts'
import { askedAgain } from './request.ts'
import { tellEarlier } from './resume-words.ts'
import { conduct, type RunFlags } from './run-playbook.ts'
import { findSettings } from './settings.ts'
import { onScreen } from './shape.ts'
import type { Surroundings } from './surroundings.ts'
import { tellingEvents } from './telling-events.ts'
import { undo } from './undo-command.ts'

type ResumeFlags = RunFlags & { readonly acceptChanges?: boolean }

export const addResumeCommand = (run: Command, around: Surroundings, act: Act): void => {
  withRunFlags(run.command('resume').argument('[run]', 'a run by its name; else the newest that did not end well'))
    .description('go on with a run that did not end well')
    .option('--accept-changes', 'go on with playbook, inventory and tasks as they read now')
    .action((name: string | undefined, flags: ResumeFlags) =>
      act(() => tellingEvents(flags.events, around, near => resume(name, flags, near))),
    )
}

/** What stands behind its word goes on below itself. */
const tell = (text: string, around: Surroundings): void => {
  around.stderr.write(onScreen(text, around, { indent: 12, stream: around.stderr }))
}

const resume = async (name: string | undefined, flags: ResumeFlags, around: Surroundings): Promise<number> => {
  const { runs, site } = findSettings(around.cwd)
  const found = name ?? newestOpen(listRuns(runs))
  if (typeof found !== 'string') {
    around.stdout.write(`${found.because}\n`)
    return exitCodes.done
  }
  const earlier = readEarlierRun(runs, found)
  const { state } = earlier
  if (state.ended?.exitCode === exitCodes.done) {
    around.stdout.write(`Run ${found} ended well: nothing is left to do.\n`)
    return exitCodes.done
  }
  const { acceptChanges = false, ...rest } = flags
  const { undo: undone, from } = earlier.request
  if (undone !== undefined) {
    tell(tellEarlier(state, found), around)
    return undo(undone, { ...rest, ...(from !== undefined && { from }), resumes: found }, around)
  }
  const { playbook, ...asked } = askedAgain(earlier.request, site)
  const inputs = await readInputs(playbook, { ...rest, ...asked }, around)
  assertSameCluster(earlier, inputs)
  const resumed = resumedFrom(allBefore(runs, earlier), inputs.outline)
  const handlers = inputs.outline.plays.flatMap(({ index }) => resumed.pendingIn(index))
  tell(tellEarlier(state, found, handlers), around)
  const moved = { run: found, ...(await movedFiles(earlier, inputs)), isAccepted: acceptChanges || isDry(rest) }
  await assertAgreed(moved, personAt(around, noScreen))
  return conduct({ inputs, request: earlier.request, resumes: found, resumed, flags: rest }, around)
}

/** Nothing is painted yet. */
const noScreen = { suspend: () => {}, resume: () => {} }

const isDry = ({ check, dryRun }: RunFlags): boolean => Boolean(check || dryRun)

/** Of all runs that it went on with, and its own, the oldest first. */
const allBefore = (runs: string, { events, started }: EarlierRun): readonly RunEvent[] =>
  started.resumes === undefined ? events : [...allBefore(runs, readEarlierRun(runs, started.resumes)), ...events]

/** The newest run that was carried out, did not end well, and that no other went on with. */
const newestOpen = (all: readonly KeptRun[]): string | { readonly because: string } => {
  // One that met another run's lock has begun nothing.
  const runs = all.filter(({ mode, exitCode }) => mode === 'run' && exitCode !== exitCodes.locked)
  const resumed = new Set(runs.map(({ resumes }) => resumes))
  const open = runs.find(({ run, exitCode }) => exitCode !== exitCodes.done && !resumed.has(run))
  if (!open) return { because: 'Every run that is kept here ended well: nothing is left to do.' }
  const isSame = (run: KeptRun) => run.playbook === open.playbook && run.cluster === open.cluster
  const later = runs.slice(0, runs.indexOf(open)).find(run => run.exitCode === exitCodes.done && isSame(run))
  if (!later) return open.run
  return {
    because: `${later.run} ended well after ${open.run} did not. To go on with that one all the same: run resume ${open.run}`,
  }
}
