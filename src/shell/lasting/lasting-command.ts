// A command on a node that goes on when the connection is lost, and whose answer whoever comes next can read.
import { isOutOfReach, Problem } from '../../model/problem.ts'
import type { Secret } from '../../model/secret.ts'
import { brief } from '../brief.ts'
import type { CommandResult, HostShell } from '../host-shell.ts'
import { notStarted } from './lasting-terminal.ts'
import { patiently } from './patience.ts'
import { readPlace } from './place.ts'
import { awaitEnd, cannotLast, firstWaits, inBackground, laterWaits, startInBackground } from './scripts.ts'

export type LastingOptions = { readonly script: string; readonly stdin?: string | Secret | undefined }

/** `died`: it is not there any more, and left no exit status. */
type Outcome = CommandResult | 'died'

/**
 * Starts a script in the background of a node and waits for its end, also over another connection.
 *
 * @param place Directory on the node, which is there; nothing in it was started yet.
 * @returns `cannot-last` where the node lacks what it takes: then nothing was started, and the place says so.
 * @throws {Problem} `program-not-started`; `connection-lost` where it stays lost: then it may go on by itself.
 */
export const runLasting = async (
  shell: HostShell,
  place: string,
  { script, stdin = '' }: LastingOptions,
): Promise<Outcome | 'cannot-last'> => {
  const start = startInBackground(place, inBackground(place, script))
  try {
    const result = await shell.run(`${start}\n${awaitEnd(place, firstWaits)}`, { input: stdin })
    if (result.exitCode === cannotLast) return 'cannot-last'
    if (result.exitCode !== 0) throw notStarted(shell.host, place, result.stderr)
    return outcomeOf(result) ?? (await awaitLasting(shell, place))
  } catch (error) {
    if (!isOutOfReach(error)) throw error
    return await awaitAfter(error, shell, { place, script })
  }
}

type Started = { readonly place: string; readonly script: string }

/** @throws {Problem} `connection-lost` in words about the script itself, not about what keeps it going. */
const awaitAfter = async (lost: Problem, shell: HostShell, { place, script }: Started): Promise<Outcome> => {
  const told = (error: Problem, state: string) => new Problem({ ...error.fields, state })
  try {
    if (await hasBegun(shell, place)) return await awaitLasting(shell, place)
  } catch (error) {
    if (!isOutOfReach(error)) throw error
    throw told(
      lost,
      `nobody knows whether \`${brief(script)}\` was begun, still goes on, or has ended on ${shell.host}`,
    )
  }
  throw told(lost, `\`${brief(script)}\` was not begun on ${shell.host}`)
}

/** Where none has begun none will: then it is the connection that failed, and nothing else. */
const hasBegun = async (shell: HostShell, place: string): Promise<boolean> => {
  const { state } = await patiently(() => readPlace(shell, place, 'claiming'))
  return state.type !== 'void' && state.type !== 'bare'
}

/** Waits for one that was started before. Asks again and again, so that the node's shell is free for others between. */
export const awaitLasting = async (shell: HostShell, place: string): Promise<Outcome> => {
  for (;;) {
    const outcome = outcomeOf(await patiently(() => shell.run(awaitEnd(place, laterWaits))))
    if (outcome) return outcome
  }
}

/** Nothing where it still runs. */
const outcomeOf = ({ stdout, stderr }: CommandResult): Outcome | undefined => {
  const end = stdout.indexOf('\n')
  const [word, status] = stdout.slice(0, end).split(' ')
  if (word === 'died') return 'died'
  return word === 'ended' ? { exitCode: Number(status), stdout: stdout.slice(end + 1), stderr } : undefined
}
