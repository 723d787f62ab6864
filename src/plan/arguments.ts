// The arguments of one step for one host: templates filled in, files that they name read, all checked by the schema.

import type { ZodType } from 'zod'
import { exitCodes, Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { DialogueFile } from '../playbook/dialogue.ts'
import type { StepArguments } from '../playbook/playbook.ts'
import { renderTree, undefinedIn, type Variables } from '../template/render.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { child } from '../text/located.ts'
import { validate } from '../text/zod-problems.ts'

export type ArgumentsOf = {
  readonly args: StepArguments
  readonly schema: ZodType
  /** Where the name of the task stands. */
  readonly owner: Span
  /** The playbook file, beside which files are looked for. */
  readonly file: string
}

/** @returns The dialogue by that name, or the names that there are. */
export type ReadDialogue = (name: string, from: string) => DialogueFile | { readonly known: readonly string[] }

export type Filled = { readonly value: unknown; readonly problems: readonly Problem[] }

export const fillArguments = (of: ArgumentsOf, variables: Variables, readDialogue: ReadDialogue): Filled => {
  const { args, schema, owner } = of
  const filled = renderTree(args.tree, variables)
  if (filled.problems.length > 0) return { value: undefined, problems: filled.problems }
  const read = readFiles(of, filled.value as Record<string, unknown>, readDialogue)
  if (read.problems.length > 0) return read
  return validate(args.written, schema, { value: read.value, owner, noun: 'argument' })
}

/** An argument whose schema says `reads` holds the name of a file; the task gets what is in it. */
const readFiles = (of: ArgumentsOf, value: Record<string, unknown>, readDialogue: ReadDialogue): Filled => {
  const read = { ...value }
  const problems: Problem[] = []
  for (const { key, from, also } of dialogueFields(of.schema)) {
    const name = value[key]
    if (typeof name !== 'string') continue
    const found = readDialogue(name, of.file)
    if ('known' in found) {
      problems.push(noDialogue(name, found.known, child(of.args.written, key)?.span))
      continue
    }
    read[key] = found.dialogue
    const given = (value[from] ?? {}) as Variables
    problems.push(...found.problems, ...undefinedIn(found.templates, given, new Set([...also, 'captured'])))
  }
  return { value: read, problems }
}

type Meta = { readonly reads?: unknown; readonly from?: unknown; readonly also?: readonly string[] }
type Shaped = { readonly shape?: Readonly<Record<string, { meta?: () => Meta | undefined }>> }

/** The arguments that name a dialogue, and what its answers can name. */
export const dialogueFields = (schema: ZodType) =>
  Object.entries((schema as Shaped).shape ?? {}).flatMap(([key, field]) => {
    const { reads, from, also = [] } = field.meta?.() ?? {}
    return reads === 'dialogue' ? [{ key, from: String(from), also }] : []
  })

export const noDialogue = (name: string, known: readonly string[], span: Span | undefined): Problem =>
  new Problem({
    code: 'file-not-found',
    summary: `There is no dialogue \`${name}\``,
    ...(span && { span }),
    wanted: `a file dialogues/${name}.yml beside the playbook`,
    help: didYouMean(name, known) ?? `there are: ${known.join(', ') || 'none'}`,
    exit: exitCodes.input,
  })
