// What a reviewer wants to know of a step beside its changes: its purpose, and what a foreign program is given.
import { stepAddress } from '../model/address.ts'
import type { Json } from '../model/json.ts'
import type { Given, PlannedHold, PlannedPrompt, PlannedStep } from '../model/plan-file.ts'
import { Problem, Problems } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import type { Dialogue, Prompt } from '../shell/dialogue.ts'
import type { Task } from '../task/task.ts'
import { render } from '../template/render.ts'
import { compileTemplate } from '../template/template.ts'
import { secretIn } from '../template/values.ts'
import { canonicalJson } from '../text/canonical.ts'
import { dialogueFields } from './arguments.ts'
import type { Outline, OutlineNode, OutlinePlay, OutlineStep } from './outline.ts'
import { partsOf, stepsOf } from './outline.ts'

export type Terms = Pick<PlannedStep, 'summary' | 'given' | 'byHand'>

/** By `step@host`. Arguments that rest on the result of a step before cannot be told, and are left out. */
export const termsOf = ({ plays }: Outline): ReadonlyMap<string, Terms> =>
  new Map(
    plays.flatMap(({ hosts, nodes, handlers }) =>
      [...stepsOf(nodes), ...handlers].flatMap(step =>
        hosts.map((host): [string, Terms] => [stepAddress(step.id, host), termsOn(step, host)]),
      ),
    ),
  )

/** The holds around the steps of each host whose conditions let them be there. */
export const holdsOf = ({ plays }: Outline): readonly PlannedHold[] =>
  plays.flatMap(play => play.hosts.flatMap(host => holdsBelow(play.nodes, { play, host })))

const holdsBelow = (
  nodes: readonly OutlineNode[],
  at: { readonly play: OutlinePlay; readonly host: string },
): readonly PlannedHold[] =>
  nodes.flatMap(node => {
    if (node.type !== 'block' || !node.applies(at.host, {})) return []
    const { name: block, hold } = node
    const inside = partsOf(node).flatMap(({ nodes: inner }) => inner)
    const own = hold && {
      block,
      hold: hold.module.name,
      play: at.play.index,
      host: at.host,
      provides: hold.module.provides(hold.argsFor(at.host)),
    }
    return [...(own ? [own] : []), ...holdsBelow(inside, at)]
  })

const termsOn = (step: OutlineStep, host: string): Terms => {
  const { task } = step
  const { summary } = task
  if (step.noLog || (!task.opaque && !task.byHand)) return { summary }
  const args = argsOn(step, host)
  if (args === undefined) return { summary }
  const byHand = task.byHand?.(args)
  return { summary, ...(task.opaque && { given: givenBy(task, args) }), ...(byHand && { byHand }) }
}

const argsOn = (step: OutlineStep, host: string): Args | undefined => {
  try {
    const prepared = step.prepare(host, {})
    return prepared.type === 'due' ? (prepared.args as Args) : undefined
  } catch (error) {
    if (error instanceof Problem || error instanceof Problems) return undefined
    throw error
  }
}

type Args = Readonly<Record<string, unknown>>

const givenBy = (task: Task, args: Args): Given => {
  const { plain, prompts } = saidApart(task, args)
  return {
    args: JSON.parse(canonicalJson(plain)) as { [name: string]: Json },
    ...(prompts.length > 0 && { prompts }),
  }
}

/** The prompts of the dialogues among the arguments, and the arguments without those. */
export const saidApart = (task: Task, args: Args) => {
  const fields = dialogueFields(task.args)
  const prompts = fields.flatMap(({ key, from, also }) => {
    const dialogue = args[key] as Dialogue | undefined
    const values = args[from] as Args | undefined
    return (dialogue?.prompts ?? []).map(prompt => promptOf(prompt, values ?? {}, new Set([...also, 'captured'])))
  })
  const plain = Object.entries(args).filter(([name]) => fields.every(({ key }) => key !== name))
  return { plain: Object.fromEntries(plain), prompts }
}

const promptOf = (prompt: Prompt, values: Args, later: ReadonlySet<string>): PlannedPrompt => ({
  name: prompt.name,
  expect: `${prompt.expect}`,
  answer: answerOf(prompt, values, later),
  ...(prompt.when !== undefined && { when: prompt.when }),
})

/** What hangs on a name that is there only when the program runs stays as it was written. */
const answerOf = ({ answer = '', secret, span }: Prompt, values: Args, later: ReadonlySet<string>): string => {
  if (secret) return mask
  const { template } = compileTemplate(answer, span ?? nowhere)
  if (template.needs.some(({ name }) => later.has(name))) return answer.trim()
  const value = render(template, values)
  return secretIn(value) ? mask : String(value ?? '')
}

const mask = `${new Secret('answer', '')}`

const nowhere: Span = { file: 'dialogue', line: 0, column: 1, width: 1, excerpt: '' }
