// What a program says that carries a playbook out, and what it is told: the surface of `runbook-run`.
import type { Evidence } from '../../model/answer.ts'
import type { Change } from '../../model/change.ts'
import type { Counts } from '../../model/counts.ts'
import type { Mode, ProblemRecord, RunEvent, StepOutcome } from '../../model/events.ts'
import type { Json } from '../../model/json.ts'
import type { ExitCode } from '../../model/problem.ts'
import type { Narrowing } from '../../model/request.ts'

export type RunPlaybookOptions = Narrowing & {
  /** `dry-run` tells what would change, and changes nothing. */
  readonly mode: Mode
  /** Where a user would stand: `run.yml` is searched upward from here. This process' own unless told. */
  readonly cwd?: string
  /** File, from `cwd`; else what `run.yml` names. */
  readonly inventory?: string
  /** They count most of all, as `-e` does. They stand in the journal as they are: a secret belongs in the inventory. */
  readonly extraVars?: { readonly [name: string]: Json }
  /** How many hosts work at the same time. */
  readonly forks?: number
  /** A cluster that is no lab may be changed: nobody is asked. */
  readonly yes?: boolean
  /** Files with vault passwords, or programs that print them. */
  readonly vaultPasswordFiles?: readonly string[]
  /** For `secret: env:NAME` and `lookup('env', …)`; that of this process unless told. */
  readonly environment?: { readonly [name: string]: string | undefined }
  /** Once it is aborted, the step at hand is finished, what is held is given back, and nothing new is begun. */
  readonly signal?: AbortSignal
  /** Hears each event after it is in the journal; no secret is in it. What it throws is thrown when the run is over. */
  readonly onEvent?: (event: RunEvent) => void
  /** Gets what the command would show on stderr without a terminal: warnings, a line per event, how it went. */
  readonly print?: (text: string) => void
}

export type StepReport = {
  /** `playbook/step`. */
  readonly step: string
  readonly host: string
  readonly name: string
  readonly task: string
  readonly outcome: StepOutcome
  readonly because: string
  /** How sure a dry run is. */
  readonly evidence?: Evidence
  /** What was changed, or in a dry run would be. */
  readonly changes: readonly Change[]
  readonly result?: Json
  readonly problem?: ProblemRecord
  /** The playbook let the failure pass. */
  readonly ignored?: boolean
  readonly ms: number
}

export type RunReport = {
  /** Its name, for `run report` and `run resume`. */
  readonly run: string
  readonly mode: Mode
  /** As the command ends with it: 0 where all is as wanted, 1 where a step failed, … */
  readonly exitCode: ExitCode
  /** In the order of the outline; steps that were not reached are among them. */
  readonly steps: readonly StepReport[]
  /** What went wrong, each once. */
  readonly problems: readonly ProblemRecord[]
  readonly counts: Counts
  readonly ms: number
  /** File with every event. */
  readonly journal: string
}

/**
 * Carries a playbook out, or tells what it would do, as `run playbook` does: with the same checks before anything
 * connects, the same locks, and a journal.
 *
 * A run that has begun ends with a report, whatever came of it. It writes nothing to stdout or stderr, asks nobody, and
 * leaves signals of the process alone.
 *
 * @param playbook Its name, or its file from `cwd`.
 * @throws {Problems} with all that is wrong with options, playbook, inventory, variables or settings.
 * @throws {Problem} `not-confirmed` where a cluster would be changed that is no lab, and nobody said `yes`; what keeps a
 *   run from beginning, such as a place for journals that cannot be written.
 * @throws The reason of `signal` where it is aborted before anything began.
 */
export type RunPlaybook = (playbook: string, options: RunPlaybookOptions) => Promise<RunReport>
