// The variables that a host has in a play, and the worksheet that they must fit.
import { ZodObject, type ZodType } from 'zod'
import { isConnectionVariable } from '../inventory/connection.ts'
import type { Host } from '../inventory/inventory.ts'
import { Problem, variableTopic } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import { renderTree, type Variables } from '../template/render.ts'
import { locatedMap, overlay } from '../text/located.ts'
import { truthOf } from '../text/words.ts'
import { validate } from '../text/zod-problems.ts'
import type { Play, WrittenVariables } from './playbook.ts'

/** Variables of a host in a play: those of the inventory, over them those of the play, over them what `-e` gave. */
export const hostVariables = (
  host: Host,
  play: Play,
  { extra, schema }: { readonly extra?: WrittenVariables | undefined; readonly schema?: ZodType | undefined } = {},
): WrittenVariables => ({
  written: overlay([host.written, play.vars.written, ...(extra === undefined ? [] : [extra.written])], host.span),
  variables: { ...host.variables, ...play.vars.variables, ...(extra && wantedOf(schema, extra)) },
})

/** `-e` gives texts: where the worksheet wants a number, or true or false, one that reads so is meant so. */
const wantedOf = (schema: ZodType | undefined, { written, variables }: WrittenVariables): Variables => {
  if (!(schema instanceof ZodObject)) return variables
  const typedOnes = written.entries.filter(({ keySpan }) => keySpan.file === typed)
  const wanted = typedOnes.map(({ key }) => [key, readAs(schema.shape[key] as ZodType | undefined, variables[key])]) // a shape holds schemas
  return { ...variables, ...Object.fromEntries(wanted) }
}

const readAs = (part: ZodType | undefined, value: unknown): unknown => {
  if (part === undefined || typeof value !== 'string' || value.trim() === '') return value
  const readings = [value, truthOf(value), Number(value)].filter(reading => reading !== undefined)
  return readings.find(reading => part.safeParse(reading).success) ?? value
}

/** The file of what is typed behind `-e`, in a span. */
export const typed = '-e'

export type FilledWorksheet = {
  /** What the schema makes of the variables, defaults filled in; lies over them. Where there are problems, those that are right. */
  readonly values: Variables
  readonly problems: readonly Problem[]
}

/**
 * Fills the variables of one host in, and checks them by the worksheet's schema, each fault at its place.
 *
 * @param known What templates may need besides, such as `inventory_hostname`.
 */
export const fillWorksheet = (
  schema: ZodType,
  { written, variables }: WrittenVariables,
  { owner, known }: { readonly owner: Span; readonly known: Variables },
): FilledWorksheet => {
  const entries = written.entries.filter(({ key }) => !isConnectionVariable(key))
  const node = locatedMap(entries, owner)
  const tree = Object.fromEntries(entries.map(({ key }) => [key, variables[key]]))
  const all = { ...known, ...partsOf(schema, {}), ...variables }
  const { value, problems } = renderEntries(schema, tree, all)
  const lost =
    problems.length === 0 ? [] : Object.keys(tree).filter(key => renderTree(tree[key], all).problems.length > 0)
  const checked = validate(node, schema, { value, owner, noun: 'variable' })
  const values = Object.entries(objectOf(checked.value ?? partsOf(schema, value)))
  return {
    values: Object.fromEntries(values.filter(([key]) => !lost.includes(key))),
    problems: [...problems, ...(lost.length === 0 ? checked.problems : notOf(lost, checked.problems))],
  }
}

/** What is wrong without those that could not be filled in, each by itself. */
const notOf = (lost: readonly string[], problems: readonly Problem[]): readonly Problem[] => {
  const unfilled = new Set(lost.map(variableTopic))
  return problems.filter(({ fields: { about } }) => about !== undefined && !unfilled.has(about))
}

/** Those of the worksheet first: what else a play names may use its defaults, also those within a value that is given. */
const renderEntries = (schema: ZodType, tree: Variables, variables: Variables): Rendered => {
  const isOfSheet = ([key]: readonly [string, unknown]) =>
    schema instanceof ZodObject && Object.hasOwn(schema.shape, key)
  const entries = Object.entries(tree)
  const sheet = renderTree(Object.fromEntries(entries.filter(isOfSheet)), variables)
  const others = renderTree(Object.fromEntries(entries.filter(entry => !isOfSheet(entry))), {
    ...variables,
    ...partsOf(schema, sheet.value),
  })
  return {
    value: { ...objectOf(sheet.value), ...objectOf(others.value) },
    problems: distinct([...sheet.problems, ...others.problems]),
  }
}

type Rendered = ReturnType<typeof renderTree>

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/** What is right holds where another value is wrong: else each use of a default would be told as a fault beside it. */
const partsOf = (schema: ZodType, value: unknown): Variables | undefined => {
  if (!(schema instanceof ZodObject) || typeof value !== 'object' || value === null) return undefined
  const parts = Object.entries(schema.shape).flatMap(([key, part]): [string, unknown][] => {
    const { success, data } = (part as ZodType).safeParse(Reflect.get(value, key)) // a shape holds schemas
    return success && data !== undefined ? [[key, data]] : []
  })
  return Object.fromEntries(parts)
}

/** A value that no host has is told once, with all whom it is wanted of. */
export const missingOf = (
  hosts: readonly { readonly host: Host; readonly problems: readonly Problem[] }[],
): Problem[] => {
  const all = hosts.flatMap(({ host, problems }) => problems.map(problem => ({ host, problem })))
  return all.map(({ host, problem }) => {
    if (problem.fields.span !== host.span) return problem
    const same = all.filter(
      other => other.problem.message === problem.message && other.problem.fields.span === other.host.span,
    )
    const [first] = same
    return new Problem({
      ...problem.fields,
      ...(first && { span: first.host.span }),
      host: same.map(other => other.host.name).join(', '),
      help: `${problem.fields.help} below \`vars:\` in the inventory, of the host or of a group`,
    })
  })
}

/** Problems of several hosts, those of a place that they share told once. */
export const distinct = (problems: readonly Problem[]): Problem[] => {
  const seen = new Set<string>()
  return problems.filter(({ message, fields: { code, span } }) => {
    const key = `${code}\0${span?.file}\0${span?.line}\0${span?.column}\0${message}`
    return !seen.has(key) && seen.add(key)
  })
}
