// The Problem of a command that ended with another exit status than 0.
import { Problem } from '../model/problem.ts'
import { brief } from './brief.ts'
import type { CommandResult } from './host-shell.ts'
import { installing, missingTool } from './missing-tool.ts'
import { tail } from './tail.ts'

export type FailedCommand = {
  readonly host: string
  readonly script: string
  /** With secrets already masked. */
  readonly result: CommandResult
}

/** `command-failed`: the command, its exit status, and the end of what it said. */
export const commandFailed = ({ host, script, result }: FailedCommand): Problem => {
  // Why it failed may stand on either, whatever stands on the other.
  const said = [result.stdout, result.stderr]
    .map(text => text.trimEnd())
    .filter(Boolean)
    .join('\n')
  const tool = missingTool(result.stderr)
  return new Problem({
    code: 'command-failed',
    summary: `\`${brief(script)}\` ended with ${describeStatus(result.exitCode)} on ${host}`,
    host,
    seen: lastLine(result.stderr) ?? lastLine(result.stdout),
    wanted: 'exit status 0',
    help: tool === undefined ? 'mend what it says, then run it again' : `${installing(tool)}, then run it again`,
    excerpt: tail(said),
  })
}

/** `exit status 1`, with what the shell means by the ones that it gives itself. */
const describeStatus = (exitCode: number): string => {
  const meaning = meanings[exitCode] ?? (exitCode > 128 ? `ended by signal ${exitCode - 128}` : undefined)
  return `exit status ${exitCode}${meaning ? ` (${meaning})` : ''}`
}

const meanings: Readonly<Record<number, string>> = { 126: 'not executable', 127: 'command not found' }

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1) || undefined
