// Reads YAML into a tree with places. It never throws: what is wrong comes back as problems, all at once.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { exitCodes, Problem, type ProblemFields } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { proposal } from './did-you-mean.ts'
import { entries, type Located, type LocatedEntry, type LocatedScalar, locatedList, locatedMap } from './located.ts'
import { isTooDeep, unreadableText } from './readable.ts'
import { type Source, sealedSource, source } from './source.ts'
import { isVault } from './vault.ts'
import { type OpenVault, openVaulted, openWhole, vaultTags } from './vaulted.ts'
import { wholeWithPoint } from './whole-number.ts'
import { truthOf } from './words.ts'
import { quoteTemplate, yamlProblems } from './yaml-problems.ts'

export type YamlText = {
  readonly file: string
  readonly text: string
  /** Opens what ansible-vault encrypted: values with the tag `!vault`, or all of the text. */
  readonly openVault?: OpenVault | undefined
}

export type ParsedYaml = {
  /** Nothing when the text is empty, or so broken that what it means would be a guess. */
  readonly node: Located | undefined
  readonly problems: readonly Problem[]
}

/**
 * YAML 1.2 with merge keys; a number with a leading zero, such as `0644`, stays the text that it is.
 *
 * Tags, documents after the first and keys that are no text are problems.
 */
export const parseYaml = ({ file, text: saved, openVault }: YamlText): ParsedYaml => {
  // Some editors put the mark of the byte order in front; it is no part of the text.
  const text = saved.replace(/^\uFEFF/, '')
  if (!isVault(text)) return parseText(source(file, text), openVault)
  const whole = openWhole({ file, text }, openVault)
  return whole instanceof Problem
    ? { node: undefined, problems: [whole] }
    : parseText(sealedSource(file, whole), openVault)
}

const parseText = (written: Source, openVault: OpenVault | undefined): ParsedYaml => {
  const foreign = unreadableText(written)
  if (foreign?.isWhole) return { node: undefined, problems: toldOf([foreign.problem], written) }
  // The library goes down once for each level, and a process whose stack is at its end can break without an error.
  if (isTooDeep(written.text)) return { node: undefined, problems: [unreadable(written, undefined)] }
  try {
    const document = parseDocument(written.text, { prettyErrors: false, merge: true })
    const { problems: faults, isReadable } = yamlProblems([...document.errors, ...document.warnings], written)
    const problems = foreign ? [foreign.problem, ...faults] : faults
    if (!isReadable) return { node: undefined, problems: toldOf(problems, written) }
    const reader = new TreeReader(written, document, openVault)
    const node = document.contents === null ? undefined : reader.read(document.contents)
    return { node, problems: toldOf([...problems, ...reader.problems], written) }
  } catch (error) {
    return { node: undefined, problems: [unreadable(written, error)] }
  }
}

/** What was encrypted is not shown, also not by what is said of it. */
const toldOf = (problems: readonly Problem[], { isSealed }: Source): readonly Problem[] =>
  isSealed ? problems.map(sealedProblem) : problems

const sealedProblem = ({ fields: { code, span } }: Problem): Problem =>
  new Problem({
    code,
    summary: 'What is encrypted in this file is not the YAML that it should be',
    span,
    help: 'look at that line of it: run vault view FILE',
    exit: exitCodes.input,
  })

/** More nodes than this, aliases followed, is no text that a person wrote. */
const mostNodes = 1_000_000

/** Walks one document; has the lifetime of one `parseYaml`. */
class TreeReader {
  readonly problems: Problem[] = []
  readonly #source: Source
  readonly #document: Document
  readonly #openVault: OpenVault | undefined
  readonly #done = new Map<Node, { node: Located; size: number }>()
  readonly #open = new Set<Node>()
  #size = 0

  constructor(written: Source, document: Document, openVault: OpenVault | undefined) {
    this.#source = written
    this.#document = document
    this.#openVault = openVault
  }

  /** @param key What stands before it; a secret right in it is called so. */
  read(node: Node, key = ''): Located {
    if (isAlias(node)) return this.#alias(node)
    this.#size += 1
    this.#checkTag(node)
    if (isMap(node)) return this.#within(node, () => locatedMap(this.#entries(node), this.#span(node)))
    if (isSeq(node)) {
      const read = () => node.items.map(item => (isNode(item) ? this.read(item, key) : this.#nothing(node)))
      return this.#within(node, () => locatedList(read(), this.#span(node)))
    }
    return isScalar(node) ? this.#within(node, () => this.#scalar(node, key)) : this.#nothing(node)
  }

  /** Remembers what an anchor may point to, and notices an anchor that holds itself. */
  #within(node: Node, read: () => Located): Located {
    const before = this.#size
    this.#open.add(node)
    const located = read()
    this.#open.delete(node)
    this.#done.set(node, { node: located, size: this.#size - before + 1 })
    return located
  }

  #alias(alias: Alias): Located {
    const target = alias.resolve(this.#document)
    const done = target && this.#done.get(target)
    if (done) {
      this.#size += done.size
      if (this.#size > mostNodes) throw new RangeError('too many nodes')
      return done.node
    }
    const { summary, help } = this.#aliasFault(alias.source, target)
    this.#tell(alias, {
      // An alias repeats nothing, or itself.
      code: 'yaml-alias',
      summary,
      help,
    })
    return this.#nothing(alias)
  }

  #aliasFault(name: string, target: Node | undefined): { readonly summary: string; readonly help: string } {
    if (target && this.#open.has(target)) {
      const summary = `The alias *${name} stands inside of the value that it repeats`
      return { summary, help: 'write another value here' }
    }
    const anchors = [...this.#done.keys()].flatMap(node => ('anchor' in node && node.anchor) || [])
    return {
      summary: `The alias *${name} repeats an anchor that is not there`,
      help: proposal(name, anchors) ?? `write \`&${name}\` before a value further up`,
    }
  }

  #entries(map: YAMLMap): LocatedEntry[] {
    const own = map.items.filter(pair => !isMerge(pair.key)).flatMap(pair => this.#entry(pair, map))
    const merged = map.items.filter(pair => isMerge(pair.key)).flatMap(pair => this.#merged(pair))
    const taken = new Set(own.map(({ key }) => key))
    const fresh = merged.filter(({ key }) => !taken.has(key) && taken.add(key))
    return [...fresh, ...own]
  }

  #entry(pair: unknown, map: YAMLMap): LocatedEntry[] {
    if (!isPair(pair)) return []
    const key = isAlias(pair.key) ? pair.key.resolve(this.#document) : pair.key
    if (!isScalar(key) || (typeof key.value === 'object' && key.value !== null)) {
      const at = isNode(pair.key) ? pair.key : map
      const text = this.#source.text.slice(map.range?.[0], map.range?.[1])
      if (text.startsWith('{{')) this.#tell(map, { code: 'yaml-broken', ...quoteTemplate(text) })
      else
        this.#tell(at, { code: 'yaml-key', summary: 'A key of a mapping must be a text', help: 'write it in quotes' })
      return []
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '')
    const keySpan = this.#span(key)
    return [{ key: name, keySpan, node: isNode(pair.value) ? this.read(pair.value, name) : emptyScalar(keySpan) }]
  }

  #merged(pair: unknown): readonly LocatedEntry[] {
    if (!isPair(pair) || !isNode(pair.value)) return []
    const node = this.read(pair.value)
    if (node.type === 'list') return node.items.flatMap(item => [...entries(item)])
    if (node.type === 'map') return node.entries
    this.#tell(pair.value, {
      code: 'yaml-merge',
      summary: '`<<:` takes a mapping, or a list of them',
      help: 'write `<<: *name`, where `&name` stands before a mapping',
    })
    return []
  }

  #scalar(node: Scalar, key: string): LocatedScalar {
    const [start = 0, end = start] = node.range ?? []
    const written = this.#source
    const span = this.#span(node)
    const wordSpan = (word: string, occurrence: number): Span => {
      const at = nthIndex(written.text.slice(start, end), word, occurrence)
      return at === -1 ? span : written.span(start + at, start + at + word.length)
    }
    const value = vaultTags.has(node.tag ?? '') ? this.#opened(node, key) : this.#untagged(node)
    const truth = truthIn(node)
    return {
      type: 'scalar',
      value,
      span,
      wordSpan,
      ...(written.isSealed && { isVaulted: true }),
      ...(truth !== undefined && { truth }),
    }
  }

  #untagged(node: Scalar): LocatedScalar['value'] {
    const value = scalarValue(node)
    const fault = node.type === 'PLAIN' ? wholeWithPoint(value, node.source ?? '') : undefined
    if (fault) this.#tell(node, fault)
    return node.tag === unsafeTag && typeof value === 'string' ? asItIs(value) : value
  }

  /** Nothing where it cannot be opened, which is told. */
  #opened(node: Scalar, key: string): Secret | null {
    const opened = openVaulted(`${node.value}`, { label: key, span: this.#span(node), openVault: this.#openVault })
    if (!(opened instanceof Problem)) return opened
    this.problems.push(opened)
    return null
  }

  #nothing(node: Node): LocatedScalar {
    return emptyScalar(this.#span(node))
  }

  #checkTag(node: Node): void {
    const { tag } = node
    if (tag === undefined || tag.startsWith('tag:yaml.org,2002:')) return
    if (vaultTags.has(tag) && isScalar(node)) return
    if (tag === unsafeTag && isScalar(node) && !/\{%[-+]?\s*endraw/.test(`${node.value}`)) return
    const help = tag === unsafeTag ? `write ${tag} before each text of it` : `remove ${tag}`
    this.#tell(node, { code: 'yaml-tag', summary: `The tag ${tag} has no meaning here`, help })
  }

  /** A collection in lines is marked at its first key or dash, anything else as a whole. */
  #span(node: Node): Span {
    const [start = 0, end = start] = node.range ?? []
    if (isMap(node) && !node.flow && isNode(node.items[0]?.key)) return this.#span(node.items[0].key)
    return this.#source.span(start, isSeq(node) && !node.flow ? start + 1 : end)
  }

  #tell(node: Node, fields: ProblemFields): void {
    this.problems.push(new Problem({ exit: exitCodes.input, span: this.#span(node), ...fields }))
  }
}

const isNode = (value: unknown): value is Node => isScalar(value) || isMap(value) || isSeq(value) || isAlias(value)

const isMerge = (key: unknown): boolean =>
  isScalar(key) && key.type === 'PLAIN' && (key.value === '<<' || typeof key.value === 'symbol')

/** Ansible's word for a text into which nothing is filled. */
const unsafeTag = '!unsafe'

/** A line break right behind a statement is no part of the text, so one that is stands there twice. */
const asItIs = (text: string): string =>
  /\{[{%#]/.test(text) ? `{% raw %}${text.startsWith('\n') ? '\n' : ''}${text}{% endraw %}` : text

const scalarValue = ({ value, source: raw, type }: Scalar): LocatedScalar['value'] => {
  if (type === 'PLAIN' && raw !== undefined && typeof value === 'number' && !isNumber(raw, value)) return raw
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : `${value}`
}

/**
 * What YAML 1.2 takes for a number and PyYAML does not, `1e3` and `0o644`, is a text, since it may be the beginning of a
 * hash; so is one with a leading zero, and one with more digits than a number can keep.
 */
const isNumber = (raw: string, value: number): boolean =>
  !/^(?:0\d+|0o[0-7]+|[-+]?(?:\d+[eE].*|[\d.]+[eE]\d+))$/.test(raw) &&
  !(/^[-+]?\d+$/.test(raw) && !Number.isSafeInteger(value))

/** @source YAML 1.1, "Boolean Language-Independent Type", as PyYAML reads it. */
const truthIn = ({ value, type, tag }: Scalar): boolean | undefined => {
  if (type !== 'PLAIN' || tag !== undefined || typeof value !== 'string') return undefined
  return /^(?:yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF)$/.test(value) ? truthOf(value) : undefined
}

const emptyScalar = (span: Span): LocatedScalar => ({ type: 'scalar', value: null, span, wordSpan: () => span })

const nthIndex = (text: string, word: string, occurrence: number): number => {
  let at = text.indexOf(word)
  for (let left = occurrence; left > 0 && at !== -1; left -= 1) at = text.indexOf(word, at + word.length)
  return at
}

const unreadable = (written: Source, cause: unknown): Problem =>
  new Problem({
    code: 'yaml-too-large',
    summary: 'This text is nested too deeply, or its aliases repeat too much, to be read',
    span: written.span(0, 1),
    help: 'look whether it is the right file; what repeats can be a loop of the playbook',
    exit: exitCodes.input,
    cause,
  })
