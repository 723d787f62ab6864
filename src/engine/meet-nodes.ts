// The first word with every node: logged in everywhere at once, locked, and its notes read, in one round trip each.
import type { EventBody } from '../model/events.ts'
import type { Outline } from '../plan/outline.ts'
import type { Nodes } from './context.ts'
import type { Flow } from './flow.ts'
import type { ClusterLock } from './lock/cluster-lock.ts'
import { type Notes, notesScript, parseNotes } from './notes.ts'
import { asProblem, recordOf } from './problems.ts'

export type Meeting = {
  readonly outline: Outline
  readonly nodes: Nodes
  readonly lock: ClusterLock
  readonly flow: Flow
  emit(event: EventBody): void
  now(): number
}

/**
 * Meets those that have something to do, and all who may hold something.
 *
 * A node that nobody reaches cannot be locked; nor can it be asked, so it keeps what only one node may hold from the others.
 *
 * @throws {Problem} `locked`.
 */
export const meetNodes = async (meeting: Meeting): Promise<readonly Notes[]> => {
  const { outline, nodes, lock, flow, emit, now } = meeting
  const { cluster } = outline
  const busy = new Set(outline.plays.flatMap(play => play.hosts))
  await lock.begin()
  const met = [...new Set([...busy, ...outline.order])].map(async host => {
    const started = now()
    try {
      const shell = await nodes.shell(host)
      emit({ type: 'host-connected', host, ms: now() - started })
      const { script, ...options } = lock.opening(host)
      const said = await shell.run(`${script}${notesScript(cluster)}`, options)
      lock.hear(host, said.stdout)
      return parseNotes(said, { host, cluster })
    } catch (error) {
      const problem = asProblem(error).with({ host })
      emit({ type: 'host-unreachable', host, problem: recordOf(problem) })
      if (busy.has(host)) flow.fail(host, problem)
      return { receipts: [], begun: [] }
    }
  })
  const notes = await Promise.all(met)
  await lock.settle()
  return notes
}
