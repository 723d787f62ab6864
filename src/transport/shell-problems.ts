// What can go wrong with a command that is under way.
import type { LargeFile } from '../model/large-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { brief } from '../shell/brief.ts'
import type { Connection } from './channel.ts'

/** The connection or the shell went away while a command was under way: nobody knows how it ended. */
export const lostDuring = (connection: Connection, script: string): Problem =>
  (connection.lost() ?? shellGone(connection.host)).with({
    state: `nobody knows whether \`${brief(script)}\` was carried out to its end`,
  })

/** The connection was gone before the command went out. */
export const lostBefore = (lost: Problem, script: string): Problem =>
  lost.with({ state: `\`${brief(script)}\` was not sent` })

const shellGone = (host: string): Problem =>
  new Problem({
    code: 'connection-lost',
    summary: `The shell on ${host} ended in mid-command`,
    host,
    exit: exitCodes.unknown,
    help: 'run it again: each step looks first how things stand',
  })

/** A file of this machine that was there when the playbook was read. */
export const fileUnreadable = (file: LargeFile, error: Error): Problem =>
  new Problem({
    code: 'file-unreadable',
    summary: `${file.path} cannot be read any more on this machine`,
    seen: error.message,
    wanted: `the ${file.sums.bytes} bytes that were there when the playbook was read`,
    state: 'a part of it was sent, and put nowhere',
    help: 'bring it back, then run it again',
  })

export const commandTimeout = (host: string, script: string, timeoutMs: number): Problem =>
  new Problem({
    code: 'command-timeout',
    summary: `\`${brief(script)}\` took longer than ${timeoutMs / 1000} s on ${host}`,
    host,
    wanted: `an end within ${timeoutMs / 1000} s`,
    help: 'see on the node what it waits for; a step takes a longer `timeout:`',
  })

export const commandInterrupted = (host: string, script: string): Problem =>
  new Problem({
    code: 'command-interrupted',
    summary: `\`${brief(script)}\` was interrupted on ${host}`,
    host,
    help: 'go on with `run resume`: each step looks first how things stand',
    exit: exitCodes.interrupted,
  })

/** A command that was cut short and could not be ended. */
export const mayGoOn = (host: string, script: string): string =>
  `\`${brief(script)}\` may still run on ${host}: it could not be ended`

export const outputTooLarge = (host: string, script: string, limit: number): Problem =>
  new Problem({
    code: 'output-too-large',
    summary: `\`${brief(script)}\` printed more than ${limit / 2 ** 20} MiB on ${host}`,
    host,
    help: 'let it write to a file on the node',
  })
