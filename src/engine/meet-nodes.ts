// The first word with every node: logged in everywhere at once, locked, and its notes read, in one round trip each.
import type { EventBody } from '../model/events.ts'
import type { Outline } from '../plan/outline.ts'
import type { Flow } from './flow.ts'
import { type Notes, notesScript, parseNotes } from './notes.ts'
import { asProblem, recordOf } from './problems.ts'
import type { SetOut, Way } from './set-out.ts'

export type Meeting = {
  readonly outline: Outline
  readonly way: SetOut
  readonly flow: Flow
  emit(event: EventBody): void
  now(): number
}

/**
 * Meets those that it has set out to.
 *
 * A node that nobody reaches cannot be locked; nor can it be asked, so it keeps what only one node may hold from the others.
 *
 * @throws {Problem} `locked`.
 */
export const meetNodes = async (meeting: Meeting): Promise<readonly Notes[]> => {
  const { outline, way, flow, emit, now } = meeting
  if (way.type === 'refused') throw way.because
  const { lock, ways } = way
  const { cluster } = outline
  const busy = new Set(outline.plays.flatMap(play => play.hosts))
  const meet = async ({ host, since, shell: reached }: Way): Promise<Notes> => {
    try {
      const shell = await reached
      emit({ type: 'host-connected', host, ms: now() - since })
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
  }
  const notes = await Promise.all(ways.map(meet))
  await lock.settle({ emit, onLost: problem => flow.stop('', problem) })
  return notes
}
