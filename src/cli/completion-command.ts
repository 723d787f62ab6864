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

/** In each of the ways in which a flag can have its value; the last word is not finished. */
const inventoryIn = (words: readonly string[]): string | undefined => {
  const typed = words.slice(0, -1)
  const at = typed.findIndex(word => /^(?:-i|--inventory$|--inventory=)/.test(word))
  if (at < 0) return undefined
  const [, value] = /^(?:-i|--inventory=)(.+)$/s.exec(typed[at] ?? '') ?? []
  return value ?? typed[at + 1]
}
