// Whether what happened can be told: of a run that was killed, of the one that went on, and of both together.
import { Command } from 'commander'
import type { Act } from '../../../src/cli/act.ts'
import { addHistoryCommand } from '../../../src/cli/history-command.ts'
import { addReportCommand } from '../../../src/cli/report-command.ts'
import type { Surroundings } from '../../../src/cli/surroundings.ts'
import { type KeptRun, listRuns } from '../../../src/journal/index.ts'

const formats = ['text', 'tree', 'md', 'html', 'json', 'jsonl', 'junit'] as const

/** @returns What is not whole, in words. */
export const faultsOfReports = async (dir: string): Promise<readonly string[]> => {
  const runs = listRuns(`${dir}/.run/runs`).filter(({ mode }) => mode === 'run')
  const reports = await Promise.all(runs.flatMap(run => formats.map(format => faultsOfReport(dir, run, format))))
  const history = await called(dir, ['history', '--format', 'json'])
  const unknown = runs.filter(({ run }) => !history.told.includes(`"${run}"`))
  return [...reports.flat(), ...unknown.map(({ run }) => `history does not know ${run}`), ...faultsOfChain(runs)]
}

const faultsOfReport = async (dir: string, { run, exitCode }: KeptRun, format: string): Promise<readonly string[]> => {
  const { told, status } = await called(dir, ['report', run, '--format', format]).catch(error => ({
    told: String(error),
    status: undefined,
  }))
  const isEndTold = told.includes('"run-ended"') === (exitCode !== undefined)
  const isWhole = status === 0 && told.length > 100 && (format !== 'jsonl' || isEndTold)
  return isWhole ? [] : [`the report of ${run} as ${format} ends with ${status}: ${told}`]
}

/** The oldest is the one that was killed; each one after it goes on with the one before it. */
const faultsOfChain = (runs: readonly KeptRun[]): readonly string[] =>
  runs.flatMap(({ run, resumes }, index) => {
    const before = runs[index + 1]?.run
    return resumes === before ? [] : [`${run} goes on with ${resumes}, and not with ${before}`]
  })

const called = async (cwd: string, args: readonly string[]) => {
  let told = ''
  let status = -1
  const stream = { write: (text: string | Uint8Array) => (told += text), isTTY: false }
  const around = {
    cwd,
    stdout: stream,
    stderr: { write: () => true },
    isTerminal: false,
    isDumb: true,
    colour: false,
    version: 'test',
    agent: undefined,
    environment: () => undefined,
    command: `run ${args.join(' ')}`,
  } as unknown as Surroundings // reports ask for these alone
  const run = new Command('run').exitOverride()
  const act: Act = async command => {
    status = await command()
  }
  addReportCommand(run, around, act)
  addHistoryCommand(run, around, act)
  await run.parseAsync([...args], { from: 'user' })
  return { told, status }
}
