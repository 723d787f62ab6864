// What was asked for, as data: enough to ask for the same again, from a journal or a plan.

export type RunRequest = {
  /** Name or file, as it was typed. */
  readonly playbook: string
  /** File, as it was typed; absent when `run.yml` names it. */
  readonly inventory?: string
  readonly limit?: string
  readonly tags?: readonly string[]
  readonly skipTags?: readonly string[]
  readonly only?: readonly string[]
  readonly from?: string
  readonly to?: string
  /** Only what did not come to a good end in this run. */
  readonly failedOf?: string
  readonly extraVars?: readonly string[]
  /** Takes back what this run changed, instead of carrying the playbook out. */
  readonly undo?: string
}
