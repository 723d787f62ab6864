// One command that dies at one event of its journal, as by `kill -9`.
import { fileURLToPath } from 'node:url'
import type { RunEvent } from '../../../src/model/events.ts'
import { beginCommand, type Ran } from '../e2e/command.ts'
import type { Site } from '../e2e/site.ts'

/** The first event that has these fields. `torn`: in the middle of writing its line. */
export type At = Partial<Record<'seq' | 'type' | 'step' | 'host' | 'prompt' | 'hold', string | number>> & {
  readonly torn?: true
}

const preload = fileURLToPath(new URL('./kill-at.mjs', import.meta.url))

/** The run had fewer events than another one: how often a wait tells of itself differs. */
export class NeverCame extends Error {}

/** @throws {Error} When it came to an end of its own; `NeverCame` where it came to a good one before that event. */
export const killAt = async (site: Site, at: At, args: readonly string[]): Promise<Ran> => {
  const env = { NODE_OPTIONS: `--import=${preload}`, CRASH_AT: JSON.stringify(at) }
  const ran = await beginCommand({ dir: site.dir, env }, args).end
  if (ran.status === 0 && typeof at.seq === 'number' && at.seq > ran.events.length)
    throw new NeverCame(`it had ${ran.events.length} events`)
  if (ran.status !== null)
    throw new Error(`it was not killed at ${JSON.stringify(at)}: exit ${ran.status}\n${ran.stderr}`)
  return ran
}

/** What the event is about, in a few words. */
export const kindOf = (event: RunEvent | undefined): string => {
  if (!event) return 'nothing'
  if (event.type === 'step-ended') return `step-ended, ${event.outcome}`
  if (event.type === 'step-checked') return `step-checked, ${event.answer}`
  if (event.type === 'command') return 'hold' in event ? 'command of a hold' : 'command of a step'
  return event.type
}
