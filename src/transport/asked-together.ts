// Looks that are asked for at the same time: they go to the shell in one piece, and those of one kind as one command.
import type { CommandOptions, CommandResult } from '../shell/host-shell.ts'

/** `onBegun` hears that the shell has come to it. */
export type Asking = CommandOptions & { onBegun?(): void }

export type Look = {
  readonly script: string
  readonly options: Asking
  resolve(result: CommandResult | Promise<CommandResult>): void
  reject(error: unknown): void
}

/** One command, and who waits for what it says. */
export type Errand = { readonly script: string; readonly looks: readonly Look[] }

/** Collects what is asked for before the event loop comes round again. */
export class AskedTogether {
  readonly #send: (looks: readonly Look[]) => void
  #looks: Look[] = []

  constructor(send: (looks: readonly Look[]) => void) {
    this.#send = send
  }

  ask(script: string, options: Asking): Promise<CommandResult> {
    if (this.#looks.length === 0) setImmediate(() => this.#sendAll())
    return new Promise((resolve, reject) => this.#looks.push({ script, options, resolve, reject }))
  }

  #sendAll(): void {
    const looks = this.#looks
    this.#looks = []
    this.#send(looks)
  }
}

/** @returns In the order in which the first of each was asked for. */
export const errandsOf = (looks: readonly Look[]): readonly Errand[] => {
  const groups = new Map<unknown, Look[]>()
  for (const look of looks) {
    const key = together(look)?.kind ?? look
    groups.set(key, [...(groups.get(key) ?? []), look])
  }
  return [...groups.values()].map(group => ({ script: scriptOf(group), looks: group }))
}

/** Of an own time or an own end nothing can be shared. */
const together = ({ options }: Look): CommandOptions['together'] =>
  options.timeoutMs === undefined && options.signal === undefined && options.input === undefined
    ? options.together
    : undefined

const scriptOf = (looks: readonly Look[]): string => {
  const [first, ...others] = looks
  const several = first && others.length > 0 ? together(first) : undefined
  return several?.script(looks.map(keyOf)) ?? first?.script ?? ''
}

const keyOf = ({ options }: Look): string => options.together?.key ?? ''

/** What each would have been told alone; nothing where that cannot be told from what all were told. */
export const shared = ({ looks }: Errand, result: CommandResult): readonly (CommandResult | undefined)[] => {
  const [first] = looks
  if (looks.length < 2) return [result]
  return first?.options.together?.split(result, looks.length) ?? []
}
