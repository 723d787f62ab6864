// Tokens one after the other, for the parser: look at one, take it, or say what should have stood there.
import { TemplateFault, type Token, type TokenType } from './lexer.ts'

/** Has the lifetime of one parse. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? { type: 'end', value: '', start: 0, end: 0 }
  }

  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.current
  }

  /** Where the token that was taken last ends. */
  get lastEnd(): number {
    return this.#last?.end ?? 0
  }

  get #last(): Token | undefined {
    return this.#tokens[this.#at - 1]
  }

  next(): Token {
    const token = this.current
    if (token.type !== 'end') this.#at += 1
    return token
  }

  is(type: TokenType, value?: string): boolean {
    return this.current.type === type && (value === undefined || this.current.value === value)
  }

  isOperator(...values: readonly string[]): boolean {
    return this.current.type === 'operator' && values.includes(this.current.value)
  }

  isWord(...words: readonly string[]): boolean {
    return this.current.type === 'name' && words.includes(this.current.value)
  }

  takeOperator(value: string): boolean {
    const isThere = this.isOperator(value)
    if (isThere) this.next()
    return isThere
  }

  takeWord(word: string): boolean {
    const isThere = this.isWord(word)
    if (isThere) this.next()
    return isThere
  }

  expectOperator(value: string): Token {
    return this.isOperator(value) ? this.next() : this.unexpected(`\`${value}\``)
  }

  expectWord(word: string): Token {
    return this.isWord(word) ? this.next() : this.unexpected(`\`${word}\``)
  }

  expect(type: TokenType, wanted: string): Token {
    return this.is(type) ? this.next() : this.unexpected(wanted)
  }

  unexpected(wanted: string): never {
    const { current } = this
    const last = this.#last
    if (current.type === 'end' && last !== undefined)
      throw new TemplateFault(`There should be ${wanted} after \`${last.value}\`, and there is the end`, last)
    throw new TemplateFault(`There should be ${wanted} here, and there is \`${current.value}\``, current)
  }
}
