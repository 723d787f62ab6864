// `run plan` and `run apply`: what would be done is written down, approved, and then done as it is written.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { durationForm, parseDuration } from '../text/duration.ts'
import type { Act } from './act.ts'
import { type ApplyFlags, applyPlan } from './apply-plan.ts'
import { makePlan, type PlanFlags } from './make-plan.ts'
import { withConductFlags, withPlaybookFlags } from './playbook-commands.ts'
import type { Surroundings } from './surroundings.ts'
import { tellingEvents } from './telling-events.ts'

const aDay = 24 * 60 * 60 * 1000

export const addPlanCommands = (run: Command, around: Surroundings, act: Act): void => {
  withPlaybookFlags(run.command('plan').argument('<name>', 'a playbook by its name, or its file'))
    .description('write down what a playbook would do, to be reviewed and applied')
    .requiredOption('-o, --output <file>', 'where to write the plan')
    .addOption(
      new Option('--valid-for <time>', 'how long it may be applied, such as 30m or 8h')
        .argParser(durationOf)
        .default(aDay, '24h'),
    )
    .action((name: string, flags: PlanFlags) =>
      act(() => tellingEvents(flags.events, around, near => makePlan(name, flags, near))),
    )

  withConductFlags(run.command('apply').argument('<plan>', 'a file that `run plan` wrote'))
    .description('do what a plan says, if the world is still as it was')
    .action((file: string, flags: ApplyFlags) =>
      act(() => tellingEvents(flags.events, around, near => applyPlan(file, flags, near))),
    )
}

/** @throws {InvalidArgumentError} */
const durationOf = (text: string): number => {
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0) return ms
  throw new InvalidArgumentError(durationForm)
}
