// What is told of one task module: all of it comes from its definition, so that nothing told can be stale.
import type { ZodType } from 'zod'
import type { Hold } from '../../task/hold.ts'
import type { Task } from '../../task/task.ts'
import { definition, wantedOf } from '../../text/zod-words.ts'

export type TaskRow = {
  /** `address.ip` for one within another. */
  readonly name: string
  /** What it may be, in words. */
  readonly type: string
  /** Nobody can leave it out. */
  readonly isNeeded: boolean
  /** What it is when it is left out, as YAML has it on one line. */
  readonly usual?: string
  readonly says?: string
  /** Other names that it goes by. */
  readonly aliases: readonly string[]
}

export type TaskPage = {
  readonly name: string
  readonly kind: 'task' | 'hold'
  readonly summary: string
  /** A sentence each: what a dry run, a second run and an undo can expect of it. */
  readonly traits: readonly string[]
  readonly args: readonly TaskRow[]
  /** Arguments of Ansible that are not here, each with what to write instead. */
  readonly instead: readonly (readonly [name: string, help: string])[]
  /** What `register` gets. */
  readonly result: readonly TaskRow[]
  readonly example?: string
}

export const taskPageOf = (module: Task | Hold): TaskPage => ({
  name: module.name,
  kind: module.type,
  summary: module.summary,
  traits:
    module.type === 'task' ? traitsOf(module) : ['It is held around a block: `hold:` with its name and arguments.'],
  args: rowsOf(module.args, module.type === 'task' ? (module.aliases ?? {}) : {}),
  instead: module.type === 'task' ? Object.entries(module.instead ?? {}) : [],
  result: module.type === 'task' && module.result ? rowsOf(module.result) : [],
  ...(module.example !== undefined && { example: module.example.trim() }),
})

const traitsOf = (task: Task): readonly string[] => [
  ...(task.onlyLooks ? ['It only looks: it changes nothing.'] : []),
  ...(task.onlyWaits ? ['It only waits: it changes nothing, and a dry run waits for nothing.'] : []),
  ...(task.opaque ? ['It runs a foreign program: a dry run knows its guard and what it declares, no more.'] : []),
  ...(task.lasting ? ['What it sets going outlives a lost connection; the next run takes it up.'] : []),
  ...(task.freeForm ? [`A text without a name is \`${task.freeForm}\`.`] : []),
  ...(task.givesVariables ? ['Any names may stand there; each is a variable for the steps after it.'] : []),
  ...(task.undo ? ['`run undo` takes its changes back.'] : []),
]

type Aliases = Readonly<Record<string, string>>

/** In the order in which they are written. */
const rowsOf = (schema: unknown, aliases: Aliases = {}, path: readonly string[] = []): readonly TaskRow[] =>
  Object.entries(definition(bareOf(schema)).shape ?? {}).flatMap(([key, field]) => {
    const name = [...path, key].join('.')
    const others = Object.entries(aliases).flatMap(([alias, of]) => (of === name ? [alias] : []))
    const below = isList(field) ? `${key}[]` : key
    return [rowOf(name, field as ZodType, others), ...rowsOf(field, {}, [...path, below])]
  })

/** What a zod object holds is a schema. */
const rowOf = (name: string, field: ZodType, aliases: readonly string[]): TaskRow => {
  const { isOptional, usual, says } = wrappedIn(field)
  return {
    name,
    type: wantedOf(field),
    isNeeded: !isOptional,
    ...(usual !== undefined && { usual: JSON.stringify(usual) }),
    ...(says !== undefined && { says }),
    aliases,
  }
}

type Wrapped = { readonly isOptional: boolean; readonly usual?: unknown; readonly says?: string }

/** What stands around a schema: that it can be left out, what it is then, what its author says. The outermost counts. */
const wrappedIn = (schema: ZodType): Wrapped => {
  const { type, innerType, in: input, defaultValue } = definition(schema)
  const inner = innerType ?? input
  const below: Wrapped = inner === undefined ? { isOptional: false } : wrappedIn(inner as ZodType)
  const says = schema.meta()?.description
  return {
    ...below,
    isOptional: below.isOptional || type === 'optional' || type === 'default' || type === 'prefault',
    ...(type === 'default' && { usual: defaultValue }),
    ...(says !== undefined && { says }),
  }
}

/** Without what only wraps; of a list, what one of it is. */
const bareOf = (schema: unknown): unknown => {
  const { innerType, in: input, element } = definition(schema)
  const inner = innerType ?? input ?? element
  return inner === undefined ? schema : bareOf(inner)
}

const isList = (schema: unknown): boolean => {
  const { innerType, in: input, element } = definition(schema)
  const inner = innerType ?? input
  return inner === undefined ? element !== undefined : isList(inner)
}
