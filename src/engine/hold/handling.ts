// Takes a hold and gives it back; each is proved by asking again, and each command goes to the journal.
import { exitCodes, isOutOfReach, Problem } from '../../model/problem.ts'
import { hostDollar } from '../../shell/dollar.ts'
import type { HoldState } from '../../task/hold.ts'
import { asProblem, recordOf } from '../problems.ts'
import { askEveryNode, askNode, type Holding, isWhollyHeld } from './asking.ts'
import { removeMark } from './mark.ts'

export const take = async (holding: Holding, before: HoldState): Promise<void> => {
  const { outline, host, context } = holding
  const { name } = outline.module
  const started = context.now()
  if (isWhollyHeld(before))
    context.emit({ type: 'notice', text: `${host} holds the ${name} already: ${before.because}` })
  else await outline.module.acquire(await handling(holding)).finally(() => context.ahead.changedAll())
  // Asked of every node once more: somebody else may have taken it between the asking and the taking.
  const after = await askEveryNode(holding)
  if (!isWhollyHeld(after))
    throw notProved(holding, { code: 'hold-not-taken', wanted: `${host} holds it`, seen: after.because })
  context.emit({ type: 'hold-acquired', hold: name, host, ms: context.now() - started })
}

/** An earlier run left it, and no step of this one needed it: it is given back, unless something else stands in its place. */
export const giveBackLeft = async (holding: Holding): Promise<void> => {
  const { context, host, outline } = holding
  const { name } = outline.module
  const seen = await askNode(holding, host).catch(asProblem)
  if (seen instanceof Problem)
    return context.emit({
      type: 'notice',
      text: `an earlier run left the ${name} on ${host}; it stays as it is: ${seen.message}`,
    })
  if (seen.held) context.emit({ type: 'notice', text: `an earlier run left the ${name} on ${host}: ${seen.because}` })
  await giveBack(holding, 'begun')
}

export const giveBack = async (holding: Holding, state: 'held' | 'begun'): Promise<void> => {
  const { outline, host, context } = holding
  const { name } = outline.module
  const started = context.now()
  context.ahead.changedAll()
  try {
    // Where taking it went wrong, nothing of it may have come.
    if (state === 'held' || (await askNode(holding, host)).held) await letGo(holding)
    const after = await askNode(holding, host)
    if (after.held)
      throw notProved(holding, { code: 'hold-not-released', wanted: `${host} holds it no more`, seen: after.because })
  } catch (error) {
    const own = asProblem(error).with({ host })
    const problem = isOutOfReach(own) ? notKnownToBeFree(holding, own) : own
    context.emit({ type: 'hold-failed', hold: name, host, problem: recordOf(problem) })
    throw problem
  }
  context.ahead.changedAll()
  await removeMark({ hold: name, host, context })
  context.emit({ type: 'hold-released', hold: name, host, ms: context.now() - started })
}

/** Where a lost connection hides how it ended, the node is asked over a new one, and it is done again if it has to be. */
const letGo = async (holding: Holding): Promise<void> => {
  const { module } = holding.outline
  try {
    await module.release(await handling(holding))
  } catch (error) {
    if (!isOutOfReach(error)) throw error
    if ((await askNode(holding, holding.host)).held) await module.release(await handling(holding))
  }
}

const notKnownToBeFree = ({ outline: { module }, host }: Holding, cause: Problem): Problem =>
  new Problem({
    ...cause.fields,
    state: `whether ${host} still holds the ${module.name} is not known: no other node may take it`,
    help: `bring ${host} within reach, then run it again: it is released first`,
    exit: exitCodes.unknown,
  })

const handling = async ({ outline, host, context }: Holding) => ({
  $: hostDollar(await context.nodes.shell(host), {
    onCommand: (script, result, ms) => {
      const exitCode = result?.exitCode ?? -1
      context.emit({ type: 'command', hold: outline.module.name, host, script, exitCode, ms })
    },
  }),
  args: outline.argsFor(host),
  place: context.placeOf(host),
})

const notProved = (
  { outline, host }: Holding,
  { code, wanted, seen }: { readonly code: string; readonly wanted: string; readonly seen: string },
): Problem =>
  new Problem({
    code,
    summary: `The ${outline.module.name} on ${host} is not as it was asked for`,
    host,
    seen,
    wanted,
    help: `look at ${host} yourself before anything else touches the ${outline.module.name}`,
  })
