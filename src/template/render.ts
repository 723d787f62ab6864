// Fills templates in with the variables of one host. What is not defined is a problem, never an empty text.
import { exitCodes, Problem, type Topic, variableTopic, wordTopic } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { nearest } from '../text/did-you-mean.ts'
import { truthOf } from '../text/words.ts'
import { NotKnownFault, type Scope, UndefinedFault } from './evaluate.ts'
import { TemplateFault } from './lexer.ts'
import { memberOf } from './operators.ts'
import { Template } from './template.ts'
import { holdsTemplate, isPlain, templatesIn } from './tree.ts'
import { insteadOfVariable, unsupportedVariables } from './unsupported.ts'
import { isTrue, Lookup, omit } from './values.ts'

/** Nested plain values; a `Template` anywhere in them is worked out when it is needed. Texts are taken as they are. */
export type Variables = Readonly<Record<string, unknown>>

/**
 * A template's value: native when the whole text is one `{{ }}`, else a text; a secret when a secret went in.
 *
 * @throws {Problem} `variable-undefined`, `variable-cycle`, `template-failed`, each with its place.
 */
export const render = (template: Template, variables: Variables): unknown => {
  const value = new VariableScope(variables).open(template)
  return value === omit ? undefined : value
}

/** A condition as `when:` has it. @throws {Problem} as `render`, and `condition-text`. */
export const evaluateCondition = (condition: Template, variables: Variables): boolean => {
  const value = render(condition, variables)
  if (typeof value === 'string' && truthOf(value) === false) throw falseInWords(value, condition.span)
  return isTrue(value)
}

/** Such as `-e skip=false`: a step that should be left out would be carried out. */
const falseInWords = (value: string, span: Span): Problem =>
  new Problem({
    code: 'condition-text',
    summary: `This condition gives the text "${value}", and a text that is not empty counts as true`,
    span,
    wanted: 'true or false',
    help: "write `| bool` behind it where the word is meant, or `!= ''` where it is asked whether there is a text",
    exit: exitCodes.input,
  })

/** A tree filled in, and all problems of it at once; what has a problem is left out. `omit` takes its key away. */
export const renderTree = (
  tree: unknown,
  variables: Variables,
): { readonly value: unknown; readonly problems: readonly Problem[] } => {
  const scope = new VariableScope(variables)
  const problems: Problem[] = []
  const value = fill(tree, scope, problems)
  return { value: value === omit ? undefined : value, problems }
}

const fill = (tree: unknown, scope: Scope, problems: Problem[]): unknown => {
  if (!holdsTemplate(tree)) return tree
  if (Array.isArray(tree)) return tree.map(item => fill(item, scope, problems)).filter(item => item !== omit)
  if (!(tree instanceof Template)) return fillMapping(tree as Variables, each => fill(each, scope, problems))
  try {
    return scope.open(tree)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problems.push(error)
    return omit
  }
}

const fillMapping = (tree: Variables, change: (value: unknown) => unknown): Variables =>
  Object.fromEntries(
    Object.entries(tree)
      .map(([key, value]) => [key, change(value)])
      .filter(([, value]) => value !== omit),
  )

/** The variables of one host while something is filled in; has the lifetime of that. */
class VariableScope implements Scope {
  readonly #variables: Variables
  readonly #done = new Map<Template, unknown>()
  readonly #open: { readonly template: Template; readonly name: string }[] = []

  constructor(variables: Variables) {
    this.#variables = variables
  }

  lookup(name: string): unknown {
    return Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined
  }

  open(value: unknown, name = ''): unknown {
    if (!(value instanceof Template)) return value
    if (this.#done.has(value)) return this.#done.get(value)
    if (this.#open.some(({ template }) => template === value)) throw this.#cycle(value, name)
    this.#open.push({ template: value, name })
    try {
      const worked = value.evaluate(this)
      this.#done.set(value, worked)
      return worked
    } catch (error) {
      throw error instanceof TemplateFault ? problemOf(error, value, this.#variables) : error
    } finally {
      this.#open.pop()
    }
  }

  settle(value: unknown): unknown {
    if (!holdsTemplate(value)) return value
    if (Array.isArray(value)) return value.map(each => this.settle(each)).filter(each => each !== omit)
    return isPlain(value) ? fillMapping(value, each => this.settle(each)) : this.open(value)
  }

  #cycle(template: Template, name: string): Problem {
    const from = this.#open.findIndex(each => each.template === template)
    const names = [...this.#open.slice(from).map(each => each.name || name), name]
    return new Problem({
      code: 'variable-cycle',
      summary: `The variable \`${name}\` needs itself`,
      span: template.span,
      seen: names.join(' → '),
      help: 'give one of them a value that needs none of the others',
      exit: exitCodes.input,
    })
  }
}

const problemOf = (fault: TemplateFault, template: Template, variables: Variables): Problem =>
  fault instanceof UndefinedFault
    ? undefinedVariable(fault.variable, template.placeOf(fault), variables)
    : new Problem({
        // A template cannot be worked out with the values that are there.
        code: fault instanceof NotKnownFault ? 'not-known-yet' : 'template-failed',
        summary: fault.message,
        span: template.placeOf(fault),
        help: fault.help,
        restsOn: [wordTopic(template.placeOf(fault))],
        exit: exitCodes.input,
      })

const undefinedVariable = (name: string, span: Span, known: Variables): Problem =>
  new Problem({
    code: 'variable-undefined',
    summary: isNamed(name) ? `The variable \`${name}\` is not defined` : `There is no \`${name}\` in this value`,
    span,
    help: proposal(name, known, span),
    about: variableTopic(name.replace(/\..*/, '')),
    restsOn: [wordTopic(span)],
    exit: exitCodes.input,
  })

/** What is looked for in a list or mapping that is written on the spot has no name before it. */
const isNamed = (name: string): boolean => !/^[.[]/.test(name)

/** The nearest name on the same level: for `cluster.nam` a key of `cluster`. */
const proposal = (name: string, known: Variables, span: Span): string => {
  if (name === 'item') return 'an item is there in a step that has `loop:`'
  const [first = ''] = name.split('.')
  if (Object.hasOwn(unsupportedVariables, first)) return unsupportedVariables[first] ?? ''
  const word = /^(?:yes|no|on|off)$/i.test(name)
  if (word) return `write \`${/^(?:yes|on)$/i.test(name)}\` for the value, or '${name}' for the text`
  const path = name.split('.')
  const last = path.pop() ?? name
  const level = path.reduce<unknown>((at, step) => memberOf(at, step), known)
  const near = last.includes('[') ? undefined : nearestOf(last, keysOf(level))
  if (near !== undefined) return `did you mean \`${[...path, near].join('.')}\`?`
  const text = isCompared(span) ? `write '${name}' if the text is meant, or ` : ''
  return insteadOfVariable(first) ?? `${text}${setting(name)}`
}

/** What Ansible's own names begin with tells them from others, and not from one another. */
const nearestOf = (name: string, known: readonly string[]): string | undefined => {
  if (!name.startsWith(ansibles)) return nearest(name, known)
  const others = known.filter(each => each.startsWith(ansibles)).map(each => each.slice(ansibles.length))
  const near = nearest(name.slice(ansibles.length), others)
  return near && `${ansibles}${near}`
}

const ansibles = 'ansible_'

const keysOf = (level: unknown): readonly string[] => {
  if (level instanceof Lookup) return level.keys()
  return isPlain(level) ? Object.keys(level) : []
}

/** How a name comes to have a value; what nobody can set is in the inventory. */
const setting = (name: string): string => {
  const orDefault = `write \`${name} | default(…)\``
  const [first = '', host = '', ...of] = name.replace(/\[\d+\].*/, '').split('.')
  if (first === 'hostvars' && of.length > 0)
    return `set \`${of.join('.')}\` for \`${host}\` in the inventory, or ${orDefault}`
  if (first === 'hostvars') return '`run inventory list` shows the hosts that there are'
  if (first === 'groups' && name.includes('[')) return `\`run inventory graph\` shows its hosts; or ${orDefault}`
  if (first === 'groups') return `\`run inventory graph\` shows the groups that there are; or ${orDefault}`
  if (!isNamed(name)) return 'look at what the value has, or write `| default(…)` behind it'
  return `set \`${name}\` in \`vars:\` of the inventory or the play, or ${orDefault}`
}

/** A bare word beside `==` is most often a text without its quotes. */
const isCompared = ({ excerpt, column, width }: Span): boolean =>
  /[!=]=\s*$/.test(excerpt.slice(0, column - 1)) || /^\s*[!=]=/.test(excerpt.slice(column - 1 + width))

/**
 * The variables that would be missing, found without working anything out, through variables that need others.
 *
 * @param known Names that will be there later, such as registered results.
 */
export const undefinedIn = (tree: unknown, variables: Variables, known: ReadonlySet<string> = new Set()): Problem[] => {
  const seen = new Set<Template>()
  const problems: Problem[] = []
  const visit = (template: Template): void => {
    if (seen.has(template)) return
    seen.add(template)
    for (const { name, isRequired, ...range } of template.needs) {
      if (Object.hasOwn(variables, name)) templatesIn(variables[name]).forEach(visit)
      else if (isRequired && !known.has(name))
        problems.push(undefinedVariable(name, template.placeOf(range), { ...variables, ...namesOnly(known) }))
    }
  }
  templatesIn(tree).forEach(visit)
  return problems
}

/** What a fault of a value rests on: the variables that went into it, and what cannot be read in its texts. */
export const groundsOf = (tree: unknown, variables: Variables): readonly Topic[] => [
  ...[...namedIn(tree, variables).keys()].map(variableTopic),
  ...templatesIn(tree).flatMap(({ broken }) => broken),
]

/** The names that a tree may ask for and where, also where it does without one; through variables that need others. */
export const namedIn = (tree: unknown, variables: Variables): ReadonlyMap<string, Span> => {
  const seen = new Set<Template>()
  const names = new Map<string, Span>()
  const visit = (template: Template): void => {
    if (seen.has(template)) return
    seen.add(template)
    for (const { name, ...range } of template.needs) {
      if (!names.has(name)) names.set(name, template.placeOf(range))
      if (Object.hasOwn(variables, name)) templatesIn(variables[name]).forEach(visit)
    }
  }
  templatesIn(tree).forEach(visit)
  return names
}

const namesOnly = (known: ReadonlySet<string>): Variables => Object.fromEntries([...known].map(name => [name, true]))
