// A HostShell over one long-lived `sh`: commands go in as frames, one after the other; what only looks does not wait
// for the answer of what was sent before it.
//
// Deviation from a here-document for input: bash keeps one in a file below /tmp, and it always ends with a line break.
// `printf` into a pipe has neither, so a secret never lies on a disk. What is large or binary gets a channel of its own
// and is read from there directly: no file, no directory, nothing to clear away.
import { isConnectionLost, isOutOfReach, Problem } from '../model/problem.ts'
import { endingScript } from '../shell/end-processes.ts'
import type {
  CommandOptions,
  CommandResult,
  HostShell,
  Input,
  Stream,
  Terminal,
  TerminalSize,
} from '../shell/host-shell.ts'
import { Answers, type Asked } from './answers.ts'
import { type Answered, AskedTogether, type Asking, type Command } from './asked-together.ts'
import type { Connection } from './channel.ts'
import type { Door } from './door.ts'
import { Endings } from './endings.ts'
import { type Frame, frames, soleFrame } from './frame.ts'
import { inlineText, supplyOf } from './input.ts'
import { isRefused, untilOpen } from './narrow-server.ts'
import { openProgram, type Program } from './program.ts'
import {
  commandInterrupted,
  commandTimeout,
  lostBefore,
  lostDuring,
  mayGoOn,
  outputTooLarge,
} from './shell-problems.ts'
import { openTerminal } from './terminal.ts'
import { Turns } from './turns.ts'
import { uploadFailed, uploadScript } from './upload.ts'
import { waited } from './waited.ts'

/** The same on every node, whatever its login files say: a probe's words must not depend on a locale. */
const surroundings = 'unset LANGUAGE; LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"; export LC_ALL PATH'

const largestOutput = 64 * 2 ** 20

/** How long a shell may take to answer again after what it ran was ended. */
const recoveryMs = 5000

/** One `sh` for one user of a node; opened with the first command, and again when it was lost. */
export class FramedShell implements HostShell {
  readonly host: string
  readonly #connection: Connection
  readonly #newDoor: () => Door
  #running: Promise<Running> | undefined
  readonly #turns = new Turns()
  readonly #endings = new Endings()
  /** Those that were not sent yet. */
  readonly #looks = new Map<string, Promise<CommandResult>>()
  readonly #together = new AskedTogether({
    assertUsable: (script, options) => this.#assertUsable(script, options),
    send: async commands => this.#send(await this.#shell(), commands),
    alone: (script, options) => this.#runFramed(script, undefined, options),
    notSent: (error, script) => (isConnectionLost(error) ? lostBefore(error, script) : error),
  })
  /** Found out: the server allows one channel at a time. */
  #isNarrow = false

  constructor(connection: Connection, newDoor: () => Door) {
    this.host = connection.host
    this.#connection = connection
    this.#newDoor = newDoor
  }

  run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    // Nothing of it shows in the turn, so a shell that closes does not wait for it either.
    if (options.reads) return this.#lookOnce(script, options)
    if (options.beside) return this.#runApart(script, options.input ?? '', options)
    return this.#alone(isSent => {
      const onSent = () => {
        isSent()
        options.onSent?.()
      }
      return this.#run(script, { ...options, onSent, isFollowed: options.onSent !== undefined })
    })
  }

  async terminal(command: string, size?: TerminalSize): Promise<Terminal> {
    const open = () =>
      openTerminal(this.#connection, { command, size, door: this.#newDoor(), end: whom => this.#end(whom) })
    try {
      return await open()
    } catch (error) {
      if (!isRefused(error)) throw error
      return await this.#alone(() => this.#makingRoom(open, error))
    }
  }

  async follow(script: string): Promise<Stream> {
    const program = await this.#open(`${surroundings}; ${script}`)
    return {
      onOutput: listener => program.stdout.listen(listener),
      ended: program.closed,
      stop: () => program.destroy(),
    }
  }

  upload(bytes: Uint8Array, path: string, mode: string): Promise<void> {
    return this.#alone(async () => {
      const result = await this.#run(uploadScript({ path, mode, size: bytes.length }), { input: bytes })
      if (result.exitCode !== 0) throw uploadFailed({ host: this.host, path, result })
    })
  }

  /** Lets the shell end. */
  async close(): Promise<void> {
    await this.#turns.rest()
    const running = await this.#running?.catch(() => undefined)
    running?.program.endInput()
    this.#running = undefined
  }

  /** What is asked behind it is not answered by a look before it. */
  #alone<T>(errand: (onSent: () => void) => Promise<T>): Promise<T> {
    this.#looks.clear()
    return this.#turns.alone(errand)
  }

  /** What is asked twice before it was sent is asked once. */
  #lookOnce(script: string, options: CommandOptions): Promise<CommandResult> {
    const key = `${options.timeoutMs ?? ''} ${script}`
    const there = this.#looks.get(key)
    if (there) return there
    const forget = () => void this.#looks.delete(key)
    const onSent = () => {
      forget()
      options.onSent?.()
    }
    const look = this.#look(script, { ...options, onSent })
    if (options.input === undefined) this.#looks.set(key, look)
    look.then(forget, forget)
    return look
  }

  /** A look that the shell had not come to when another one took it away is made in the next shell. */
  async #look(script: string, options: CommandOptions): Promise<CommandResult> {
    let hasBegun = false
    const onBegun = () => {
      hasBegun = true
    }
    const isTaken = (error: unknown) => isOutOfReach(error) && this.#connection.lost() === undefined
    const once = () => this.#turns.beside(() => this.#makeLook(script, { ...options, onBegun }))
    const look = () => this.#endings.undisturbed(once, isTaken)
    return look().catch(error => {
      if (hasBegun || !isTaken(error)) throw error
      return look()
    })
  }

  #makeLook(script: string, options: Asking): Promise<CommandResult> {
    return options.input === undefined ? this.#together.ask(script, options) : this.#run(script, options)
  }

  #run(script: string, options: Asking): Promise<CommandResult> {
    const text = inlineText(options.input)
    return text === undefined && options.input !== undefined
      ? this.#runApart(script, options.input, options)
      : this.#runFramed(script, text, options)
  }

  async #runFramed(script: string, text: string | undefined, options: Asking): Promise<CommandResult> {
    this.#assertUsable(script, options)
    const running = await this.#shell().catch(error => {
      throw isConnectionLost(error) ? lostBefore(error, script) : error
    })
    const [sent] = this.#send(running, [{ ...options, script, input: text }])
    if (!sent) throw new Error('one was to be sent')
    return await sent.answer
  }

  /** All of them in one piece. @returns The answer of each. */
  #send<C extends Command>(running: Running, commands: readonly C[]): readonly Answered<C>[] {
    const asked = frames(commands, { areBehind: running.answers.areAwaited }).map(({ framed: command, ...frame }) => {
      const waiting = this.#ask(running, frame, command.script)
      void waiting.begun.then(command.onBegun)
      return { text: frame.text, command, waiting }
    })
    const isFollowed = commands.some(command => command.isFollowed)
    void running.program.write(asked.map(({ text }) => text).join(''), { isFollowed })
    for (const { command } of asked) command.onSent?.()
    return asked.map(({ command, waiting }) => ({ command, answer: this.#watch(running, waiting, command) }))
  }

  /** A channel of its own, for input that a command line cannot carry. */
  async #runApart(script: string, input: Input, options: CommandOptions): Promise<CommandResult> {
    this.#assertUsable(script, options)
    const asked = soleFrame(script)
    const supply = supplyOf(input)
    const open = () => this.#open(`${surroundings}; ${asked.text}`)
    const program = await open()
      .catch(error => this.#makingRoom(open, error))
      .catch(error => {
        supply.giveUp()
        // It stands in the very line that opens the channel.
        throw isConnectionLost(error) ? lostDuring(this.#connection, script) : error
      })
    const running = withAnswers(program)
    const waiting = this.#ask(running, asked, script)
    // The whole answer may come before all was read: what is read no more keeps nobody waiting.
    const enough = new AbortController()
    const unread = supply
      .feed(program, { enough: enough.signal, onFed: options.onFed })
      .then(() => new Promise<never>(() => {}))
    try {
      return await Promise.race([this.#watch(running, waiting, { script, ...options }), unread])
    } finally {
      enough.abort()
      program.destroy()
    }
  }

  /** A server may allow one channel at a time: ours goes, and comes again with the next command. */
  async #makingRoom<T>(open: () => Promise<T>, error: unknown): Promise<T> {
    const running = await this.#running?.catch(() => undefined)
    if (!isRefused(error) || !running) throw error
    this.#isNarrow = true
    running.program.endInput()
    await Promise.race([running.program.closed, waited(recoveryMs)])
    running.forget()
    return untilOpen(open)
  }

  #assertUsable(script: string, { signal }: CommandOptions): void {
    if (signal?.aborted) throw commandInterrupted(this.host, script)
    const lost = this.#connection.lost()
    if (lost) throw lostBefore(lost, script)
  }

  #shell(): Promise<Running> {
    if (this.#running) return this.#running
    const open = () => this.#open(`${surroundings}; exec /bin/sh`)
    // One that was given up may close late, when another one is at work.
    const forget = () => {
      if (this.#running === opening) this.#running = undefined
    }
    const opening = (this.#isNarrow ? untilOpen(open) : open()).then(
      program => {
        void program.closed.then(forget)
        return withAnswers(program, forget)
      },
      error => {
        forget()
        throw error
      },
    )
    this.#running = opening
    return opening
  }

  #open(script: string): Promise<Program> {
    return openProgram(this.#connection, { script, door: this.#newDoor() })
  }

  #ask({ answers }: Running, frame: Frame, script: string): Asked {
    return answers.ask({
      frame,
      tooLarge: () => outputTooLarge(this.host, script, largestOutput),
      lost: () => lostDuring(this.#connection, script),
    })
  }

  /** Waits for the answer; ends the command when it takes too long, says too much, or is not wanted any more. */
  async #watch(running: Running, { answer, begun }: Asked, options: Watched): Promise<CommandResult> {
    const { script, timeoutMs, signal } = options
    let timer: NodeJS.Timeout | undefined
    let interrupt: (() => void) | undefined
    let isOver = false
    const cutShort = new Promise<never>((_, reject) => {
      // Before its turn it is another one that runs there: neither its time nor its end is meant.
      void begun.then(() => {
        if (timeoutMs && !isOver)
          timer = setTimeout(() => reject(commandTimeout(this.host, script, timeoutMs)), timeoutMs)
      })
      interrupt = () => void begun.then(() => reject(commandInterrupted(this.host, script)))
      signal?.addEventListener('abort', interrupt)
    })
    try {
      return await Promise.race([answer, cutShort])
    } catch (problem) {
      if (isConnectionLost(problem)) throw problem
      const isEnded = await this.#recover(running, answer)
      throw isEnded || !(problem instanceof Problem) ? problem : problem.with({ state: mayGoOn(this.host, script) })
    } finally {
      isOver = true
      clearTimeout(timer)
      if (interrupt) signal?.removeEventListener('abort', interrupt)
    }
  }

  /**
   * Ends what the shell runs; a shell that does not answer then is given up. So is one that others wait for: what of
   * them was ended half-way could still talk into the answers after it.
   *
   * @returns Whether it is known to have ended.
   */
  async #recover({ program, answers, forget }: Running, answer: Promise<CommandResult>): Promise<boolean> {
    const isShared = answers.isShared
    const isEnded = await this.#endings.during(this.#end({ below: program.pid })).then(
      () => true,
      () => false,
    )
    const isBack = isEnded && !isShared && (await settles(answer, recoveryMs))
    if (isBack) return true
    forget()
    program.destroy()
    return isEnded
  }

  /** Ends processes over a channel of its own, since the shell is busy with them. */
  async #end(whom: Parameters<typeof endingScript>[0]): Promise<void> {
    const asked = soleFrame(endingScript(whom))
    const program = await this.#open(asked.text)
    try {
      await this.#ask(withAnswers(program), asked, 'kill').answer
    } finally {
      program.destroy()
    }
  }
}

type Running = {
  readonly program: Program
  readonly answers: Answers
  /** The next command opens another one. */
  forget(): void
}

/** @param forget Not there for a program of one command, which nothing else is sent to. */
const withAnswers = (program: Program, forget = () => {}): Running => ({
  program,
  answers: new Answers(program, largestOutput),
  forget,
})

type Watched = Pick<CommandOptions, 'timeoutMs' | 'signal'> & { readonly script: string }

const settles = (promise: Promise<unknown>, withinMs: number): Promise<boolean> => {
  const settled = promise.then(
    () => true,
    () => true,
  )
  return Promise.race([settled, waited(withinMs).then(() => false)])
}
