// A run is gone on with as it was asked for; where its files read otherwise now, a person says so.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Person } from '../task/person.ts'

export type Moved = {
  readonly run: string
  /** Files that read otherwise now. */
  readonly files: readonly string[]
  /** `--accept-changes`. */
  readonly isAccepted: boolean
}

/** @throws {Problem} `inputs-changed` where nobody says that they are to be taken as they are now. */
export const assertAgreed = async ({ run, files, isAccepted }: Moved, person: Person): Promise<void> => {
  if (files.length === 0 || isAccepted) return
  const answer = await person.ask({
    title: `Changed since run ${run}: ${files.join(', ')}`,
    lines: ['What is done from here on follows the files as they are now.'],
    prompt: 'Go on with them? (yes/no) ',
  })
  if (answer?.trim().toLowerCase() === 'yes') return
  throw new Problem({
    code: 'inputs-changed',
    summary: `What run ${run} was read from reads otherwise now`,
    seen: files.join(', '),
    wanted: 'the files of then, or a person who says that those of now are meant',
    state: 'nothing was touched',
    help: `put them back as they were; or: run resume ${run} --accept-changes`,
    exit: exitCodes.waits,
  })
}
