// `--confirm`: a person is asked before each step that is due, so a person has to be there.
import { Option } from 'commander'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Surroundings } from './surroundings.ts'

export const confirmOption = (): Option =>
  new Option('--confirm', 'ask before each step that is due, with what it would change: yes, skip, all or stop')

type Flags = { readonly confirm?: boolean; readonly check?: boolean; readonly dryRun?: boolean }

/** @throws {Problem} `nobody-to-ask`, `flags-apart`; nothing was begun by then. */
export const assertCanConfirm = ({ confirm, check, dryRun }: Flags, { isTerminal }: Surroundings): void => {
  if (!confirm) return
  if (check || dryRun) throw nothingToConfirm()
  if (!isTerminal) throw nobodyThere()
}

const nobodyThere = (): Problem =>
  new Problem({
    code: 'nobody-to-ask',
    summary: '--confirm asks before each step, and there is no terminal to ask at',
    wanted: 'a terminal on standard input and standard error',
    state: 'nothing was begun',
    help: 'run it from a terminal, or choose the steps beforehand with --only, --from, --to or --tags',
    exit: exitCodes.waits,
  })

const nothingToConfirm = (): Problem =>
  new Problem({
    code: 'flags-apart',
    summary: 'A dry run changes nothing, so there is nothing to confirm',
    help: 'leave out --confirm, or leave out --dry-run and --check',
    exit: exitCodes.input,
  })
