// What is wrong in the arguments of steps and holds as they are written, whatever the variables will say.
import type { ZodType } from 'zod'
import type { Problem } from '../../model/problem.ts'
import type { Span } from '../../model/span.ts'
import type { Play, Step, StepArguments } from '../../playbook/playbook.ts'
import { type ArgumentsOf, fileFields, type NamedFiles, readFile } from '../arguments.ts'
import { literalFaults } from '../literal-faults.ts'
import type { Registry } from '../registry.ts'
import type { Linted } from './rule.ts'

/** Unknown and missing arguments, values of the wrong kind, and files that are named and not there or not right. */
export const writtenFaults = ({ playbook, registry }: Linted, files: NamedFiles): readonly Problem[] =>
  playbook.plays.flatMap(play =>
    argumentsIn(play, registry).flatMap(of => [...literalFaults(of), ...fileFaults(of, files)]),
  )

const fileFaults = (of: ArgumentsOf, files: NamedFiles): readonly Problem[] =>
  fileFields(of.schema).flatMap(field => {
    const name = of.args.tree[field.key]
    return typeof name === 'string' ? readFile(of, { ...field, name }, files).problems : []
  })

const argumentsIn = ({ file, steps, handlers }: Play, registry: Registry): readonly ArgumentsOf[] => {
  const at = (module: string, owner: Span, args: StepArguments): readonly ArgumentsOf[] => {
    const schema: ZodType | undefined = registry.get(module)?.args
    return schema ? [{ args, schema, owner, file }] : []
  }
  const within = (step: Step): readonly ArgumentsOf[] => {
    if (step.type === 'flush' || step.type === 'end') return []
    if (step.type === 'task') return at(step.module, step.moduleSpan, step.args)
    const { hold, block, rescue, always } = step
    const own = hold ? at(hold.module, hold.span, hold.args) : []
    return [...own, ...[...block, ...rescue, ...always].flatMap(within)]
  }
  return [...steps, ...handlers].flatMap(within)
}
