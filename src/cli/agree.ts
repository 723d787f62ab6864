// A run is gone on with as it was asked for; where its files read otherwise now, a person says so.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Person } from '../task/person.ts'
import type { MovedFiles } from './earlier-run.ts'

export type Moved = MovedFiles & {
  readonly run: string
  /** `--accept-changes`. */
  readonly isAccepted: boolean
}

/** @throws {Problem} `inputs-changed` where nobody says that they are to be taken as they are now. */
export const assertAgreed = async ({ run, files, unknown, isAccepted }: Moved, person: Person): Promise<void> => {
  if (files.length + unknown.length === 0 || isAccepted) return
  const isKnown = files.length > 0
  const all = [...files, ...unknown.map(file => `${file} (not known: that run was cut off before its sum was there)`)]
  const seen = all.join(', ')
  const answer = await person.ask({
    title: `${isKnown ? 'Changed' : 'Perhaps changed'} since run ${run}: ${seen}`,
    lines: ['What is done from here on follows the files as they are now.'],
    prompt: 'Go on with them? (yes/no) ',
  })
  if (answer?.trim().toLowerCase() === 'yes') return
  throw new Problem({
    code: 'inputs-changed',
    summary: isKnown
      ? `What run ${run} was read from reads otherwise now`
      : `What run ${run} was read from may read otherwise now`,
    seen,
    wanted: 'the files of then, or a person who says that those of now are meant',
    state: 'nothing was touched',
    help: `put them back as they were; or: run resume ${run} --accept-changes`,
    exit: exitCodes.waits,
  })
}
