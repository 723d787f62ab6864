// Compiles texts with {{ }} once, tells all that is wrong in them, and fills them in, strictly.
import { exitCodes, Problem, type Topic, wordTopic } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import type { LocatedScalar } from '../text/located.ts'
import type { Source } from '../text/source.ts'
import { unknownNames } from './check-names.ts'
import { type Scope, workOut } from './evaluate.ts'
import { execute } from './execute.ts'
import { TemplateFault, type TextForm } from './lexer.ts'
import { type Need, needsOf, needsOfExpression } from './names.ts'
import { parseBareExpression, parseTemplate } from './parser.ts'
import { type Print, printOf, printsOf } from './prints.ts'
import type { Expression, Range, Statement } from './syntax.ts'
import { readForm } from './text-form.ts'
import { textOf } from './values.ts'

/** The place in a file of a range in the template's text. */
export type PlaceOf = (range: Range) => Span

/** A text that was compiled; variables hold these where a text has `{{ }}`. */
export class Template {
  readonly text: string
  readonly placeOf: PlaceOf
  readonly #compiled: Compiled

  constructor(text: string, placeOf: PlaceOf, compiled: Compiled) {
    this.text = text
    this.placeOf = placeOf
    this.#compiled = compiled
  }

  /** The variables that it needs from outside. */
  get needs(): readonly Need[] {
    return this.#compiled.needs
  }

  /** Its words that cannot be read. */
  get broken(): readonly Topic[] {
    return this.#compiled.faults.map(fault => wordTopic(this.placeOf(fault)))
  }

  /** Each place where it prints a value. */
  get prints(): readonly Print[] {
    const { expression, body } = this.#compiled
    return expression === undefined ? printsOf(body) : [printOf(expression)]
  }

  /** True where nothing stands around its one expression. */
  get isWhole(): boolean {
    return this.#compiled.expression !== undefined
  }

  /**
   * Its value: native when the whole text is one expression, else a text.
   *
   * @throws {TemplateFault}
   */
  evaluate(scope: Scope): unknown {
    const { expression, body } = this.#compiled
    try {
      return expression === undefined ? withLastBreaks(execute(body, scope), this.text) : workOut(expression, scope)
    } catch (error) {
      // The stack is at its end, or a value is longer than any can be.
      if (!(error instanceof RangeError)) throw error
      throw new TemplateFault('This is nested too deeply, or what comes of it is too long', wholeOf(this.text))
    }
  }

  /** Where the whole of it stands. */
  get span(): Span {
    return this.placeOf(wholeOf(this.text))
  }

  toJSON(): string {
    return this.text
  }
}

/** As in Ansible, what comes of a text ends with no fewer line breaks than the text. */
const withLastBreaks = (made: string | Secret, text: string): string | Secret => {
  const wanted = lastBreaks(text.replaceAll('\r\n', '\n'))
  if (wanted === 0) return made
  const shown = textOf(made)
  const whole = shown + '\n'.repeat(Math.max(0, wanted - lastBreaks(shown)))
  return made instanceof Secret ? new Secret(made.label, whole) : whole
}

const lastBreaks = (text: string): number => /\n*$/.exec(text)?.[0].length ?? 0

type Compiled = {
  readonly body: readonly Statement[]
  /** Only where the whole text is one expression. */
  readonly expression: Expression | undefined
  readonly needs: readonly Need[]
  readonly faults: readonly TemplateFault[]
}

export type CompiledTemplate = { readonly template: Template; readonly problems: readonly Problem[] }

/** True for a text that has something to fill in. */
export const hasTemplate = (text: string): boolean => /\{[{%#]/.test(text)

/** A template in a text file or a scalar; a broken one comes back too, and says nothing but its problems. */
export const compileTemplate = (text: string, where: PlaceOf | Span): CompiledTemplate =>
  compiled(text, where, { cache: templates, compile: each => compileText(each, { keepsBackslashes: true }) })

/** A template that is a file as a whole; its first line may say how it is to be read, as in Ansible. */
export const compileTemplateFile = (file: Source): CompiledTemplate => {
  const { form, faults, from } = readForm(file.text)
  const text = file.text.slice(from)
  const placeOf: PlaceOf = ({ start, end }) => file.span(start + from, end + from)
  const known = compileSafely(text, each => compileText(each, form))
  return {
    template: new Template(text, placeOf, known),
    problems: [
      ...faults.map(fault => syntaxProblem(fault, placeInSource(file))),
      ...known.faults.map(fault => syntaxProblem(fault, placeOf)),
    ],
  }
}

/** A bare expression, as `when:` has it. */
export const compileCondition = (text: string, where: PlaceOf | Span): CompiledTemplate =>
  compiled(text, where, { cache: conditions, compile: compileExpression })

/** Places within a scalar, found by the words that stand there. */
export const placeInScalar =
  (node: LocatedScalar): PlaceOf =>
  ({ start, end }) => {
    const text = String(node.value)
    const word = text.slice(start, end).split('\n')[0] ?? ''
    if (word.trim() === '') return node.span
    return node.wordSpan(word, text.slice(0, start).split(word).length - 1)
  }

/** Places within a file that is a template as a whole. */
export const placeInSource =
  (source: Source): PlaceOf =>
  ({ start, end }) =>
    source.span(start, end)

const cacheLimit = 20_000
const templates = new Map<string, Compiled>()
const conditions = new Map<string, Compiled>()

type Compiler = { readonly cache: Map<string, Compiled>; readonly compile: (text: string) => Compiled }

const compiled = (text: string, where: PlaceOf | Span, { cache, compile }: Compiler): CompiledTemplate => {
  const placeOf = typeof where === 'function' ? where : () => where
  const known = cache.get(text) ?? compileSafely(text, compile)
  if (cache.size < cacheLimit) cache.set(text, known)
  return {
    template: new Template(text, placeOf, known),
    problems: known.faults.map(fault => syntaxProblem(fault, placeOf)),
  }
}

const compileText = (text: string, form: TextForm): Compiled => {
  const body = parseTemplate(text, form)
  const [first, ...more] = body
  const expression = first?.type === 'output' && more.length === 0 ? first.expression : undefined
  return { body, expression, needs: needsOf(body), faults: unknownNames(body) }
}

const compileExpression = (text: string): Compiled => {
  const expression = parseBareExpression(text)
  return { body: [], expression, needs: needsOfExpression(expression), faults: unknownNames([expression]) }
}

const compileSafely = (text: string, compile: (text: string) => Compiled): Compiled => {
  try {
    return compile(text)
  } catch (error) {
    if (error instanceof TemplateFault) return { ...nothing, faults: [error] }
    if (!(error instanceof RangeError)) throw error
    return { ...nothing, faults: [new TemplateFault('This is nested too deeply', wholeOf(text))] }
  }
}

const wholeOf = (text: string): Range => ({ start: 0, end: text.length })

const nothing = { body: [], expression: undefined, needs: [] }

const syntaxProblem = (fault: TemplateFault, placeOf: PlaceOf): Problem =>
  new Problem({
    // What stands between {{ }} or {% %}, or a condition, cannot be read.
    code: 'template-broken',
    summary: fault.message,
    span: placeOf(fault),
    help: fault.help,
    about: wordTopic(placeOf(fault)),
    exit: exitCodes.input,
  })
