// Spawns the built command as a user would, and gathers what it said: exit status, streams, journal.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readJournal } from '../../../src/journal/index.ts'
import type { RunEvent } from '../../../src/model/events.ts'

export const runFile = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))

export type Ran = {
  /** `null` when a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** The journal; empty when the command was refused before it wrote one. */
  readonly events: readonly RunEvent[]
}

export type Running = {
  /** Resolves when stderr holds the text; rejects when the command ends without it. */
  said(text: string): Promise<void>
  signal(name: NodeJS.Signals): void
  readonly end: Promise<Ran>
}

export type From = {
  /** The site: where the user stands. */
  readonly dir: string
  /** What stands before the command, such as `setpriv …`. */
  readonly before?: readonly string[]
  /** Variables that the user has set. */
  readonly env?: Readonly<Record<string, string>>
}

export const beginCommand = ({ dir, before = [], env: own = {} }: From, args: readonly string[]): Running => {
  const earlier = new Set(runsOf(dir))
  const [program = '', ...rest] = [...before, process.execPath, runFile, ...args]
  // Nothing of the caller's environment but the way to programs: no keys, no settings, no colours.
  const env = { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8', ...own }
  const child = spawn(program, rest, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const heard = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    heard.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    heard.stderr += text
  })
  return {
    said: text => waitFor(child, text, heard),
    signal: name => void child.kill(name),
    end: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', status => {
        const [run] = runsOf(dir).filter(name => !earlier.has(name))
        resolve({ status, ...heard, events: run === undefined ? [] : readJournal(journalsOf(dir), run) })
      })
    }),
  }
}

const journalsOf = (dir: string): string => `${dir}/.run/runs`

const runsOf = (dir: string): readonly string[] =>
  (existsSync(journalsOf(dir)) ? readdirSync(journalsOf(dir)) : []).filter(name =>
    existsSync(`${journalsOf(dir)}/${name}/events.jsonl`),
  )

const waitFor = (child: ChildProcess, text: string, heard: { readonly stderr: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = () => {
      if (!heard.stderr.includes(text)) return
      child.stderr?.off('data', look)
      resolve()
    }
    child.stderr?.on('data', look)
    child.once('close', () => reject(new Error(`it ended, and never said "${text}":\n${heard.stderr}`)))
    look()
  })
