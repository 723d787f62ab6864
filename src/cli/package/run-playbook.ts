// A playbook carried out by a program: the same run as the command's, with a report in the place of a screen.
import { resolve } from 'node:path'
import { journalFile } from '../../journal/index.ts'
import type { RunEvent } from '../../model/events.ts'
import { narrowingOf, narrowingWords } from '../../plan/narrowing.ts'
import { allSteps, failuresOf, foldAll, type StepState } from '../../report/index.ts'
import { quoteWord } from '../../shell/quote.ts'
import { keepLoaded } from '../kept-code.ts'
import { runPlaybook as carryOut, type RunFlags } from '../run-playbook.ts'
import { findSettings } from '../settings.ts'
import type { Signals } from '../signals.ts'
import { readSshConfig } from '../ssh-config-files.ts'
import { packageVersion, type Surroundings } from '../surroundings.ts'
import { assertOptions } from './options.ts'
import type { RunPlaybook, RunPlaybookOptions, RunReport, StepReport } from './words.ts'

export const runPlaybook: RunPlaybook = async (playbook, options) => {
  assertOptions(playbook, options)
  options.signal?.throwIfAborted()
  const cwd = resolve(options.cwd ?? '.')
  const flags = flagsOf(options)
  const events: RunEvent[] = []
  const broken: unknown[] = []
  const hear = (event: RunEvent): void => {
    events.push(event)
    try {
      if (broken.length === 0) options.onEvent?.(event)
    } catch (error) {
      // A step that is under way does not break off because somebody's listener does.
      broken.push(error)
    }
  }
  const around = surroundingsOf(options, { cwd, command: commandOf(playbook, flags), hear })
  await carryOut(playbook, flags, around).finally(keepLoaded)
  if (broken.length > 0) throw broken[0]
  return reportOf(events, findSettings(cwd).runs)
}

const flagsOf = (options: RunPlaybookOptions): RunFlags => {
  const { mode, extraVars, vaultPasswordFiles, yes, inventory, forks } = options
  return {
    ...narrowingOf(options),
    ...(inventory !== undefined && { inventory }),
    ...(forks !== undefined && { forks }),
    ...(vaultPasswordFiles && { vaultPasswordFile: vaultPasswordFiles }),
    ...(extraVars && { extraVars: [JSON.stringify(extraVars)] }),
    ...(mode === 'dry-run' && { dryRun: true }),
    yes: yes ?? false,
    format: 'text',
    verbose: 0,
  }
}

/** The line that does the same, for the journal and for whoever goes on from there. */
const commandOf = (playbook: string, flags: RunFlags): string => {
  const { inventory, extraVars = [], dryRun } = flags
  const words = [
    ...(inventory === undefined ? [] : ['-i', quoteWord(inventory)]),
    ...narrowingWords(flags),
    ...extraVars.flatMap(text => ['-e', quoteWord(text)]),
    ...(dryRun ? ['--dry-run'] : []),
  ]
  return ['run playbook', quoteWord(playbook), ...words].join(' ')
}

type Heard = { readonly cwd: string; readonly command: string; hear(event: RunEvent): void }

const surroundingsOf = (options: RunPlaybookOptions, { cwd, command, hear }: Heard): Surroundings => {
  const { print, signal, environment = process.env } = options
  const stream = { write: (text: string | Uint8Array) => print?.(String(text)) }
  return {
    cwd,
    command,
    // A plan is in the report.
    stdout: { write: () => {} },
    stderr: stream,
    isTerminal: false,
    isDumb: true,
    colour: false,
    isSpoken: false,
    version: packageVersion(),
    agent: environment.SSH_AUTH_SOCK,
    environment: name => environment[name],
    sshConfig: readSshConfig(),
    events: hear,
    watch: tell => watchAbort(signal, tell),
  }
}

/** What Ctrl-C is to the command. */
const watchAbort = (signal: AbortSignal | undefined, tell: (signal: string) => void): Signals => {
  const hear = () => tell('abort')
  if (signal?.aborted) hear()
  signal?.addEventListener('abort', hear, { once: true })
  return { isStopping: () => signal?.aborted ?? false, stop: () => signal?.removeEventListener('abort', hear) }
}

const reportOf = (events: readonly RunEvent[], runs: string): RunReport => {
  const state = foldAll(events)
  const { started, ended } = state
  if (!started || !ended) throw new Error('the run has no end')
  return {
    run: started.run,
    mode: started.mode,
    exitCode: ended.exitCode as RunReport['exitCode'], // what the engine ends a run with
    steps: allSteps(state).map(stepOf),
    problems: failuresOf(state),
    counts: ended.counts,
    ms: ended.ms,
    journal: journalFile(runs, started.run),
  }
}

const stepOf = ({ outlined: { step, host, name, task }, ended }: StepState): StepReport => {
  if (!ended) return { step, host, name, task, outcome: 'not-reached', because: '', changes: [], ms: 0 }
  const { outcome, because, changes, ms, evidence, result, problem, ignored } = ended
  return {
    ...{ step, host, name, task, outcome, because, changes, ms },
    ...(evidence && { evidence }),
    ...(result !== undefined && { result }),
    ...(problem && { problem }),
    ...(ignored !== undefined && { ignored }),
  }
}
