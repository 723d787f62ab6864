// The command: what was typed becomes one call, what comes of it an exit code.
import { Command, CommanderError } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { narrowHelp, refuseMisuse } from './command-line.ts'
import { showError } from './show-error.ts'
import { type Surroundings, surroundings } from './surroundings.ts'

/** Adds a command, or some that belong together. */
export type Add = (run: Command, around: Surroundings, act: Act) => void

const program = (commands: readonly Add[], around: Surroundings, act: Act): Command => {
  const run = new Command('run')
    .description('Carry out runbooks on clusters over SSH')
    .version(around.version)
    // What stands behind the name of a command is that command's own, also where it hands words on, as `lab shell` does.
    .enablePositionalOptions()
    .addHelpText('after', examples)
    .configureHelp(narrowHelp)
  for (const add of commands) add(run, around, act)
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

const main = async (commands: readonly Add[], around: Surroundings): Promise<number> => {
  let exitCode: number = exitCodes.done
  const act: Act = async command => {
    // Whatever a command tells, somebody else may have written: a node, a journal, a file of a pull request.
    around.github?.ignore()
    exitCode = await command()
  }
  try {
    await program(commands, around, act).parseAsync()
  } catch (error) {
    // commander has told it already; its own codes do not know ours.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.input
    return showError(error, around)
  }
  return exitCode
}

/** @returns What the process ends with. */
export const runCommand = async (commands: readonly Add[]): Promise<number> => {
  const around = surroundings()
  // A reader that goes away, such as `head`, is no error; what cannot be written is one.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isGone(error)) process.exit(showError(stdoutRefused(error), around))
  })
  // What is shown on the way is in the journal too: a terminal that was closed ends no run in the middle.
  process.stderr.on('error', () => {})
  const exitCode = await main(commands, around)
  // What was written last may have been refused, which is heard a moment later.
  await new Promise(heard => setImmediate(heard))
  return exitCode
}

const stdoutRefused = (error: Error): Problem =>
  new Problem({
    code: 'stdout-unwritable',
    summary: 'What was asked for could not be written to stdout, or not all of it',
    seen: error.message,
    help: 'make room where stdout goes to (`df -h`), then type it again',
    cause: error,
  })
