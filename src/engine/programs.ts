// The programs that one act sets going on its node, numbered as it comes to them; those of a run before are taken up.
import { addressOf } from '../model/address.ts'
import type { Begun } from '../model/begun.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import type { CommandResult, HostShell, Terminal } from '../shell/host-shell.ts'
import { awaitLasting, type LastingOptions, runLasting } from '../shell/lasting/lasting-command.ts'
import { startLasting, watchLasting } from '../shell/lasting/lasting-terminal.ts'
import { type Found, forgetPlace, readPlace } from '../shell/lasting/place.ts'
import { placeOf } from './begun.ts'

export type Act = {
  readonly begun: Begun
  /** It was begun by a run before, and is gone through once more. */
  readonly isTakenUp: boolean
}

export type Programs = {
  /** @param beforeStart Not called for a program that runs since an earlier run. */
  terminal(command: string, beforeStart?: () => Promise<void>): Promise<Terminal>
  command(options: LastingOptions): Promise<CommandResult>
}

/** @param act Nothing for a step that is no act: then a program ends with its connection. */
export const createPrograms = (shell: HostShell, act: Act | undefined): Programs => {
  let count = 0
  /** What an earlier run left where the next program belongs. */
  const next = async (): Promise<{ readonly place: string; readonly found?: Found } | undefined> => {
    if (!act) return undefined
    count += 1
    const place = programPlace(act.begun, count)
    if (!act.isTakenUp) return { place }
    const found = await readPlace(shell, place, 'claiming')
    if (found.state.type === 'died' || found.state.type === 'bare') throw endUnknown(act.begun, found)
    if (found.state.type !== 'void') return { place, found }
    await forgetPlace(shell, place)
    return { place }
  }
  return {
    async terminal(command, beforeStart) {
      const at = await next()
      if (at?.found) return watchLasting(shell, at.place, at.found)
      await beforeStart?.()
      const started = at && (await startLasting(shell, at.place, command))
      return started ?? shell.terminal(command)
    },
    async command(options) {
      const at = await next()
      const outcome = !at
        ? 'cannot-last'
        : at.found
          ? await awaitLasting(shell, at.place)
          : await runLasting(shell, at.place, options)
      if (outcome === 'cannot-last') return shell.run(options.script, { input: options.stdin ?? '' })
      if (outcome !== 'died') return outcome
      throw endUnknown(act?.begun, { state: { type: 'died' } })
    },
  }
}

export const programPlace = (begun: Begun, count: number): string => `${placeOf(begun)}/${count}`

/** No foreign program is started a second time without a person's word. */
export const endUnknown = (begun: Begun | undefined, { state }: Pick<Found, 'state'>): Problem => {
  const address = begun ? addressOf(begun) : 'the step'
  return new Problem({
    code: 'end-unknown',
    summary: `${address} was begun, and nobody knows how that ended`,
    ...(begun && { host: begun.host }),
    seen: [begun && `begun by run ${begun.run} at ${begun.at}`, ended[state.type]].filter(Boolean).join('; '),
    wanted: 'a person who has looked at the node',
    state: 'it was not begun again',
    help: [
      `see on ${begun?.host ?? 'the node'} what it did; then say what you found:`,
      `--again ${address}   it has to be done from the start`,
      `--done ${address}    it is done: it is looked at, and taken as done`,
    ].join('\n'),
    exit: exitCodes.unknown,
  })
}

const ended: Readonly<Record<Found['state']['type'], string>> = {
  void: 'whether it did anything is not known',
  bare: 'its program ended with its connection, or goes on without one',
  died: 'its program is gone and left no exit status: it was killed, or the node went down',
  running: 'its program still runs',
  ended: 'its program has ended',
}
