// A dry run that is held to a plan, right before the run: holds are asked for again, and every step once more.
import { carryOut } from '../engine/carry-out.ts'
import type { Follow } from '../engine/follow.ts'
import type { RunEvent } from '../model/events.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { RunRequest } from '../model/request.ts'
import { dialogueVoice } from '../plan/dialogue-voice.ts'
import type { OpenNodes } from './connections.ts'
import type { Inputs } from './inputs.ts'
import type { Surroundings } from './surroundings.ts'

export type Rehearsal = {
  readonly inputs: Inputs
  readonly request: RunRequest
  readonly follow: Follow
  readonly nodes: OpenNodes
  readonly forks?: number
  readonly around: Surroundings
}

/** @returns What stands in the way of the plan, and did not when it was made; none when nothing does. */
export const rehearse = async (rehearsal: Rehearsal): Promise<readonly Problem[]> => {
  const { inputs, request, follow, nodes, around, forks = inputs.settings.forks } = rehearsal
  const problems: Problem[] = []
  await carryOut({
    outline: inputs.outline,
    nodes,
    options: { mode: 'dry-run', runId: '', forks, keepHolds: false, assumeReleased: inputs.released, follow },
    voiceOf: dialogueVoice,
    person: { ask: () => Promise.resolve(undefined) },
    request,
    command: around.command,
    version: around.version,
    onDisk: async () => {},
    emit(body): RunEvent {
      if (body.type === 'step-ended' && body.problem && !body.ignored) problems.push(asDrift(body.problem))
      if (body.type === 'run-ended' && body.problem && problems.length === 0) problems.push(asDrift(body.problem))
      return { ...body, seq: 0, at: '' }
    },
    now: () => Math.round(performance.now()),
    timeOfDay: () => '',
    isStopping: () => false,
  })
  return problems
}

/** A plan is written only where nothing stands in its way: what does so now has come since. */
const asDrift = (fields: Problem['fields']): Problem =>
  new Problem(
    fields.exit === undefined || fields.exit === exitCodes.failed ? { ...fields, exit: exitCodes.drift } : fields,
  )
