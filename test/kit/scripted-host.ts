// A node that answers from a table, and fails on a command that it was not told about.
import type { CommandResult, HostShell, Input } from '../../src/shell/host-shell.ts'
import { inputOf } from './input-of.ts'
import { assertPosix } from './posix.ts'

/** What a command prints, or how it ends; an error is thrown. A list is used up from its front; its last entry stays. */
export type Reply = string | Partial<CommandResult> | Error | readonly Reply[]

/** The first row that fits a command answers it; a text has to fit whole. */
export type Row = readonly [command: string | RegExp, reply: Reply]

export type ScriptedHost = HostShell & {
  /** What was carried out, in order. */
  readonly commands: readonly string[]
  /** What went in on stdin, in the same order; undefined where nothing did. */
  readonly inputs: readonly (string | undefined)[]
}

export const scriptedHost = (table: readonly Row[], host = 'node1'): ScriptedHost => {
  const commands: string[] = []
  const inputs: (string | undefined)[] = []
  const uses = new Map<Row, number>()
  return {
    host,
    commands,
    inputs,
    async run(script, { input } = {}) {
      assertPosix(script)
      commands.push(script)
      inputs.push(textOf(input))
      const row = table.find(([command]) => (typeof command === 'string' ? command === script : command.test(script)))
      if (!row) throw new Error(`${host} was not told about this command: ${script}`)
      const use = uses.get(row) ?? 0
      uses.set(row, use + 1)
      return resultOf(pick(row[1], use))
    },
    follow: () => Promise.reject(new Error('nothing is followed here')),
    terminal: command => Promise.reject(new Error(`${host} was not told about a terminal for: ${command}`)),
    upload: (_, path) => Promise.reject(new Error(`${host} was not told about an upload to ${path}`)),
  }
}

const textOf = (input: Input | undefined): string | undefined => {
  const given = inputOf(input)
  return given instanceof Uint8Array ? new TextDecoder().decode(given) : given
}

const isList = (reply: Reply): reply is readonly Reply[] => Array.isArray(reply)

const pick = (reply: Reply, use: number): Reply =>
  isList(reply) ? (reply[Math.min(use, reply.length - 1)] ?? '') : reply

const resultOf = (reply: Reply): CommandResult => {
  if (reply instanceof Error) throw reply
  if (isList(reply)) throw new Error('a list of replies holds no lists')
  const given = typeof reply === 'string' ? { stdout: reply } : reply
  return { exitCode: 0, stdout: '', stderr: '', ...given }
}
