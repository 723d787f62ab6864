// The arguments of one step for one host: templates filled in, files that they name read, all checked by the schema.

import type { ZodType } from 'zod'
import { argumentsTopic, exitCodes, Problem, type Topic } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { DialogueFile } from '../playbook/dialogue.ts'
import type { StepArguments } from '../playbook/playbook.ts'
import type { TextTemplate } from '../task/schemas.ts'
import { groundsOf, renderTree, undefinedIn, type Variables } from '../template/render.ts'
import { Template } from '../template/template.ts'
import { textOf } from '../template/values.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { child } from '../text/located.ts'
import { truthOf } from '../text/words.ts'
import { validate } from '../text/zod-problems.ts'
import { metaOf } from './meta.ts'
import { type FindFile, placeBeside, placeFields, takeFile, takenFields, templateIn } from './taken-files.ts'

export type ArgumentsOf = {
  readonly args: StepArguments
  readonly schema: ZodType
  /** Where the name of the task stands. */
  readonly owner: Span
  /** The playbook file, beside which files are looked for. */
  readonly file: string
}

/** How an argument that names a file finds it: by its name, and by the playbook that it stands in. */
export type NamedFiles = {
  readonly dialogue: (name: string, from: string) => DialogueFile | NotThere
  readonly template: (name: string, from: string) => TemplateFile | NotThere
  /** Any file, for a task that puts it on the node. */
  readonly file: FindFile
}

/** Those that are read into something else than what they hold. */
type Read = Exclude<keyof NamedFiles, 'file'>

/** The names that there are. */
type NotThere = { readonly known: readonly string[] }

export type TemplateFile = { readonly template: TextTemplate; readonly problems: readonly Problem[] }

export type Filled = { readonly value: unknown; readonly problems: readonly Problem[] }

export const fillArguments = (of: ArgumentsOf, variables: Variables, files: NamedFiles): Filled => {
  const { args, schema, owner } = of
  const filled = renderTree(args.tree, variables)
  if (filled.problems.length > 0) return { value: undefined, problems: filled.problems }
  const read = readFiles(of, filled.value as Record<string, unknown>, { variables, files })
  const taken = takeFiles(of, read.value as Record<string, unknown>, { variables, find: files.file })
  const problems = [...read.problems, ...taken.problems]
  if (problems.length > 0) return { value: undefined, problems }
  const restsOn = (path: readonly PropertyKey[]) => groundsOfArgument(path, of, variables)
  const checked = (value: unknown) => validate(args.written, schema, { value, owner, noun: 'argument', restsOn })
  const first = checked(taken.value)
  return first.problems.length === 0 ? first : checked(withTexts(args.tree, schema, taken.value))
}

/** As in Ansible, a number that a template gives is a text where a text is wanted: `argv: [sleep, "{{ seconds }}"]`. */
const withTexts = (tree: unknown, schema: ZodType, value: unknown): unknown =>
  (schema.safeParse(value).error?.issues ?? []).reduce<unknown>((filled, { code, path, ...issue }) => {
    const isText = code === 'invalid_type' && 'expected' in issue && issue.expected === 'string'
    const found = path.reduce<unknown>((at, key) => memberOf(at, key), filled)
    const isShown = typeof found === 'number' || typeof found === 'boolean'
    return isText && isShown && isFilledIn(tree, path) ? withMember(filled, path, textOf(found)) : filled
  }, value)

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

const isFilledIn = (tree: unknown, [first, ...rest]: readonly PropertyKey[]): boolean =>
  tree instanceof Template || (first !== undefined && isFilledIn(memberOf(tree, first), rest))

const withMember = (value: unknown, [first, ...rest]: readonly PropertyKey[], text: string): unknown => {
  if (first === undefined) return text
  const inner = withMember(memberOf(value, first), rest, text)
  if (Array.isArray(value)) return value.with(Number(first), inner)
  return { ...(value as Readonly<Record<string, unknown>>), [first]: inner }
}

/** Arguments that are no mapping seem to be missing; one that is there is what its text makes of the variables. */
export const groundsOfArgument = (
  [name]: readonly PropertyKey[],
  { args, owner }: ArgumentsOf,
  variables: Variables,
): readonly Topic[] => [
  argumentsTopic(owner),
  ...(name === undefined ? [] : groundsOf(args.tree[String(name)], variables)),
]

type Taking = { readonly variables: Variables; readonly find: FindFile }

/** An argument whose schema says `takes` holds the name of a file that goes to the node; the task gets its content. */
const takeFiles = (of: ArgumentsOf, value: Record<string, unknown>, { variables, find }: Taking): Filled => {
  const taken = { ...value }
  const problems: Problem[] = []
  for (const key of placeFields(of.schema))
    if (typeof value[key] === 'string') taken[key] = placeBeside(value[key], of.file)
  for (const field of takenFields(of.schema)) {
    const name = value[field.key]
    if (typeof name !== 'string' || truthOf(value[field.unless])) continue
    const span = child(of.args.written, field.key)?.span
    const found = takeFile({ name, field, from: of.file, span }, find, variables)
    problems.push(...found.problems)
    taken[field.key] = found.value
  }
  return { value: taken, problems }
}

/** Templates in files that arguments name in so many words: what these need, the step needs. */
export const templatesNamed = (of: ArgumentsOf, find: FindFile): readonly Template[] =>
  takenFields(of.schema).flatMap(field => {
    const name = of.args.tree[field.key]
    return typeof name === 'string' ? (templateIn({ name, field, from: of.file, span: undefined }, find) ?? []) : []
  })

/** An argument whose schema says `reads` holds the name of a file; the task gets what is in it. */
const readFiles = (
  of: ArgumentsOf,
  value: Record<string, unknown>,
  { variables, files }: { readonly variables: Variables; readonly files: NamedFiles },
): Filled => {
  const read = { ...value }
  const problems: Problem[] = []
  for (const field of fileFields(of.schema)) {
    const name = value[field.key]
    if (typeof name !== 'string') continue
    const found = readFile(of, { ...field, name }, files)
    problems.push(...found.problems)
    read[field.key] = found.value
    if (field.reads === 'template' || !('templates' in found)) continue
    const given = (value[field.from] ?? {}) as Variables
    const restsOn = groundsOf(of.args.tree[field.from], variables)
    const missing = undefinedIn(found.templates, given, new Set([...field.also, 'captured']))
    problems.push(
      ...missing.map(
        problem => new Problem({ ...problem.fields, restsOn: [...(problem.fields.restsOn ?? []), ...restsOn] }),
      ),
    )
  }
  return { value: read, problems }
}

type Named = FileField & { readonly name: string }

type ReadFile = Filled & { readonly templates?: DialogueFile['templates'] }

/** What is in it, or that it is not there. */
export const readFile = ({ args, file }: ArgumentsOf, { key, name, reads }: Named, files: NamedFiles): ReadFile => {
  const found = files[reads](name, file)
  if ('known' in found) {
    const problem = noFileBy(name, { reads, known: found.known, span: child(args.written, key)?.span })
    return { value: undefined, problems: [problem] }
  }
  if ('template' in found) return { value: found.template, problems: found.problems }
  return { value: found.dialogue, problems: found.problems, templates: found.templates }
}

export type FileField = {
  readonly key: string
  readonly reads: Read
  readonly from: string
  readonly also: readonly string[]
}

/** The arguments that name a file; of a dialogue, also what its answers can name. */
export const fileFields = (schema: ZodType): readonly FileField[] =>
  metaOf(schema).flatMap(([key, { reads, from, also }]) =>
    reads === 'dialogue' || reads === 'template'
      ? [{ key, reads, from: String(from), also: Array.isArray(also) ? also.map(String) : [] }]
      : [],
  )

/** The arguments that name a dialogue. */
export const dialogueFields = (schema: ZodType): readonly FileField[] =>
  fileFields(schema).filter(({ reads }) => reads === 'dialogue')

const endings = { dialogue: 'yml', template: 'j2' } as const

type Sought = {
  readonly reads: Read
  readonly known: readonly string[]
  readonly span: Span | undefined
}

const noFileBy = (name: string, { reads, known, span }: Sought): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no ${reads} \`${name}\``,
    ...(span && { span }),
    wanted: `a file ${reads}s/${name}.${endings[reads]} beside the playbook${reads === 'dialogue' ? ', or beside run.yml' : ''}`,
    help: didYouMean(name, known) ?? `there are: ${known.join(', ') || 'none'}`,
    exit: exitCodes.input,
  })
