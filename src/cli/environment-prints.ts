// Shows that a variable of the environment, which a plan was made from, reads otherwise now; nothing of its value.
import type { PlanFile } from '../model/plan-file.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { keyNamed, makeKey, nameOfKey, printValues } from './plan-key.ts'
import type { Surroundings } from './surroundings.ts'

export type EnvironmentPrints = Pick<PlanFile, 'environmentPrints' | 'secretKey'>

type Environment = Pick<Surroundings, 'environment'>

/** @param names Of variables that were looked up. Without any, no key is needed. */
export const printEnvironment = (
  names: Iterable<string>,
  { environment }: Environment,
  state: string,
): EnvironmentPrints => {
  const values = valuesOf(names, environment)
  if (values.size === 0) return {}
  const key = makeKey(state)
  return { secretKey: nameOfKey(key), environmentPrints: printValues(key, values) }
}

/** @returns `plan-key-missing`, `plan-key-other`, or one `environment-changed` for each that is not what it was. */
export const changedEnvironment = (
  { environmentPrints = [], secretKey }: EnvironmentPrints,
  { environment }: Environment,
  state: string,
): readonly Problem[] => {
  if (environmentPrints.length === 0) return []
  const key = keyNamed(secretKey, state)
  if (key instanceof Problem) return [key]
  const names = environmentPrints.map(({ name }) => name)
  const now = new Map(printValues(key, valuesOf(names, environment)).map(({ name, print }) => [name, print]))
  return environmentPrints
    .filter(({ name, print }) => now.get(name) !== print)
    .map(({ name }) => changed(name, environment(name) !== undefined))
}

/** One that is not set is something else than an empty one, although both give an empty text. */
const valuesOf = (
  names: Iterable<string>,
  environment: Environment['environment'],
): ReadonlyMap<string, readonly string[]> =>
  new Map([...names].map(name => [name, [environment(name)].filter(value => value !== undefined)]))

const changed = (name: string, isSet: boolean): Problem =>
  new Problem({
    code: 'environment-changed',
    summary: `The variable \`${name}\` of the environment is not what it was when the plan was made`,
    seen: isSet ? 'another value' : 'not set',
    wanted: 'the value of then: the plan was made from it',
    help: `set \`${name}\` as it was (\`export ${name}=…\`), or make the plan again`,
    exit: exitCodes.drift,
  })
