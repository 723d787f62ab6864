// All that can happen in a run, as data. The journal keeps them; every view and report is a fold over them.
import type { Evidence } from './answer.ts'
import type { Change } from './change.ts'
import type { Counts } from './counts.ts'
import type { Json } from './json.ts'
import type { Owner } from './lock.ts'
import type { Look } from './look.ts'
import type { Count, Outlook } from './outlook.ts'
import type { ProblemFields } from './problem.ts'
import type { Receipt } from './receipt.ts'
import type { RunRequest } from './request.ts'
import type { Risk } from './risk.ts'
import type { RunHead } from './run-head.ts'
import type { Place } from './span.ts'

export type Mode = 'run' | 'dry-run'

/** A `Problem` as it is written: without its cause; what it hands on stands beside it. */
export type ProblemRecord = Omit<ProblemFields, 'cause' | 'result' | 'about' | 'restsOn'>

/** `same`: nothing to do. `changed`: done now. `would-change`: a dry run's prediction. */
export type StepOutcome = 'same' | 'changed' | 'would-change' | 'skipped' | 'unknown' | 'failed' | 'not-reached'

export type OutlinedStep = {
  /** `playbook/step`. */
  readonly step: string
  readonly name: string
  readonly task: string
  readonly host: string
  /** Index of the play, from 0. */
  readonly play: number
  /** Names of the blocks around it, outermost first; a hold is one of them. */
  readonly within: readonly string[]
  /** Section of the manual or other source, as the playbook says. */
  readonly source?: string
  /** Whether what it does can be taken back by `run undo`; not there when nobody said. */
  readonly undoable?: boolean
  /** All that it does is wait: it is due each time, and changes nothing. */
  readonly onlyWaits?: true
  /** Of a loop: which of its items on this host it is, counted from 1. */
  readonly item?: Count
}

export type OutlinedPlay = {
  readonly name: string
  readonly strategy: 'linear' | 'failover'
  readonly hosts: readonly string[]
  /** It only looks, and changes nothing. */
  readonly reads?: true
}

/** One file, as it was when a run was read from it: its name at the site, and the SHA-256 of its bytes. */
export type InputPrint = { readonly file: string; readonly sha256: string }

/** What of the events is shown: also looks and commands, also what each change is made of. */
export type Showing = { readonly verbose: boolean; readonly diff: boolean }

/** Fields that say which step on which host an event belongs to. */
type OfStep = { readonly step: string; readonly host: string }

/** The same for what a hold does on a host. */
type OfHold = { readonly hold: string; readonly host: string }

/** A command that a step or a hold has sent; one that reads only is a look, and not told here. */
type Command = { readonly type: 'command'; readonly script: string; readonly exitCode: number; readonly ms: number }

export type EventBody =
  | ({
      readonly type: 'run-started'
      readonly run: string
      readonly mode: Mode
      readonly version: string
      readonly steps: readonly OutlinedStep[]
      /** Where each step and each handler is written, by its address without a host. */
      readonly places?: { readonly [step: string]: Place }
      readonly command: string
      /** How it was shown, to show it so again. */
      readonly showing?: Showing
      /** What was asked for, to ask for the same again. */
      readonly request?: RunRequest
      /** The files that it was read from, but for those that are told later. */
      readonly inputs?: readonly InputPrint[]
      /** Names of these: each is an event of its own, unless the run is cut off before. */
      readonly inputsLater?: readonly string[]
      /** The run that did not end well and that this one goes on with. */
      readonly resumes?: string
      /** What was asked for and makes it less safe. */
      readonly risks?: readonly Risk[]
      /** Digest of the plan that it is held to. */
      readonly plan?: string
    } & RunHead)
  /** One more file that it was read from: it is large, and its sum was not there yet when the run began. */
  | ({ readonly type: 'input-summed' } & InputPrint)
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'host-connected'; readonly host: string; readonly ms: number }
  | { readonly type: 'host-unreachable'; readonly host: string; readonly problem: ProblemRecord }
  | { readonly type: 'play-started'; readonly play: number }
  | ({ readonly type: 'step-started' } & OfStep)
  | ({
      readonly type: 'step-checked'
      readonly answer: 'same' | 'differs' | 'unknown'
      readonly because: string
      readonly looks: readonly Look[]
    } & OfStep)
  /** A person is asked whether a step that is due may be carried out. */
  | ({
      readonly type: 'step-asked'
      readonly because: string
      readonly changes: readonly Change[]
      /** Holds that it takes first. */
      readonly holds: readonly string[]
    } & OfStep)
  /** Written, and on disk, before the first byte of `apply` goes out. */
  | ({ readonly type: 'step-intended'; readonly changes: readonly Change[] } & OfStep)
  | (Command & OfStep)
  | (Command & OfHold)
  /** Written before the answer is typed; a secret answer is written masked. */
  | ({
      readonly type: 'prompt-answered'
      readonly prompt: string
      readonly answer: string
      /** Where the prompt stands in its dialogue. */
      readonly count?: Count
    } & OfStep)
  | ({
      readonly type: 'step-progressed'
      readonly text: string
      /** How far it is. */
      readonly count?: Count
      readonly outlook?: readonly Outlook[]
    } & OfStep)
  /** It is still at work, and something is known of how long it goes on. */
  | ({
      readonly type: 'step-lasts'
      /** Since it was started. */
      readonly ms: number
      readonly outlook: readonly Outlook[]
    } & OfStep)
  | ({ readonly type: 'transcript'; readonly text: string } & OfStep)
  | ({
      readonly type: 'step-ended'
      readonly outcome: StepOutcome
      readonly because: string
      readonly evidence?: Evidence
      readonly changes: readonly Change[]
      readonly result?: Json
      /** What came of it, in the task's words. */
      readonly told?: string
      readonly problem?: ProblemRecord
      /** What the changes are made of is not shown. */
      readonly hidesDiff?: true
      /** `ignore_errors` let the run go on. */
      readonly ignored?: boolean
      /** Who said that it be skipped, `user@controller`: it is due, and not done. */
      readonly leftOutBy?: string
      readonly ms: number
    } & OfStep)
  /** A step of a block failed on a host, and the block's `rescue` came to a good end there. */
  | { readonly type: 'block-rescued'; readonly block: string; readonly host: string; readonly step: string }
  | { readonly type: 'handler-notified'; readonly handler: string; readonly host: string; readonly by: string }
  /** The cluster is this run's: nobody else takes it before the run ends, or dies. */
  | { readonly type: 'cluster-locked'; readonly owner: Owner; readonly places: readonly string[] }
  /** A person has taken locks away, in a journal of its own: no run did it. */
  | {
      readonly type: 'lock-broken'
      readonly cluster: string
      readonly places: readonly string[]
      /** Of whom they were; nobody where that could not be read. */
      readonly owners: readonly Owner[]
      readonly reason: string
      /** `user@controller`. */
      readonly by: string
    }
  | { readonly type: 'hold-intended'; readonly hold: string; readonly host: string }
  | { readonly type: 'hold-acquired'; readonly hold: string; readonly host: string; readonly ms: number }
  | { readonly type: 'hold-kept'; readonly hold: string; readonly host: string }
  | { readonly type: 'hold-released'; readonly hold: string; readonly host: string; readonly ms: number }
  | { readonly type: 'hold-failed'; readonly hold: string; readonly host: string; readonly problem: ProblemRecord }
  | { readonly type: 'released-assumed'; readonly host: string; readonly reason: string }
  | { readonly type: 'receipt-written'; readonly receipt: Receipt }
  | { readonly type: 'receipt-withdrawn'; readonly step: string; readonly host: string; readonly because: string }
  | { readonly type: 'run-interrupted'; readonly signal: string }
  | {
      readonly type: 'run-ended'
      readonly exitCode: number
      readonly counts: Counts
      readonly ms: number
      readonly problem?: ProblemRecord
    }

export type RunEvent = EventBody & {
  /** Counted from 1, without a gap. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly at: string
}
