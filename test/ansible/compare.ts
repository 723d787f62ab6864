// What differs between two ways to carry out one case, a line each.
import type { CaseRun } from './cases.ts'

/** `run 1, step copy: changed by Ansible, ok by run`; `run 2, tree: …`. */
export const differences = (ansible: readonly CaseRun[], own: readonly CaseRun[]): readonly string[] =>
  [0, 1].flatMap(index => {
    const [theirs, ours] = [ansible[index], own[index]]
    if (!theirs || !ours) return [`run ${index + 1} is missing`]
    return differencesOf(theirs, ours).map(line => `run ${index + 1}, ${line}`)
  })

const differencesOf = (theirs: CaseRun, ours: CaseRun): readonly string[] => [
  ...stepsThatDiffer(theirs, ours),
  ...(wordOf(theirs.status) === wordOf(ours.status)
    ? []
    : [`exit status: ${wordOf(theirs.status)} by Ansible, ${wordOf(ours.status)} by run`]),
  ...linesThatDiffer('tree', theirs.tree, ours.tree),
  ...linesThatDiffer('desk', theirs.desk, ours.desk),
]

const stepsThatDiffer = (theirs: CaseRun, ours: CaseRun): readonly string[] => {
  const [of, other] = [outcomesOf(theirs), outcomesOf(ours)]
  return [...new Set([...of.keys(), ...other.keys()])].flatMap(step => {
    const [one, two] = [of.get(step) ?? 'not told', other.get(step) ?? 'not told']
    return one === two ? [] : [`${step}: ${one} by Ansible, ${two} by run`]
  })
}

const outcomesOf = ({ steps }: CaseRun): ReadonlyMap<string, string> => {
  const outcomes = new Map<string, string>()
  for (const { name, host, outcome } of steps) {
    const step = `${name}@${host}`
    outcomes.set(step, [outcomes.get(step), outcome].filter(Boolean).join(', '))
  }
  return outcomes
}

/** Each has its own numbers for one end. */
const wordOf = (status: number): string => (status === 0 ? 'well' : 'failed')

const linesThatDiffer = (what: string, theirs: string, ours: string): readonly string[] => {
  const [of, other] = [theirs.split('\n'), ours.split('\n')]
  return [
    ...of.filter(line => !other.includes(line)).map(line => `${what}: only by Ansible: ${line.trim()}`),
    ...other.filter(line => !of.includes(line)).map(line => `${what}: only by run: ${line.trim()}`),
  ]
}
