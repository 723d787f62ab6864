// A plan is taken once: a marker by its digest, which no two runs can both make.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '../journal/index.ts'
import { exitCodes, Problem } from '../model/problem.ts'

/** @returns A problem when a run has taken it. */
export const findTaken = (runs: string, digest: string): Problem | undefined => {
  const marker = markerOf(runs, digest)
  return existsSync(marker) ? taken(readFileSync(marker, 'utf8')) : undefined
}

/**
 * Takes a plan for a run, and keeps a copy of it beside the run's journal.
 *
 * @param run Name of a run whose folder is there.
 * @throws {Problem} `plan-taken`.
 */
export const takePlan = (runs: string, { digest, file, run }: { digest: string; file: string; run: string }): void => {
  const marker = markerOf(runs, digest)
  mkdirSync(join(runs, '.taken'), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(marker, run, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
    throw taken(readFileSync(marker, 'utf8')).with({ state: 'nothing was touched' })
  }
  copyFileSync(file, join(runs, run, 'plan.json'))
}

/** Not the name of a run: those begin with a year. */
const markerOf = (runs: string, digest: string): string => join(runs, '.taken', digest.replace(/[^0-9a-f]/g, ''))

const taken = (run: string): Problem =>
  new Problem({
    code: 'plan-taken',
    summary: 'The plan was taken already: a plan is carried out once',
    seen: run === '' ? 'taken by a run that begins now' : `taken by run ${run}`,
    wanted: 'a plan that no run has taken',
    help: 'go on with that run (run resume), or make a new plan of what is left',
    exit: exitCodes.drift,
  })
