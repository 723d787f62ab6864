// The faults of one node: which one is set, and whether what goes by now sets it off.
import type { Fault, FaultKind } from './words.ts'

export class Faults {
  #fault: Fault = { kind: 'none' }
  #seen = ''

  set(fault: Fault): void {
    this.#fault = fault
    this.#seen = ''
  }

  /** Whether a fault is in force; one that waits for a text is not. */
  is(kind: FaultKind): boolean {
    return this.#fault.kind === kind && this.#fault.when === undefined
  }

  get maxSessions(): number {
    return this.#fault.kind === 'max-sessions' ? (this.#fault.max ?? 1) : 10
  }

  /** Told of everything that a client sends; gives back the fault that this sets off, if any. */
  hear(text: string): FaultKind | undefined {
    const { kind, when } = this.#fault
    if (when === undefined) return undefined
    this.#seen = (this.#seen + text).slice(-(when.length + text.length))
    if (!this.#seen.includes(when)) return undefined
    // Cut once: the next connection is welcome. What lasts, lasts until `none`.
    this.set(kind === 'drop' ? { kind: 'none' } : { kind })
    return kind
  }
}
