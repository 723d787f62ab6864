// How to go on with a step that was begun on its host before, and whose end nobody has seen.
import { addressOf, stepAddress } from '../model/address.ts'
import type { Begun } from '../model/begun.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { type Found, readPlace } from '../shell/lasting/place.ts'
import { digest } from '../text/canonical.ts'
import { removeBegun } from './begun.ts'
import type { CheckOptions } from './check.ts'
import { endUnknown, programPlace } from './programs.ts'

/**
 * `look`: what it keeps true can be looked at, so it is looked at. `go-through`: the programs that it set going are
 * taken up. `take-as-done`: a person has looked, and says so.
 */
export type WayOn = 'look' | 'go-through' | 'take-as-done'

/** @throws {Problem} `end-unknown`, `program-runs`, `begun-otherwise`: a person has to decide. */
export const findWayOn = async (options: CheckOptions, begun: Begun): Promise<WayOn> => {
  const { step, host, context } = options
  const address = stepAddress(step.id, host)
  if (context.takenAsDone?.has(address)) return 'take-as-done'
  if (!step.task.opaque && !step.task.lasting) return 'look'
  const isAgain = context.again?.has(address) ?? false
  const isProved = context.receipts.find(step.id, host)?.run === begun.run
  const found = step.task.lasting ? await readFirst(options, begun) : undefined
  if (isAgain && found?.state.type === 'running') throw programRuns(begun)
  if (isAgain || isProved || found?.state.type === 'void') return forget(options, begun)
  if (!found || found.state.type === 'died' || found.state.type === 'bare')
    throw endUnknown(begun, found ?? { state: { type: 'void' } })
  if (begun.settings !== settingsOf(options)) throw begunOtherwise(begun)
  return 'go-through'
}

/** What a step is asked to do, without its secrets. */
export const settingsOf = ({ args }: Pick<CheckOptions, 'args'>): string => digest(args)

/** Its end is known, or it never began: from here on it is a step like others. */
export const forget = async ({ context, host }: CheckOptions, begun: Begun): Promise<'look'> => {
  if (context.mode === 'run') {
    await removeBegun(await context.nodes.shell(host), begun)
    context.begun.remove(begun)
  }
  return 'look'
}

/** In a run the answer has to stay true, and a place where none has begun is closed; a dry run leaves no trace. */
const readFirst = async ({ context, host }: CheckOptions, begun: Begun): Promise<Found> =>
  readPlace(await context.nodes.shell(host), programPlace(begun, 1), context.mode === 'run' ? 'claiming' : 'looking')

const programRuns = (begun: Begun): Problem =>
  new Problem({
    code: 'program-runs',
    summary: `What run ${begun.run} set going for ${addressOf(begun)} still runs`,
    host: begun.host,
    wanted: 'one that has ended, before it is begun anew',
    state: 'no second one was started',
    help: `let it go on: leave out --again; or end it on the node: its process is in ${programPlace(begun, 1)}/pid`,
    exit: exitCodes.unknown,
  })

const begunOtherwise = (begun: Begun): Problem =>
  new Problem({
    code: 'begun-otherwise',
    summary: `${addressOf(begun)} was begun with other settings than those that are written now`,
    host: begun.host,
    seen: `begun by run ${begun.run} at ${begun.at}`,
    wanted: 'the settings of then',
    state: 'what it set going goes on by itself, or has ended; nothing was answered',
    help: `put playbook, inventory and dialogue back as they were; or see on ${begun.host} what it did, and say --again or --done ${addressOf(begun)}`,
    exit: exitCodes.unknown,
  })
