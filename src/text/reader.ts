// Reads a tree against what is expected, key by key, and collects every problem on the way.
import { exitCodes, Problem, type ProblemFields, type Topic } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { didYouMean, nearest } from './did-you-mean.ts'
import { child, entries, isEmpty, items, type Located } from './located.ts'
import { describe, either, truthOf } from './words.ts'

type Wish = { readonly wanted: string; readonly help?: string; readonly about?: Topic }

/** Collects problems of one input; has the lifetime of one parse. */
/** One of several texts, with its place. */
export type Word = { readonly text: string; readonly span: Span }

export class Reader {
  readonly problems: Problem[] = []
  /** What does not keep the input from being used. */
  readonly warnings: Problem[] = []

  tell(fields: ProblemFields): void {
    this.problems.push(new Problem({ exit: exitCodes.input, ...fields }))
  }

  /** Tells what does not keep the input from being used. */
  warn(fields: ProblemFields): void {
    this.warnings.push(new Problem({ exit: exitCodes.input, ...fields }))
  }

  /** The same part twice is told once. */
  take<Value extends { readonly problems: readonly Problem[]; readonly warnings?: readonly Problem[] }>(
    part: Value,
  ): Value {
    this.problems.push(...part.problems.filter(each => !this.problems.includes(each)))
    this.warnings.push(...(part.warnings ?? []).filter(each => !this.warnings.includes(each)))
    return part
  }

  /**
   * Tells each key that is not known; `unsupported` names those that are not here, with what to write instead.
   *
   * @returns Known keys that a misspelt one was most likely meant to be.
   */
  keys(
    node: Located | undefined,
    known: readonly string[],
    { noun, unsupported = {} }: { readonly noun: string; readonly unsupported?: Readonly<Record<string, string>> },
  ): ReadonlySet<string> {
    const meant = new Set<string>()
    for (const { key, keySpan } of entries(node)) {
      if (known.includes(key)) continue
      const instead = Object.hasOwn(unsupported, key) ? unsupported[key] : undefined
      if (instead !== undefined)
        this.tell({ code: 'key-unsupported', summary: `\`${key}\` is not supported`, span: keySpan, help: instead })
      else {
        meant.add(nearest(key, known) ?? key)
        const summary = `${noun} has no key \`${key}\``
        this.tell({ code: 'key-unknown', summary, span: keySpan, help: didYouMean(key, known) })
      }
    }
    return meant
  }

  /** The value of a key, when it is there and of the right form; else a problem, and nothing. */
  text(node: Located | undefined, key: string): string | undefined {
    return this.#scalar(child(node, key), key, { wanted: 'a text', accept: asText })
  }

  truth(node: Located | undefined, key: string): boolean | undefined {
    return this.#scalar(child(node, key), key, { wanted: 'true or false', accept: truthOf })
  }

  choice<Choice extends string>(
    node: Located | undefined,
    key: string,
    choices: readonly Choice[],
  ): Choice | undefined {
    const accept = (value: unknown) => choices.find(choice => choice === value)
    return this.#scalar(child(node, key), key, { wanted: either(choices), accept })
  }

  /** A text with commas, or a list of texts; with their places. */
  texts(node: Located | undefined, key: string): readonly Word[] {
    return this.names(node, key).flatMap(({ text, span }) =>
      text.split(',').flatMap(part => (part.trim() === '' ? [] : [{ text: part.trim(), span }])),
    )
  }

  /** A text, or a list of texts, in which a comma is a letter like any other. */
  names(node: Located | undefined, key: string): readonly Word[] {
    const value = child(node, key)
    if (value === undefined || isEmpty(value)) return []
    const each = value.type === 'list' ? value.items : [value]
    return each.flatMap(item => {
      const text = this.#scalar(item, key, { wanted: 'a text, or a list of texts', accept: asText })
      return text === undefined ? [] : [{ text, span: item.span }]
    })
  }

  list(node: Located | undefined, key: string): readonly Located[] {
    const value = child(node, key)
    if (value === undefined || isEmpty(value)) return []
    if (value.type !== 'list') this.wrong(value, `\`${key}\``, 'a list')
    return items(value)
  }

  wrong(node: Located, what: string, wish: string | Wish): void {
    const { wanted, help, about }: Wish = typeof wish === 'string' ? { wanted: wish } : wish
    this.tell({
      code: 'value-wrong',
      summary: `${what} must be ${wanted}`,
      span: node.span,
      seen: node.type === 'scalar' && node.isVaulted ? 'a value that is encrypted' : describe(node.value),
      wanted,
      ...(help !== undefined && { help }),
      ...(about && { about }),
    })
  }

  #scalar<Value>(
    node: Located | undefined,
    key: string,
    { wanted, accept }: { readonly wanted: string; readonly accept: (value: unknown) => Value | undefined },
  ): Value | undefined {
    if (node === undefined) return undefined
    const value = node.type === 'scalar' ? accept(node.value) : undefined
    const isFilledIn = node.type === 'scalar' && /^\{\{.*\}\}$/s.test(`${node.value}`.trim())
    const help = 'write the value itself: it is read before anything can be filled in'
    if (value === undefined) this.wrong(node, `\`${key}\``, { wanted, ...(isFilledIn && { help }) })
    return value
  }
}

/** A number is taken as the text that it prints as: nobody quotes `name: 3`. */
const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
