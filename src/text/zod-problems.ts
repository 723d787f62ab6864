// Checks a value by a schema, and says at the exact place in the text what does not fit.
import type { core, ZodType } from 'zod'
import { exitCodes, Problem, type ProblemFields, type Topic, variableTopic } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { didYouMean, nearest } from './did-you-mean.ts'
import { child, entry, items, type Located } from './located.ts'
import { describe, truthOf } from './words.ts'
import { insteadOf, isSchema, meaningOf, schemaAt, wantedKeys, wantedWords } from './zod-words.ts'

export type Validated<Value> = {
  /** What the schema makes of it; nothing when there are problems. */
  readonly value: Value | undefined
  readonly problems: readonly Problem[]
}

export type ValidateOptions = {
  /** The value to check, when it is not what stands in the text: templates filled in. */
  readonly value?: unknown
  /** Where the whole belongs to, such as the name of the task; marked when a key is missing. */
  readonly owner?: Span
  /** What the keys are called: `argument`, `key`, `variable`. */
  readonly noun?: string
  /** Keys that others have and that are not here, each with what to write instead. */
  readonly instead?: Readonly<Record<string, string>>
  /** What a fault of the value at this path rests on. */
  readonly restsOn?: (path: readonly PropertyKey[]) => readonly Topic[]
}

/** Checks what a tree means by a zod schema; every issue becomes a problem of its own. */
export const validate = <Value>(
  node: Located,
  schema: ZodType<Value>,
  { value = node.value, owner = node.span, noun = 'key', instead = {}, restsOn = () => [] }: ValidateOptions = {},
): Validated<Value> => {
  const parsed = schema.safeParse(value, { reportInput: true })
  if (parsed.success) return { value: parsed.data, problems: [] }
  const about = { node, schema, owner, noun, instead, value, restsOn }
  const { issues } = parsed.error
  // A misspelt key is what keeps the others from fitting together.
  const isMisspelt = issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0)
  const problems = issues
    .filter(({ code, path }) => !(isMisspelt && code === 'custom' && path.length === 0))
    .flatMap(issue => problemsOf(issue, about))
  return { value: undefined, problems: problems.filter(problem => !isOtherSideOfTypo(problem, problems)) }
}

/** A key that is missing only because another one, which is told too, is misspelt. */
const isOtherSideOfTypo = ({ fields }: Problem, all: readonly Problem[]): boolean =>
  fields.code.endsWith('-missing') &&
  all.some(other => other.fields.code.endsWith('-unknown') && other.fields.help === meaning(fields.help))

const meaning = (help: string | undefined): string => `did you mean ${help?.replace(/^add (`.*):`$/, '$1`')}?`

type About = {
  readonly node: Located
  readonly schema: ZodType
  readonly owner: Span
  readonly noun: string
  readonly instead: Readonly<Record<string, string>>
  readonly value: unknown
  readonly restsOn: (path: readonly PropertyKey[]) => readonly Topic[]
}

const problemsOf = (issue: core.$ZodIssue, about: About): Problem[] => {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, path, about))
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors)
    if (branch !== undefined)
      return branch.flatMap(inner => problemsOf({ ...inner, path: [...path, ...inner.path] }, about))
  }
  if (issue.code === 'invalid_key') return [wrongKey(issue, about)]
  if (isMissing(issue, about)) return [missingKey(issue, about)]
  return [wrongValue(issue, about)]
}

const unknownKey = (
  key: string,
  path: readonly PropertyKey[],
  { node, schema, owner, noun, instead }: About,
): Problem =>
  problem({
    code: `${noun}-unknown`,
    summary: `There is no ${noun} \`${key}\`${path.length === 0 ? '' : ` in \`${pathText(path)}\``}`,
    span: entry(nodeAt(node, path), key)?.keySpan ?? placeOf(node, path, owner),
    help: Object.hasOwn(instead, key) ? instead[key] : didYouMean(key, wantedKeys(schema, path)),
  })

/** A mapping of variables is the one whose keys other values are made of. */
const topicsOf = (
  path: readonly PropertyKey[],
  { noun, restsOn }: About,
): Pick<ProblemFields, 'about' | 'restsOn'> => ({
  ...(noun === 'variable' && path.length > 0 && { about: variableTopic(String(path[0])) }),
  restsOn: restsOn(path),
})

const missingKey = (issue: core.$ZodIssue, about: About): Problem => {
  const { node, schema, owner, noun } = about
  const parent = issue.path.slice(0, -1)
  const name = String(issue.path.at(-1))
  return problem({
    code: `${noun}-missing`,
    summary: `The ${noun} \`${name}\` is missing${parent.length === 0 ? '' : ` in \`${pathText(parent)}\``}`,
    span: placeOf(node, parent, owner),
    wanted: [wantedWords(issue, schema), meaningOf(schema, issue.path)].filter(Boolean).join(': '),
    help: `add \`${name}:\``,
    ...topicsOf(issue.path, about),
  })
}

const wrongKey = (issue: core.$ZodIssueInvalidKey, about: About): Problem => {
  const { node, owner, noun, schema } = about
  const [first] = issue.issues
  const wanted = first === undefined ? 'another name' : wantedWords(first, schema)
  return problem({
    code: `${noun}-value`,
    summary: `\`${pathText(issue.path)}\` must be ${wanted}`,
    span: placeOf(node, issue.path, owner),
    wanted,
    ...topicsOf(issue.path, about),
  })
}

const wrongValue = (issue: core.$ZodIssue, about: About): Problem => {
  const { node, schema, owner, noun, value } = about
  const seen = valueAt(value, issue.path)
  const wanted = wordsFor(issue, about)
  const written = nodeAt(node, issue.path)
  const isTogether = issue.code === 'custom' && issue.path.length === 0
  const name = issue.path.length === 0 ? 'This' : `\`${pathText(issue.path)}\``
  return problem({
    code: `${noun}-value`,
    summary: isTogether ? `These ${noun}s do not fit together` : `${name} must be ${wanted}`,
    span: written?.span ?? placeOf(node, issue.path, owner),
    seen: asWritten(written, seen) ?? describe(seen),
    wanted,
    help: insteadOf(seen, schema, issue.path) ?? helpFor(issue, { seen, wanted, noun }),
    ...topicsOf(issue.path, about),
  })
}

/** A number stands where a text has to: it is told at once where in quotes it would not do either. */
const wordsFor = (issue: core.$ZodIssue, { schema, value }: About): string => {
  const wanted = wantedWords(issue, schema)
  const seen = valueAt(value, issue.path)
  const field = schemaAt(schema, issue.path)
  if (typeof seen !== 'number' || wanted !== 'a text' || !isSchema(field)) return wanted
  const inQuotes = field.safeParse(`${seen}`).error?.issues[0]
  return inQuotes === undefined ? wanted : wantedWords(inQuotes, schema)
}

/** A number that is written in another way than it prints, such as `0o644`. */
const asWritten = (node: Located | undefined, seen: unknown): string | undefined => {
  if (typeof seen !== 'number' || node?.type !== 'scalar' || node.value !== seen) return undefined
  const { excerpt, column, width } = node.span
  const text = excerpt.slice(column - 1, column - 1 + width)
  return /^0[xo]/i.test(text) ? `${text}, which YAML reads as the number ${seen}` : undefined
}

type Misfit = { readonly seen: unknown; readonly wanted: string; readonly noun: string }

const helpFor = (issue: core.$ZodIssue, { seen, wanted, noun }: Misfit): string | undefined => {
  const slip = slipOf(seen, wanted)
  if (slip !== undefined) return slip
  if (noun === 'argument' && isSecretByName(seen))
    return 'a secret is named among variables, such as `vars:` of the play; write `"{{ its name }}"` here'
  if (seen instanceof Secret)
    return 'what stands here can be seen, in a command line or a report; give a secret to an argument that takes one'
  return issue.code === 'invalid_value' && typeof seen === 'string' ? meant(seen, issue.values) : undefined
}

/** Quotes that are there, or are not, or are those of a text processor. */
const slipOf = (seen: unknown, wanted: string): string | undefined => {
  if (typeof seen === 'number' && wanted === 'a text') return `write "${seen}", in quotes`
  if (wanted.startsWith('a secret') && isNearlySecret(seen)) return 'did you mean `secret`?'
  if (typeof seen !== 'string') return undefined
  const [, inner] = /^[“”„‘’«](.*)[“”‘’»]$/.exec(seen) ?? []
  if (inner !== undefined) return `write "${inner}": these quotes are letters of the text to YAML`
  if (/^a (?:whole )?number$/.test(wanted) && /^-?\d+$/.test(seen)) return `write ${seen}, without quotes`
  const truth = wanted === 'true or false' ? truthOf(seen) : undefined
  return truth === undefined ? undefined : `write \`${truth}\`, without quotes`
}

/** `{ secrets: ask }` */
/** `{ secret: env:NAME }`, as an inventory and `vars:` have it. */
const isSecretByName = (seen: unknown): boolean =>
  typeof seen === 'object' && seen !== null && Object.keys(seen).join() === 'secret'

const isNearlySecret = (seen: unknown): boolean =>
  typeof seen === 'object' && seen !== null && Object.keys(seen).some(key => nearest(key, ['secret']) !== undefined)

const meant = (seen: string, values: readonly unknown[]): string | undefined => {
  const help = didYouMean(seen, values.map(String))
  return help?.startsWith('did') ? help : undefined
}

const isMissing = ({ path }: core.$ZodIssue, { value }: About): boolean =>
  path.length > 0 && typeof path.at(-1) === 'string' && valueAt(value, path) === undefined

/** Of the ways in which a union fails, the one that came nearest: no fault at its root, then the fewest faults. */
const closestBranch = (branches: readonly (readonly core.$ZodIssue[])[]): readonly core.$ZodIssue[] | undefined => {
  const inside = branches.filter(branch =>
    branch.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  return [...inside].sort((a, b) => a.length - b.length)[0]
}

const nodeAt = (node: Located, path: readonly PropertyKey[]): Located | undefined => {
  let at: Located | undefined = node
  for (const step of path) at = typeof step === 'number' ? items(at)[step] : child(at, String(step))
  return at
}

/** The key that leads to a value, or the item of a list itself. */
const placeOf = (node: Located, path: readonly PropertyKey[], owner: Span): Span => {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = nodeAt(node, path.slice(0, length - 1))
    const step = path[length - 1]
    const span = typeof step === 'number' ? items(parent)[step]?.span : entry(parent, String(step))?.keySpan
    if (span !== undefined) return span
  }
  return owner
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown => {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = Reflect.get(at, step)
  }
  return at
}

/** `disks[0].path`. */
const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('')

const problem = (fields: ProblemFields): Problem => new Problem({ exit: exitCodes.input, ...fields })
