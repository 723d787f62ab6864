// `run completion SHELL`: a script that has the shell ask the command what could stand where the cursor is.
import { Argument, type Command } from 'commander'
import { exitCodes } from '../model/problem.ts'
import type { Act } from './act.ts'
import { candidates } from './completion/candidates.ts'
import { knownAt } from './completion/known.ts'
import { completionScripts, shells } from './completion/scripts.ts'
import type { Surroundings } from './surroundings.ts'

type Shell = (typeof shells)[number]

export const addCompletionCommand = (run: Command, around: Surroundings, act: Act): void => {
  const completion = run
    .command('completion')
    .description('completion of commands, playbooks, steps and hosts for your shell: `source <(run completion bash)`')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell) =>
      act(async () => {
        around.stdout.write(completionScripts[shell])
        return exitCodes.done
      }),
    )
  completion
    .command('words [words...]', { hidden: true })
    .description('what could be the last of these words, one a line')
    .action((words: readonly string[]) =>
      act(async () => {
        for (const each of await possible(run, words, around)) around.stdout.write(`${each}\n`)
        return exitCodes.done
      }),
    )
}

/** Whoever is typing is told of no fault: there is nothing to propose then. */
const possible = async (run: Command, words: readonly string[], around: Surroundings): Promise<readonly string[]> => {
  try {
    return await candidates(run, words, knownAt(around, inventoryIn(words)))
  } catch {
    return []
  }
}

const inventoryIn = (words: readonly string[]): string | undefined => {
  const at = words.findIndex(word => word === '-i' || word === '--inventory')
  return at < 0 || at + 1 >= words.length - 1 ? undefined : words[at + 1]
}
