// The values of the inventory that a question needs, filled in and checked; or what it lacks, in words.
import { z } from 'zod'
import { renderTree, type Variables } from '../../template/render.ts'
import { describe } from '../../text/words.ts'
import { wantedWords } from '../../text/zod-words.ts'

export type NeededValues = {
  readonly values: Readonly<Record<string, unknown>>
  /** Nothing where all are there. */
  readonly lacks: string | undefined
}

/** The rest of the inventory may be as unfinished as it likes. */
export const neededValues = (needs: z.ZodRawShape, variables: Variables): NeededValues => {
  const wanted = Object.fromEntries(Object.keys(needs).map(name => [name, variables[name]]))
  const { value, problems } = renderTree(wanted, variables)
  const [problem] = problems
  if (problem) return { values: {}, lacks: problem.message }
  const schema = z.object(needs)
  const read = schema.safeParse(withoutNothing(value), { reportInput: true })
  if (read.success) return { values: read.data, lacks: undefined }
  const [issue] = read.error.issues
  if (!issue) throw new Error('zod refused a value without an issue')
  const name = issue.path.join('.')
  const isMissing = issue.input === undefined || issue.input === null
  return {
    values: {},
    lacks: isMissing
      ? `the inventory has no \`${name}\``
      : `\`${name}\` must be ${wantedWords(issue, schema)}, and is ${describe(issue.input)}`,
  }
}

const withoutNothing = (value: unknown): object =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== undefined))
