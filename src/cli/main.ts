// The command: what was typed becomes one call, what comes of it an exit code.
import { Command, CommanderError } from 'commander'
import { exitCodes } from '../model/problem.ts'
import { addLabCommands } from './lab-commands.ts'
import { addNewCommand } from './new-command.ts'
import { addPlaybookCommands } from './playbook-commands.ts'
import { showError } from './show-error.ts'
import { type Surroundings, surroundings } from './surroundings.ts'

/** Each command tells what the process ends with. */
export type Act = (act: () => Promise<number>) => Promise<void>

const program = (around: Surroundings, act: Act): Command => {
  const run = new Command('run')
    .description('Carry out runbooks on clusters over SSH')
    .version(around.version)
    .showHelpAfterError('(run --help lists the commands)')
    .exitOverride()
  addPlaybookCommands(run, around, act)
  addLabCommands(run, around, act)
  addNewCommand(run, around, act)
  return run
}

const main = async (around: Surroundings): Promise<number> => {
  let exitCode: number = exitCodes.done
  const act: Act = async command => {
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

// A reader that goes away, such as `head`, is no error.
process.stdout.on('error', () => {})
process.exit(await main(surroundings()))
