// A member that no result of a step has, by what its task says that it hands on, is told before anything connects.
import { exitCodes, Problem } from '../model/problem.ts'
import { tasksOf } from '../playbook/parse.ts'
import type { Play, Playbook, Step, TaskStep } from '../playbook/playbook.ts'
import type { Template } from '../template/template.ts'
import { templatesIn } from '../template/tree.ts'
import { nearest } from '../text/did-you-mean.ts'
import { definition, wantedKeys } from '../text/zod-words.ts'
import { variablesGivenBy } from './given.ts'
import { treesOfStep } from './named-variables.ts'
import type { Registry } from './registry.ts'

/** What every result may have, whatever was done. */
const ofAny = ['changed', 'failed', 'skipped', 'skip_reason', 'msg', 'attempts', 'failed_when_result']
const ofLoops = ['results', 'changed', 'failed', 'skipped', 'skipped_reason', 'msg']

type Asked = { readonly registry: Registry; readonly isSet: (name: string) => boolean }

/** @param isSet Whether a name is that of a variable too: then it may be that one which is meant. */
export const unknownMembers = ({ plays }: Playbook, { registry, isSet }: Asked): readonly Problem[] => {
  const all = plays.flatMap(play => [...play.steps, ...play.handlers])
  const known = membersOf(tasksOf(all), registry)
  const own = new Set([...tasksOf(all).flatMap(step => variablesGivenBy(step, registry)), ...plays.flatMap(namesSetIn)])
  const templates = all.flatMap(treesOfStep).flatMap(templatesIn)
  const ofItems = new Map(tasksOf(all).flatMap(judgingItems))
  return [...new Set(templates)].flatMap(template =>
    template.needs.flatMap(({ name, path: [member], isRequired, ...range }) => {
      const members = ofItems.get(template) === name ? undefined : known.get(name)
      if (member === undefined || !isRequired || members === undefined) return []
      if (members.includes(member) || own.has(name) || isSet(name)) return []
      return [unknownMember({ name, member, members }, template, range)]
    }),
  )
}

/** While an item of a loop is judged, the name is that of its own result. */
const judgingItems = ({ loop, register, repeat, changedWhen, failedWhen }: TaskStep) =>
  loop === undefined || register === undefined
    ? []
    : [repeat?.until, changedWhen, failedWhen].flatMap(conditions =>
        (conditions ?? []).map(({ template }) => [template, register] as const),
      )

/** By the name that is registered: what it may have, where all that register it say so. */
const membersOf = (steps: readonly TaskStep[], registry: Registry): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[] | undefined>()
  for (const step of steps) {
    if (step.register === undefined) continue
    const before = found.has(step.register) ? found.get(step.register) : []
    const members = handedOnBy(step, registry)
    found.set(step.register, before && members && [...before, ...members])
  }
  return new Map([...found].flatMap(([name, members]) => (members ? [[name, members] as const] : [])))
}

const handedOnBy = (step: TaskStep, registry: Registry): readonly string[] | undefined => {
  if (step.loop !== undefined) return ofLoops
  const task = registry.get(step.module)
  if (task?.type !== 'task' || task.result === undefined || definition(task.result).catchall !== undefined)
    return undefined
  const { result } = task
  const own = wantedKeys(result, [])
  if (own.length === 0) return undefined
  const lines = own.filter(key => /^std(?:out|err)$/.test(key)).map(key => `${key}_lines`)
  const inner = own.flatMap(key => wantedKeys(result, [key]).map(each => `${key}.${each}`))
  return [...own, ...lines, ...ofAny, ...inner]
}

/** Names that are given a value by whoever wrote the playbook. */
const namesSetIn = (play: Play): readonly string[] => [
  ...Object.keys(play.vars.variables),
  ...[...play.steps, ...play.handlers].flatMap(namesSetBy),
]

const namesSetBy = (step: Step): readonly string[] => {
  if (step.type === 'flush' || step.type === 'end') return []
  const { itemName, indexName } = step.loop ?? {}
  const own = [...Object.keys(step.vars.variables), itemName, indexName].filter(name => name !== undefined)
  return step.type === 'task' ? own : [...own, ...[...step.block, ...step.rescue, ...step.always].flatMap(namesSetBy)]
}

type Member = { readonly name: string; readonly member: string; readonly members: readonly string[] }

const unknownMember = (
  { name, member, members }: Member,
  template: Template,
  range: { readonly start: number; readonly end: number },
): Problem =>
  new Problem({
    code: 'result-member-unknown',
    summary: `The result \`${name}\` has no \`${member}\``,
    span: template.placeOf(range),
    help: helpFor({ name, member, members }),
    exit: exitCodes.input,
  })

/** Members of members are known too, so that `found.exists` is seen to be `found.stat.exists`. */
const helpFor = ({ name, member, members }: Member): string | undefined => {
  const outer = members.filter(each => !each.includes('.'))
  const inner = members.find(each => each.endsWith(`.${member}`))
  if (inner !== undefined) return `did you mean \`${name}.${inner}\`?`
  const near = nearest(member, outer)
  if (near !== undefined) return `did you mean \`${name}.${near}\`?`
  const ofItems = outer.includes('results') ? `; what each item of the loop gave is in \`${name}.results\`` : ''
  return `it has: ${[...new Set(outer)].join(', ')}${ofItems}`
}
