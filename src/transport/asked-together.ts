// Looks that are asked for at the same time: they go to the shell in one piece, and those of one kind as one command; so do
// all that take no time.
import { randomUUID } from 'node:crypto'
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

/** One command, who waits for what it says, and how that is told apart; nothing for who cannot be told, and asks alone. */
type Errand = Command & {
  readonly looks: readonly Look[]
  tellApart(result: CommandResult): readonly (CommandResult | undefined)[]
}

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

  async #handOut({ command: { looks, tellApart }, answer }: Answered<Errand>): Promise<void> {
    try {
      const answers = tellApart(await answer)
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
  return withQuickAsOne([...groups.values()].map(errandOf))
}

/** The answer to one would wait for all others, so only what takes no time goes with others. */
const withQuickAsOne = (errands: readonly Errand[]): readonly Errand[] => {
  const quick = errands.filter(({ looks }) => looks.every(isQuick))
  return quick.length < 2 ? errands : [asOne(quick), ...errands.filter(each => !quick.includes(each))]
}

/** What stands between two on stdout no script ever sees. The last one ends with the command. */
const asOne = (errands: readonly Errand[]): Errand => {
  const marker = randomUUID()
  const scripts = errands.map(({ script }) => script)
  const looks = errands.flatMap(errand => errand.looks)
  return {
    ...hooksOf(looks),
    script: scripts
      .map((script, at) => (at < scripts.length - 1 ? `(\n${script}\n)\necho "${marker} $?"` : script))
      .join('\n'),
    looks,
    tellApart({ stdout, stderr, exitCode }) {
      const pieces = `${stdout}${marker} ${exitCode}\n`.split(new RegExp(`${marker} (\\d+)\\n`))
      // Whose it is nobody can tell.
      if (stderr !== '' || pieces.length !== 2 * errands.length + 1) return []
      return errands.flatMap((errand, at) => {
        const [own = '', status] = pieces.slice(2 * at)
        const told = errand.tellApart({ stdout: own, stderr, exitCode: Number(status) })
        return errand.looks.map((_, place) => told[place])
      })
    },
  }
}

/** Of an own time or an own end nothing can be shared. */
const isShareable = ({ options: { timeoutMs, signal, input } }: Look): boolean =>
  timeoutMs === undefined && signal === undefined && input === undefined

const together = (look: Look): CommandOptions['together'] => (isShareable(look) ? look.options.together : undefined)

const isQuick = (look: Look): boolean => isShareable(look) && look.options.isQuick === true

const errandOf = (looks: readonly Look[]): Errand => {
  const [first] = looks
  const { timeoutMs, signal } = first?.options ?? {}
  return {
    ...hooksOf(looks),
    script: scriptOf(looks),
    looks,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(signal && { signal }),
    tellApart: result => shared(looks, result),
  }
}

const hooksOf = (looks: readonly Look[]): Required<Pick<Asking, 'onBegun' | 'onSent'>> => ({
  onBegun() {
    for (const { options } of looks) options.onBegun?.()
  },
  onSent() {
    for (const { options } of looks) options.onSent?.()
  },
})

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
