// The command: what was typed becomes one call, what comes of it an exit code.
import './zod-once.ts'
import { Command, CommanderError } from 'commander'
import { exitCodes } from '../model/problem.ts'
import type { Act } from './act.ts'
import { narrowHelp, refuseMisuse } from './command-line.ts'
import { addCompletionCommand } from './completion-command.ts'
import { addDocsCommand } from './docs-command.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { addExplainCommands } from './explain-command.ts'
import { addHistoryCommand } from './history-command.ts'
import { addInventoryCommands } from './inventory-command.ts'
import { addLabCommands } from './lab-commands.ts'
import { addLintCommand } from './lint-command.ts'
import { addLockCommands } from './lock-commands.ts'
import { addNewCommand } from './new-command.ts'
import { addPlanCommands } from './plan-commands.ts'
import { addPlaybookCommands } from './playbook-commands.ts'
import { addRecordCommand } from './record-command.ts'
import { addReportCommand } from './report-command.ts'
import { addResumeCommand } from './resume-command.ts'
import { addReviewCommand } from './review-command.ts'
import { addSchemaCommand } from './schema-command.ts'
import { showError } from './show-error.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import { addUndoCommand } from './undo-command.ts'
import { addVaultCommands } from './vault-command.ts'
import { addWorksheetCommand } from './worksheet-command.ts'

const program = (around: Surroundings, act: Act): Command => {
  const run = new Command('run')
    .description('Carry out runbooks on clusters over SSH')
    .version(around.version)
    // What stands behind the name of a command is that command's own, also where it hands words on, as `lab shell` does.
    .enablePositionalOptions()
    .addHelpText('after', examples)
    .configureHelp(narrowHelp)
  addPlaybookCommands(run, around, act)
  addDoctorCommand(run, around, act)
  addWorksheetCommand(run, around, act)
  addRecordCommand(run, around, act)
  addPlanCommands(run, around, act)
  addReviewCommand(run, around, act)
  addResumeCommand(run, around, act)
  addUndoCommand(run, around, act)
  addHistoryCommand(run, around, act)
  addReportCommand(run, around, act)
  addInventoryCommands(run, around, act)
  addExplainCommands(run, around, act)
  addLockCommands(run, around, act)
  addLabCommands(run, around, act)
  addNewCommand(run, around, act)
  addDocsCommand(run, around, act)
  addSchemaCommand(run, around, act)
  addCompletionCommand(run, around, act)
  addLintCommand(run, around, act)
  addVaultCommands(run, around, act)
  refuseMisuse(run)
  return run
}

const examples = `
Examples:
  run playbook install --dry-run             tell what would change, and change nothing
  run playbook install                       do it; what is done already is left alone
  run step install/installer --host node2    one step on one node, again
  run lab up                                 a cluster on this machine, to try it on

It ends with 0 when all is as wanted, 1 when a step failed, 2 when the input is wrong (docs/exit-codes.md has them all).`

/** `EIO`: the terminal was closed. */
const isGone = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE' || code === 'EIO'

const main = async (around: Surroundings): Promise<number> => {
  let exitCode: number = exitCodes.done
  const act: Act = async command => {
    // Whatever a command tells, somebody else may have written: a node, a journal, a file of a pull request.
    around.github?.ignore()
    exitCode = await command()
  }
  try {
    await program(around, act).parseAsync()
  } catch (error) {
    // commander has told it already; its own codes do not know ours.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.input
    return showError(error, around)
  }
  return exitCode
}

// For programs: src/cli/package/.
export { Problem, Problems } from '../model/problem.ts'
export { keepLoaded } from './kept-code.ts'
export { openLab } from './package/open-lab.ts'
export { runPlaybook } from './package/run-playbook.ts'

/** @returns What the process ends with. */
export const run = (): Promise<number> => {
  // A reader that goes away, such as `head`, is no error; what cannot be written is one.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error)) process.exit(exitCodes.failed)
  })
  // What is shown on the way is in the journal too: a terminal that was closed ends no run in the middle.
  process.stderr.on('error', () => {})
  return main(surroundings())
}
