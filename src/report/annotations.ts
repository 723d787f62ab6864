// Problems as GitHub shows them beside the lines of a change: one workflow command each, and nothing in it that is another.
import type { ProblemRecord } from '../model/events.ts'
import { printableLines } from './printable.ts'

export type Severity = 'error' | 'warning'

/** @returns The path from the root of the repository; nothing where the file is none of it. */
export type InRepository = (file: string) => string | undefined

/**
 * `::error file=playbooks/install.yml,line=3,…::There is no task …`, with its line break.
 *
 * @source GitHub, "Workflow commands for GitHub Actions"; escapes as in actions/toolkit, core/src/command.ts.
 */
export const annotation = (severity: Severity, problem: ProblemRecord, pathOf: InRepository): string => {
  const properties = Object.entries({ ...placeOf(problem, pathOf), title: titleOf(problem) })
  const told = properties.map(([key, value]) => `${key}=${inProperty(`${value}`)}`).join(',')
  return `::${severity} ${told}::${inMessage(messageOf(problem))}\n`
}

const placeOf = ({ span }: ProblemRecord, pathOf: InRepository): Readonly<Record<string, string | number>> => {
  const file = span && pathOf(span.file)
  if (span === undefined || file === undefined) return {}
  // Line 0 stands for the whole file.
  if (span.line === 0) return { file }
  const { line, column, width } = span
  return { file, line, endLine: line, col: column, endColumn: column + width - 1 }
}

const titleOf = ({ code, step, host }: ProblemRecord): string =>
  [code, step ?? host].filter(part => part !== undefined).join(' · ')

const labels = ['seen', 'wanted', 'state', 'help', 'then'] as const

/** What the screen tells too, but for what is quoted at length. */
const messageOf = (problem: ProblemRecord): string =>
  [problem.summary, ...labels.flatMap(label => (problem[label] === undefined ? [] : [`${label}: ${problem[label]}`]))]
    .flatMap(printableLines)
    .join('\n')

const inMessage = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const inProperty = (text: string): string => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
