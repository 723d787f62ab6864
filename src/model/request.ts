// What was asked for, as data: enough to ask for the same again, from a journal or a plan.

/** By what a request is about less than its whole playbook. */
export type Narrowing = {
  /** Only these hosts, as a pattern. */
  readonly limit?: string
  /** Only steps with one of these tags. */
  readonly tags?: readonly string[]
  /** No step with one of these tags. */
  readonly skipTags?: readonly string[]
  /** Only these steps. */
  readonly only?: readonly string[]
  /** From this step on. */
  readonly from?: string
  /** Up to this step. */
  readonly to?: string
  /** Only what did not come to a good end in this run. */
  readonly failedOf?: string
}

export type RunRequest = Narrowing & {
  /** Name or file, as it was typed. */
  readonly playbook: string
  /** File, as it was typed; absent when `run.yml` names it. */
  readonly inventory?: string
  readonly extraVars?: readonly string[]
  /** Takes back what this run changed, instead of carrying the playbook out. */
  readonly undo?: string
}
