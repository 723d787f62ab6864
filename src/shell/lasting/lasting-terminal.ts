// A terminal on a node whose program goes on when nobody watches; whoever comes next sees all that it has shown.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'
import { endingScript } from '../end-processes.ts'
import type { HostShell, Stream, Terminal } from '../host-shell.ts'
import { Outlet } from '../outlet.ts'
import { patience } from './patience.ts'
import { type Found, readPlace, toNote } from './place.ts'
import { pollScreen } from './polled-screen.ts'
import { createScreenReader, type Piece } from './screen-reader.ts'
import { cannotLast, onTerminal, processIn, showScreen, startOnTerminal, terminalSettings, type } from './scripts.ts'

/**
 * Starts a program on a terminal of its own.
 *
 * @param place Directory on the node, which is there; nothing in it was started yet.
 * @returns Nothing where the node lacks what it takes: then nothing was started, and the place says so.
 * @throws {Problem} `program-not-started`.
 */
export const startLasting = async (shell: HostShell, place: string, command: string): Promise<Terminal | undefined> => {
  const mark = randomBytes(16).toString('hex')
  const input = onTerminal(place, command, mark)
  const { exitCode, stderr } = await shell.run(startOnTerminal(place, mark), { input })
  if (exitCode === cannotLast) return undefined
  if (exitCode !== 0) throw notStarted(shell.host, place, stderr)
  return watchLasting(shell, place, { mark, typed: [] })
}

export const notStarted = (host: string, place: string, seen: string): Problem =>
  new Problem({
    code: 'program-not-started',
    summary: `A program could not be started on ${host}`,
    host,
    seen: seen.trim(),
    state: 'it was not started',
    help: `see whether there is room, and whether files can be made in ${place} on the node`,
  })

/** Takes up a program that was started before, with all that it has shown. */
export const watchLasting = (
  shell: HostShell,
  place: string,
  { mark, typed }: Pick<Found, 'mark' | 'typed'>,
): Terminal => {
  const reader = createScreenReader(
    mark,
    typed.map(({ shown }) => shown),
  )
  const screen = new Outlet<Piece>()
  let typedNow = typed.length
  let isOver = false
  let stop = () => {}

  /** @returns How it ended; nothing where the connection was lost before. */
  const watch = async (): Promise<{ readonly exitCode: number | null } | undefined> => {
    const stream = await follow(shell, place, reader.received())
    stop = stream.stop
    return await new Promise(resolve => {
      stream.onOutput(bytes => {
        const { pieces, exitCode } = reader.read(bytes)
        for (const piece of pieces) screen.push(piece)
        if (exitCode === undefined) return
        resolve({ exitCode })
        stream.stop()
      })
      // It lets go by itself when the program is gone: then only the place can tell how it ended.
      void stream.ended.then(status => resolve(status === null ? undefined : { exitCode: null }))
    })
  }

  const watchOn = async (): Promise<number | null> => {
    for (let tries = 0; tries < patience.length && !isOver; tries++) {
      const before = reader.received()
      await sleep(patience[tries])
      const end = await watch().catch(onlyLost)
      if (end) return end.exitCode ?? (await lastWord())
      if (reader.received() > before) tries = 0
    }
    return null
  }

  const lastWord = async (): Promise<number | null> => {
    const { state } = await readPlace(shell, place)
    return state.type === 'ended' ? state.exitCode : null
  }

  return {
    typedBefore: typed,
    onOutput: listener => screen.listen(({ text, end }) => listener(text, end)),
    exited: watchOn().catch(() => null),
    async write(text, about) {
      const note = about ?? { prompt: '', shown: reader.received() }
      const input = text instanceof Secret ? text : new Secret('answer', text)
      const send = async () => shell.run(type(place, toNote(note)), { input })
      try {
        await send()
      } catch (error) {
        await sleep(patience[1])
        // The node knows what was typed: it is noted there before.
        if ((await readPlace(shell, place)).typed.length <= typedNow) await send()
        else if (!(error instanceof Problem)) throw error
      }
      typedNow += 1
    },
    async showsTyped() {
      const { stdout } = await shell.run(terminalSettings(place), { reads: true })
      const settings = stdout.split(/[\s;]+/)
      // A program that takes keys one by one may show them itself.
      return settings.includes('icanon') ? settings.includes('echo') : undefined
    },
    async end(over = shell) {
      isOver = true
      const { stdout } = await over.run(processIn(place))
      const { exitCode } = await over.run(endingScript({ below: Number(stdout), withSession: true }))
      if (exitCode !== 0) throw new Error(`process ${stdout.trim()} on ${over.host} does not end`)
      stop()
    },
  }
}

/** A server that opens no channel beside the shell is asked over the shell. */
const follow = async (shell: HostShell, place: string, from: number): Promise<Stream> => {
  try {
    return await shell.follow(showScreen(place, from))
  } catch (error) {
    if (error instanceof Problem && error.code === 'channel-refused') return pollScreen(shell, place, from)
    throw error
  }
}

const onlyLost = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error
}
