// The arguments of all steps and holds of a play, each with the schema that it is held to.
import type { ZodType } from 'zod'
import type { Span } from '../../model/span.ts'
import type { Play, Step, StepArguments } from '../../playbook/playbook.ts'
import type { ArgumentsOf } from '../arguments.ts'
import type { Registry } from '../registry.ts'

/** What is of a task that nobody knows is left out: the parser tells of it. */
export const argumentsIn = ({ file, steps, handlers }: Play, registry: Registry): readonly ArgumentsOf[] => {
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
