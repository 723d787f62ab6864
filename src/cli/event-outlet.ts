// Where the events of a run go while it goes on (`--events`): each line whole, in order, at once; a reader that is slow
// or gone never holds up the run, and what did not come through is told.
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { isErrno } from '../journal/index.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

export type EventOutlet = {
  /** @param line With its line break, free of secrets. */
  write(line: string): void
  /** Waits a moment for a reader that is behind. @returns What kept lines from going out, where something did. */
  close(): string | undefined
}

const againMs = 20

export type OutletOptions = Pick<Surroundings, 'cwd'> & {
  /** How long a reader that is behind is waited for, when all is over. */
  readonly patienceMs?: number
}

/**
 * @param to A file, which is written anew; `-` for stdout, `fd:3` for a descriptor that the caller has opened.
 * @throws {Problem} `events-unwritable`
 */
export const openOutlet = (to: string, { cwd, patienceMs = 5000 }: OutletOptions): EventOutlet => {
  const fd = open(to, cwd)
  let waiting = Buffer.alloc(0)
  let stopped: string | undefined
  let timer: NodeJS.Timeout | undefined

  const push = (): void => {
    timer = undefined
    try {
      while (waiting.length > 0) waiting = waiting.subarray(writeSync(fd, waiting))
    } catch (error) {
      if (isErrno(error, 'EAGAIN')) timer = setTimeout(push, againMs).unref()
      else [stopped, waiting] = [error instanceof Error ? error.message : String(error), Buffer.alloc(0)]
    }
  }

  return {
    write(line) {
      if (stopped !== undefined) return
      waiting = Buffer.concat([waiting, Buffer.from(line)])
      if (timer === undefined) push()
    },
    close() {
      clearTimeout(timer)
      for (const until = performance.now() + patienceMs; ; sleep(againMs)) {
        push()
        clearTimeout(timer)
        if (waiting.length === 0 || performance.now() > until) break
      }
      closeSync(fd)
      return stopped ?? (waiting.length > 0 ? 'nobody read them' : undefined)
    },
  }
}

/** Nothing else goes on when this is called. */
const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants

/** A pipe whose reader stands still would else stop the whole process, and with it the heartbeat of its locks. */
const open = (to: string, cwd: string): number => {
  const [, given] = /^fd:(\d+)$/.exec(to === '-' ? 'fd:1' : to) ?? []
  try {
    if (given === undefined) return openSync(resolve(cwd, to), O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o600)
    return fstatSync(Number(given)).isFIFO() ? openAgain(Number(given)) : Number(given)
  } catch (cause) {
    throw unwritable(given === undefined ? shown(resolve(cwd, to), { cwd }) : `descriptor ${given}`, cause)
  }
}

/** Who was given a pipe shares it with others, and may not be allowed to open it: then it is used as it is. */
const openAgain = (fd: number): number => {
  try {
    return openSync(`/dev/fd/${fd}`, O_WRONLY | O_NONBLOCK)
  } catch {
    return fd
  }
}

const unwritable = (where: string, cause: unknown): Problem =>
  new Problem({
    code: 'events-unwritable',
    summary: `No events can be written to ${where}`,
    seen: cause instanceof Error ? cause.message : String(cause),
    wanted: 'a file, `-` for stdout, or `fd:3` for a descriptor that is open',
    state: 'nothing was begun',
    help: isErrno(cause, 'ENXIO') ? 'begin with the reader of the pipe' : 'name another place with --events',
    exit: exitCodes.input,
    cause,
  })
