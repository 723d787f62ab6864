// A run that would do nothing at all is refused, with the flags that left nothing.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Narrowing } from '../model/request.ts'
import { narrowingWords } from '../plan/narrowing.ts'
import { type Outline, outlinedSteps, stepsOf } from '../plan/outline.ts'

/** @throws {Problem} `no-hosts`, `no-steps`. */
export const assertSomethingToDo = (outline: Outline, flags: Narrowing): void => {
  const { playbook, plays } = outline
  const { limit } = flags
  if (plays.every(({ hosts }) => hosts.length === 0))
    throw new Problem({
      code: 'no-hosts',
      summary: `${playbook} has nothing to do: no host is left`,
      ...(limit !== undefined && { seen: `--limit ${limit}` }),
      wanted: 'at least one host of its plays',
      help: '`run inventory graph` shows the hosts of each group',
      exit: exitCodes.input,
    })
  const isWritten = plays.some(({ nodes }) => stepsOf(nodes).length > 0)
  if (!isWritten || outlinedSteps(outline).length > 0) return
  throw new Problem({
    code: 'no-steps',
    summary: `${playbook} has nothing to do: no step is left`,
    seen: narrowingWords(flags).join(' '),
    wanted: 'at least one step on one host',
    help: 'each of these flags leaves something out; together they leave nothing',
    exit: exitCodes.input,
  })
}
