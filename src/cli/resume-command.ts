// `run resume [RUN]`: goes on where a run did not end well, by asking for the same again; it believes no journal.
import type { Command } from 'commander'
import { type KeptRun, listRuns } from '../journal/index.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { foldAll } from '../report/index.ts'
import type { Act } from './act.ts'
import { assertSameCluster, type EarlierRun, readEarlierRun, tellMoved } from './earlier-run.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { withRunFlags } from './playbook-commands.ts'
import { askedAgain } from './request.ts'
import { tellEarlier, unknownEnds } from './resume-words.ts'
import { conduct, type RunFlags } from './run-playbook.ts'
import { findSettings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'
import { undo } from './undo-command.ts'

type ResumeFlags = RunFlags & { readonly again?: readonly string[] }

export const addResumeCommand = (run: Command, around: Surroundings, act: Act): void => {
  withRunFlags(run.command('resume').argument('[run]', 'a run by its name; else the newest that did not end well'))
    .description('go on with a run that did not end well')
    .option('--again <step@node...>', 'start a program again whose end is unknown: you have looked at the node')
    .action((name: string | undefined, flags: ResumeFlags) => act(() => resume(name, flags, around)))
}

const resume = async (name: string | undefined, flags: ResumeFlags, around: Surroundings): Promise<number> => {
  const { runs, site } = findSettings(around.cwd)
  const found = name ?? newestOpen(listRuns(runs))
  if (typeof found !== 'string') {
    around.stdout.write(`${found.because}\n`)
    return exitCodes.done
  }
  const earlier = readEarlierRun(runs, found)
  const state = foldAll(earlier.events)
  if (state.ended?.exitCode === exitCodes.done) {
    around.stdout.write(`Run ${found} ended well: nothing is left to do.\n`)
    return exitCodes.done
  }
  const { again = [], ...rest } = flags
  const { undo: undone, from } = earlier.request
  if (undone !== undefined) {
    around.stderr.write(tellEarlier(state, found))
    return undo(undone, { ...rest, ...(from !== undefined && { from }), resumes: found }, around)
  }
  const { playbook, ...asked } = askedAgain(earlier.request, site)
  const inputs = await readInputs(playbook, { ...rest, ...asked }, around)
  assertSameCluster(earlier, inputs)
  around.stderr.write(tellEarlier(state, found))
  for (const line of tellMoved(earlier, inputs)) around.stderr.write(`${line}\n`)
  assertLookedAt(earlier, inputs, again)
  return conduct({ inputs, request: earlier.request, resumes: found, flags: rest }, around)
}

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

/** No foreign program is started a second time without a person's word. */
const assertLookedAt = ({ events, run }: EarlierRun, { outline }: Inputs, again: readonly string[]): void => {
  const [open, ...more] = unknownEnds(foldAll(events), outline).filter(address => !again.includes(address))
  if (open === undefined) return
  throw new Problem({
    code: 'end-unknown',
    summary: `Run ${run} began a program, and nobody knows how that ended`,
    seen: [open, ...more].join('\n'),
    wanted: 'a person who has looked at the node',
    state: 'nothing was begun: the program may still run, may have ended, or may have stopped half-way',
    help: `look at the node; is the program gone, and may it be started again where it is due: run resume ${run} ${[open, ...more].map(address => `--again ${address}`).join(' ')}`,
    exit: exitCodes.unknown,
  })
}
