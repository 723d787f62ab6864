// In a job of GitHub Actions: faults beside the lines that they are in, the report on the page of the job, and nothing
// that a node or a file says is taken for a command of the workflow.
import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import type { ProblemRecord } from '../model/events.ts'
import { annotation, type Severity } from '../report/index.ts'
import type { Surroundings } from './surroundings.ts'

export type Github = {
  annotate(severity: Severity, problems: readonly ProblemRecord[]): void
  /** Adds a document to the page of the job. @param instead Where it is told, when it is too long for that. */
  summarize(markdown: string, instead: string): void
  /** From here on nothing that is printed is a command, to the end of the process; a second call changes nothing. */
  ignore(): void
}

/** @source GitHub, "Step isolation and limits": 1 MiB a step, else nothing of it is shown. */
const longestBytes = 1024 * 1024

type At = Pick<Surroundings, 'cwd' | 'environment'> & { readonly stderr: Pick<Surroundings['stderr'], 'write'> }

/** @returns Nothing where this is no job of GitHub Actions. */
export const githubAt = ({ cwd, environment, stderr }: At): Github | undefined => {
  if (environment('GITHUB_ACTIONS') !== 'true') return undefined
  const root = environment('GITHUB_WORKSPACE') ?? cwd
  const page = environment('GITHUB_STEP_SUMMARY')
  const commands = readCommands(stderr)

  const pathOf = (file: string): string | undefined => {
    const path = relative(root, resolve(cwd, file))
    return path.startsWith('..') || isAbsolute(path) ? undefined : path
  }
  return {
    annotate(severity, problems) {
      if (problems.length === 0) return
      commands.among(() => {
        for (const problem of problems) stderr.write(annotation(severity, problem, pathOf))
      })
    },
    summarize(markdown, instead) {
      if (page === undefined || page === '') return
      try {
        appendFileSync(page, fitting(`${markdown}\n`, { there: sizeOf(page), instead }))
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        stderr.write(`The page of the job has no report: ${why}. ${instead}\n`)
      }
    },
    ignore: commands.ignore,
  }
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)

const fitting = (text: string, { there, instead }: { readonly there: number; readonly instead: string }): string => {
  const size = Buffer.byteLength(text)
  if (there + size <= longestBytes) return text
  return `The report is longer than GitHub shows here (${Math.ceil(size / 1024)} KiB). ${instead}\n`
}

/**
 * The runner reads commands off every line, those that a node's program printed too.
 *
 * @source GitHub, "Workflow commands for GitHub Actions", "Stopping and starting workflow commands".
 */
const readCommands = (stderr: At['stderr']) => {
  let token: string | undefined
  const heed = () => {
    process.off('exit', heed)
    if (token !== undefined) stderr.write(`::${token}::\n`)
    token = undefined
  }
  const ignore = () => {
    if (token !== undefined) return
    // Another one each time: what was printed before may have read the last.
    token = randomUUID()
    stderr.write(`::stop-commands::${token}\n`)
    // Else nothing after this program in the same step would be heard.
    process.on('exit', heed)
  }
  return {
    ignore,
    among(work: () => void) {
      const before = token
      heed()
      work()
      if (before !== undefined) ignore()
    },
  }
}
