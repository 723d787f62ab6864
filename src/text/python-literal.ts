// Values as Python writes them, which is how Ansible reads those of an inventory in INI form.

/** @returns Nothing for what is no literal: then the text stands for itself. */
export const pythonLiteral = (text: string): { readonly value: unknown } | undefined => {
  try {
    const reading = new Reading(text.trim())
    const value = reading.value()
    return reading.isAtEnd() ? { value } : undefined
  } catch (error) {
    if (error instanceof NoLiteral) return undefined
    throw error
  }
}

class NoLiteral extends Error {}

const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
])

/** A text that is read from its start to its end; has the lifetime of that. */
class Reading {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  isAtEnd(): boolean {
    this.#take(/\s*(?:#.*)?/y)
    return this.#at === this.#text.length
  }

  value(): unknown {
    this.#take(/\s*/y)
    const opening = this.#take(/[[({]/y)
    if (opening === '[') return this.#items(']')
    if (opening === '(') return this.#tuple()
    if (opening === '{') return this.#pairs()
    const quoted = this.#quoted()
    if (quoted !== undefined) return quoted
    const word = this.#take(/[A-Za-z]+/y)
    if (word !== undefined && words.has(word)) return words.get(word)
    return word === undefined ? this.#number() : fail()
  }

  /** Texts one behind the other are one text. */
  #quoted(): string | undefined {
    const first = this.#take(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y)
    if (first === undefined) return undefined
    this.#take(/\s*(?=['"])/y)
    return unescaped(first.slice(1, -1)) + (this.#quoted() ?? '')
  }

  #number(): number {
    const digits = this.#take(
      /[-+]?(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d[\d_]*)?\.\d+(?:[eE][-+]?\d+)?|\d[\d_]*(?:\.(?![\d.]))?(?:[eE][-+]?\d+)?)/y,
    )
    // A number that begins with 0 is none: `0644` is a text.
    if (digits === undefined || /^[-+]?0\d/.test(digits) || /^[\w.]/.test(this.#text.slice(this.#at))) return fail()
    const number = Number(digits.replaceAll('_', ''))
    // One with more digits than a number can keep stays the text that it is.
    return /^[-+]?\d+$/.test(digits) && !Number.isSafeInteger(number) ? fail() : number
  }

  #items(end: string): unknown[] {
    const items: unknown[] = []
    while (!this.#isNext(end)) {
      items.push(this.value())
      if (!this.#isNext(',')) return this.#isNext(end) ? items : fail()
    }
    return items
  }

  /** One value in brackets is that value. */
  #tuple(): unknown {
    const from = this.#at
    const items = this.#items(')')
    return items.length === 1 && !/,\s*\)$/.test(this.#text.slice(from, this.#at)) ? items[0] : items
  }

  #pairs(): Record<string, unknown> {
    const pairs: [string, unknown][] = []
    while (!this.#isNext('}')) {
      const key = this.value()
      if (!this.#isNext(':')) fail()
      pairs.push([String(key), this.value()])
      if (!this.#isNext(',')) return this.#isNext('}') ? Object.fromEntries(pairs) : fail()
    }
    return Object.fromEntries(pairs)
  }

  #isNext(sign: string): boolean {
    this.#take(/\s*/y)
    if (this.#text[this.#at] !== sign) return false
    this.#at += 1
    return true
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }
}

const fail = (): never => {
  throw new NoLiteral()
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' }

const unescaped = (text: string): string =>
  text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|.)/g, (whole, sign: string) => {
    if (sign.length > 1) return String.fromCharCode(Number.parseInt(sign.slice(1), 16))
    return escapes[sign] ?? (/['"\\]/.test(sign) ? sign : whole)
  })
