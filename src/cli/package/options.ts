// What a program asks for, checked before anything is read: a slip that no compiler saw is not carried out.
import { z } from 'zod'
import type { RunEvent } from '../../model/events.ts'
import { exitCodes, Problem, Problems } from '../../model/problem.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { describe } from '../../text/words.ts'
import { wantedOf } from '../../text/zod-words.ts'
import type { RunPlaybookOptions } from './words.ts'

const text = z.string().min(1)
const texts = z.array(text)
const callback = <Heard>() =>
  z.custom<(told: Heard) => void>(value => typeof value === 'function', 'a function').optional()
const mapping = z.custom<NonNullable<RunPlaybookOptions['extraVars'] & RunPlaybookOptions['environment']>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object',
)

const shapes: { readonly [Name in keyof Required<RunPlaybookOptions>]: z.ZodType<RunPlaybookOptions[Name]> } = {
  mode: z.enum(['run', 'dry-run']),
  cwd: text.optional(),
  inventory: text.optional(),
  extraVars: mapping.optional(),
  limit: text.optional(),
  tags: texts.optional(),
  skipTags: texts.optional(),
  only: texts.optional(),
  from: text.optional(),
  to: text.optional(),
  failedOf: text.optional(),
  forks: z.int().min(1).optional(),
  yes: z.boolean().optional(),
  vaultPasswordFiles: texts.optional(),
  environment: mapping.optional(),
  signal: z.custom<AbortSignal>(value => value instanceof AbortSignal, 'an AbortSignal').optional(),
  onEvent: callback<RunEvent>(),
  print: callback<string>(),
}

/** @throws {Problems} `option-unknown`, `option-wrong`, one for each. */
export const assertOptions = (playbook: unknown, options: unknown): void => {
  const given: Readonly<Record<string, unknown>> = { ...(typeof options === 'object' ? options : undefined) }
  const strange = Object.keys(given).filter(name => !Object.hasOwn(shapes, name))
  const wrong = Object.entries(shapes).filter(([name, shape]) => !shape.safeParse(given[name]).success)
  const problems = [
    ...(text.safeParse(playbook).success ? [] : [optionWrong('the playbook', playbook, 'its name, or its file')]),
    ...strange.map(unknownOption),
    ...wrong.map(([name, shape]) => optionWrong(`\`${name}\``, given[name], wantedOf(shape))),
  ]
  if (problems.length > 0) throw new Problems(problems)
}

const unknownOption = (name: string): Problem =>
  new Problem({
    code: 'option-unknown',
    summary: `\`runPlaybook\` has no option \`${name}\``,
    state: 'nothing was begun',
    help: didYouMean(name, Object.keys(shapes)) ?? `there are: ${Object.keys(shapes).join(', ')}`,
    exit: exitCodes.input,
  })

const optionWrong = (what: string, seen: unknown, wanted: string): Problem =>
  new Problem({
    code: 'option-wrong',
    summary: `\`runPlaybook\` cannot work with this value for ${what}`,
    seen: describe(seen),
    wanted,
    state: 'nothing was begun',
    help: 'docs/typescript.md lists what it takes',
    exit: exitCodes.input,
  })
