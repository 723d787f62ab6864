// The lab as a program has it, to try tasks on real nodes: the surface of `runbook-run/lab`.
import type { HostShell } from '../../shell/host-shell.ts'

export type OpenLabOptions = {
  /** Where a user would stand: it is the lab of that site, as `run lab up` brings it up. This process' own unless told. */
  readonly cwd?: string
  /** 2 to 32, where it is not up yet; 2 unless told. */
  readonly nodes?: number
}

export type OpenedLab = {
  /** `node1`, `node2`, … */
  readonly nodes: readonly string[]
  /** What this machine grants no lab, in words: a test skips by these. */
  readonly lacks: readonly string[]
  /**
   * A node, reached over SSH as a run reaches it, as root. It connects at the first command, and again after `reset`.
   *
   * @throws {Problem} at that command: `lab-node-unknown`.
   */
  host(name: string): HostShell
  /** Puts all nodes back as they came up. */
  reset(): Promise<void>
  /** Closes the connections; takes the lab down where this call brought it up. */
  close(): Promise<void>
}

/**
 * Opens the lab of a site, and brings it up where it is not.
 *
 * A playbook meets the same nodes with `provider: lab` in its inventory.
 *
 * @throws {Problem} `lab-namespaces-refused`, `lab-programs-missing`, `lab-nodes-number`, `lab-other-size`, …
 */
export type OpenLab = (options?: OpenLabOptions) => Promise<OpenedLab>
