// A variable that only other hosts have is told with those that have it: who reads that it is not there has set it.
import type { Host } from '../inventory/inventory.ts'
import { Problem, variableTopic } from '../model/problem.ts'

const most = 3

export const withHolders = (problems: readonly Problem[], hosts: readonly Host[]): readonly Problem[] =>
  problems.map(problem => {
    const name = /^The variable `(\w+)` is not defined$/.exec(problem.message)?.[1]
    if (name === undefined || problem.fields.about !== variableTopic(name)) return problem
    const holders = hosts.filter(({ variables }) => Object.hasOwn(variables, name)).map(host => host.name)
    if (holders.length === 0) return problem
    return new Problem({ ...problem.fields, seen: `\`${name}\` is set for ${few(holders)} alone` })
  })

const few = (names: readonly string[]): string => {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}
