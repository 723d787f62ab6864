// Looks that are asked for at the same time: they go to the shell in one piece, and those of one kind as one command.
import type { CommandOptions, CommandResult } from '../shell/host-shell.ts'
import type { Framed } from './frame.ts'

/** `onBegun` hears that the shell has come to it. One that `isFollowed` goes with what is asked for when it was sent. */
export type Asking = CommandOptions & { onBegun?(): void; readonly isFollowed?: boolean }

/** One of those that are sent in one piece. */
export type Command = Omit<Asking, 'input'> & Framed

export type Answered<C extends Command> = { readonly command: C; readonly answer: Promise<CommandResult> }

/** The shell that they go to. */
export type Way = {
  /** @throws {Problem} where nothing can be sent any more, or nobody waits for it. */
  assertUsable(script: string, options: Asking): void
  /** @throws {Problem} what opening a shell throws. */
  send<C extends Command>(commands: readonly C[]): Promise<readonly Answered<C>[]>
  alone(script: string, options: Asking): Promise<CommandResult>
  /** What it means for one of them that nothing could be sent. */
  notSent(error: unknown, script: string): unknown
}

type Look = {
  readonly script: string
  readonly options: Asking
  resolve(result: CommandResult | Promise<CommandResult>): void
  reject(error: unknown): void
}

/** One command, and who waits for what it says. */
type Errand = Command & { readonly looks: readonly Look[] }

/** Collects what is asked for before the event loop comes round again. */
export class AskedTogether {
  readonly #way: Way
  #looks: Look[] = []

  constructor(way: Way) {
    this.#way = way
  }

  ask(script: string, options: Asking): Promise<CommandResult> {
    if (this.#looks.length === 0) setImmediate(() => void this.#sendAll())
    return new Promise((resolve, reject) => this.#looks.push({ script, options, resolve, reject }))
  }

  async #sendAll(): Promise<void> {
    const looks = this.#looks.filter(look => this.#isUsable(look))
    this.#looks = []
    if (looks.length === 0) return
    try {
      for (const answered of await this.#way.send(errandsOf(looks))) void this.#handOut(answered)
    } catch (error) {
      for (const { script, reject } of looks) reject(this.#way.notSent(error, script))
    }
  }

  #isUsable({ script, options, reject }: Look): boolean {
    try {
      this.#way.assertUsable(script, options)
      return true
    } catch (error) {
      reject(error)
      return false
    }
  }

  async #handOut({ command: { looks }, answer }: Answered<Errand>): Promise<void> {
    try {
      const answers = shared(looks, await answer)
      for (const [at, { script, options, resolve }] of looks.entries())
        resolve(answers[at] ?? this.#way.alone(script, { ...options, onSent: () => {}, onBegun: () => {} }))
    } catch (error) {
      for (const { reject } of looks) reject(error)
    }
  }
}

/** In the order in which the first of each was asked for. */
const errandsOf = (looks: readonly Look[]): readonly Errand[] => {
  const groups = new Map<unknown, Look[]>()
  for (const look of looks) {
    const key = together(look)?.kind ?? look
    groups.set(key, [...(groups.get(key) ?? []), look])
  }
  return [...groups.values()].map(errandOf)
}

/** Of an own time or an own end nothing can be shared. */
const together = ({ options }: Look): CommandOptions['together'] =>
  options.timeoutMs === undefined && options.signal === undefined && options.input === undefined
    ? options.together
    : undefined

const errandOf = (looks: readonly Look[]): Errand => {
  const [first] = looks
  const { timeoutMs, signal } = first?.options ?? {}
  return {
    script: scriptOf(looks),
    looks,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(signal && { signal }),
    onBegun() {
      for (const { options } of looks) options.onBegun?.()
    },
    onSent() {
      for (const { options } of looks) options.onSent?.()
    },
  }
}

const scriptOf = (looks: readonly Look[]): string => {
  const [first, ...others] = looks
  const several = first && others.length > 0 ? together(first) : undefined
  return several?.script(looks.map(({ options }) => options.together?.key ?? '')) ?? first?.script ?? ''
}

/** What each would have been told alone; nothing where that cannot be told from what all were told. */
const shared = (looks: readonly Look[], result: CommandResult): readonly (CommandResult | undefined)[] => {
  const [first] = looks
  if (looks.length < 2) return [result]
  return first?.options.together?.split(result, looks.length) ?? []
}
