// `run playbook` and `run step`: their words and flags, which are Ansible's where Ansible has them.
import { type Command, Option } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Act } from './act.ts'
import { countOf } from './command-line.ts'
import { assertCanConfirm, confirmOption } from './confirm-steps.ts'
import { type RunFlags, runPlaybook } from './run-playbook.ts'
import { withSecretFlags } from './secret-flags.ts'
import type { Surroundings } from './surroundings.ts'
import { tellingEvents } from './telling-events.ts'

const list = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value
    .split(',')
    .map(part => part.trim())
    .filter(Boolean),
]

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const count = (_: string, before: number): number => before + 1

export const addPlaybookCommands = (run: Command, around: Surroundings, act: Act): void => {
  withPlaybookFlags(run.command('playbook').argument('<name>', 'a playbook by its name, or its file'))
    .description('carry out a playbook, or with --dry-run tell what it would do')
    .option('--failed-of <run>', 'only the steps, each on its node, that failed, are unknown or were not reached in it')
    .addOption(confirmOption())
    .action((name: string, flags: RunFlags) =>
      act(() => {
        assertCanConfirm(flags, around)
        return tellingEvents(flags.events, around, near => runPlaybook(name, flags, near))
      }),
    )

  withFlags(run.command('step').argument('<playbook/step>', 'a step by its address, such as install/installer'))
    .description('carry out one step again, with the holds that it needs')
    .option('--host <pattern>', 'only these hosts')
    .addOption(confirmOption())
    .option('--keep', 'keep what is held, such as a mounted partition')
    .action((address: string, { host, ...flags }: RunFlags & { host?: string }) => {
      return act(() => {
        assertCanConfirm(flags, around)
        const { playbook, step, at } = readAddress(address)
        const asked = { ...flags, only: [step], limit: host ?? at }
        return tellingEvents(flags.events, around, near => runPlaybook(playbook, asked, near))
      })
    })
}

/** @throws {Problem} `address-wrong`. */
export const readAddress = (address: string) => {
  const [, playbook, step, at] = address.match(/^(.+)\/([^/@]+)(?:@([^@]+))?$/) ?? []
  if (playbook !== undefined && step !== undefined) return { playbook, step, at }
  throw new Problem({
    code: 'address-wrong',
    summary: 'This is not the address of a step',
    seen: address,
    wanted: 'PLAYBOOK/STEP or PLAYBOOK/STEP@NODE, such as install/installer@node2',
    help: 'a dry run of the playbook lists the addresses of its steps',
    exit: exitCodes.input,
  })
}

/** All that `run playbook` knows. */
export const withPlaybookFlags = (command: Command): Command =>
  withFlags(command)
    .option('-l, --limit <pattern>', 'only these hosts')
    .option('-t, --tags <tags>', 'only steps with one of these tags', list)
    .option('--skip-tags <tags>', 'no step with one of these tags', list)
    .option('--only <steps>', 'only these steps', list)
    .option('--from <step>', 'from this step on')
    .option('--to <step>', 'up to this step')

const withFlags = (command: Command): Command => withRunFlags(withInputFlags(command))

/** What says where a run is carried out, and with which values. */
export const withInputFlags = (command: Command): Command =>
  command
    .option('-i, --inventory <file>', 'inventory; the default is named in run.yml')
    .option('-e, --extra-vars <vars>', 'key=value pairs, YAML or JSON, or @file', each)

/** How a run is carried out and shown, whatever it is about. */
export const withRunFlags = (command: Command): Command =>
  withConductFlags(
    command
      .option('-C, --check', 'only tell what would change')
      .option('--dry-run', '--check and --diff')
      .option('--detailed-exitcode', 'a dry run that finds changes ends with 10')
      .addOption(
        new Option('--format <format>', 'form of a dry run on stdout').choices(['text', 'md', 'json']).default('text'),
      ),
  )

/** How a run goes that is no dry run. */
export const withConductFlags = (command: Command): Command =>
  withSecretFlags(command)
    .option('-D, --diff', 'show what each change is made of')
    .option('-f, --forks <n>', 'how many hosts work at the same time; 10, unless run.yml says otherwise', countOf)
    .option('-y, --yes', 'do not ask before a run on a real cluster')
    .option('--events <to>', 'each event as a line of JSON, at once: a file, - for stdout, fd:3 (docs/events.md)')
    .option('--screen-reader', 'plain lines and words in the place of signs; also RUN_SCREEN_READER=1')
    .option('-v, --verbose', 'also looks, commands and what they answer', count, 0)
    .option('--assume-released <node>', 'a node that cannot be asked holds nothing; needs --reason', each)
    .option('--reason <text>', 'how that is known; it is kept in the journal')
    .option('--again <step@node>', 'begin a program anew whose end nobody knows: you have looked at the node', each)
    .option('--done <step@node>', 'take it as done: you have looked at the node', each)
