// A task on a real node, for its author: looked at, carried out, and looked at again, which has to find all as wanted.
import type { Change } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import type { HostShell } from '../../src/shell/host-shell.ts'
import type { Task } from '../../src/task/task.ts'
import { settleOn } from './settle.ts'

export type Tried = {
  readonly changes: readonly Change[]
  /** As `register` gets it. */
  readonly result: Json | undefined
  /** Takes it back, where the task can. */
  undo(): Promise<void>
}

/**
 * Tries a task on a host of the lab, or on a sandbox.
 *
 * No run is around it: there are no receipts, no holds and no other nodes, and a task that talks with a program or leaves
 * one running is tried with a playbook.
 *
 * @throws {Problem} as the task does.
 * @throws {Error} where a second look does not say that all is as wanted, or a result is not what was foretold.
 */
export const tryOn = async (host: HostShell, task: Task, args: object): Promise<Tried> => {
  const { changes, result, undo } = await settleOn(task, host, args)
  return { changes, result, undo: async () => void (await undo()) }
}
