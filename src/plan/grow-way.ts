// How a step is carried out, by what it says itself and what is said around it.
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import { isVariableName } from '../playbook/parts.ts'
import type { Way } from '../playbook/playbook.ts'
import { namedIn, renderTree, undefinedIn, type Variables } from '../template/render.ts'
import { isPlain } from '../template/tree.ts'
import { textOf } from '../template/values.ts'
import { isPlainName } from '../text/names.ts'
import { describe } from '../text/words.ts'
import type { OutlineStep, Registered } from './outline.ts'

/** What is said later counts; environments are laid over one another. */
export const wayWithin = (
  ways: readonly Way[],
): Omit<Way, 'environment'> & { readonly environments: readonly unknown[] } => {
  const last = <Key extends keyof Way>(key: Key): Way[Key] | undefined =>
    ways.findLast(way => way[key] !== undefined)?.[key]
  return {
    become: last('become'),
    becomeUser: last('becomeUser'),
    ignoreErrors: last('ignoreErrors'),
    noLog: last('noLog'),
    onlyLooks: last('onlyLooks'),
    showsDiff: last('showsDiff'),
    timeoutMs: last('timeoutMs'),
    environments: ways.flatMap(({ environment }) => environment ?? []),
  }
}

type Growing = {
  readonly variables: (host: string, registered: Registered) => Variables
  readonly hosts: readonly string[]
  readonly registers: ReadonlySet<string>
  readonly problems: Problem[]
  readonly span: Span
}

export type GrownWay = Pick<
  OutlineStep,
  'ignoreErrors' | 'noLog' | 'onlyLooks' | 'hidesDiff' | 'timeoutMs' | 'userOn' | 'environment'
>

export const growWay = (ways: readonly Way[], growing: Growing): GrownWay => {
  tellOff(ways, growing)
  tellUsers(ways, growing)
  const {
    become,
    becomeUser,
    ignoreErrors = false,
    noLog,
    onlyLooks,
    showsDiff,
    timeoutMs,
    environments,
  } = wayWithin(ways)
  return {
    ignoreErrors,
    ...(noLog && { noLog }),
    ...(onlyLooks && { onlyLooks }),
    ...(showsDiff === false && { hidesDiff: true as const }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(become === true && { userOn: host => becomeUser ?? inventoryUser(growing.variables(host, {})) ?? 'root' }),
    ...(environments.length > 0 && { environment: growEnvironment(environments, growing) }),
  }
}

/** An inventory that is encrypted as a whole has it as a secret; who it is, is none. */
const inventoryUser = ({ ansible_become_user: user }: Variables): string | undefined => {
  if (user instanceof Secret) return reveal(user)
  return user === undefined || user === null ? undefined : String(user)
}

/** Whatever it comes from, an option of `su` is nobody's name. */
const tellUsers = (ways: readonly Way[], { problems, span, hosts, variables }: Growing): void => {
  const { become, becomeUser } = wayWithin(ways)
  if (become !== true || becomeUser !== undefined) return
  for (const host of hosts) {
    const user = inventoryUser(variables(host, {}))
    if (user !== undefined && !isPlainName(user)) problems.push(noUser(host, user, span))
  }
}

const noUser = (host: string, user: string, span: Span): Problem =>
  new Problem({
    code: 'become-user',
    summary: `\`ansible_become_user\` of ${host} is no name of a user`,
    span,
    seen: JSON.stringify(user),
    wanted: 'one word that does not begin with `-`',
    help: 'mend it in the inventory, or wherever it is set',
    exit: exitCodes.input,
  })

/** Who logs in is no matter of a playbook, so nobody here can say who that would be. */
const tellOff = (ways: readonly Way[], { problems, span, hosts, variables }: Growing): void => {
  const isOn =
    ways.some(({ become }) => become === true) || hosts.some(host => variables(host, {}).ansible_become === true)
  if (!isOn || ways.findLast(({ become }) => become !== undefined)?.become !== false) return
  problems.push(
    new Problem({
      code: 'become-off',
      summary: 'Who it would be without `become` is not said here',
      span,
      wanted: 'the name of a user',
      help: 'write `become: true` with `become_user:`, the user who is to do it',
      exit: exitCodes.input,
    }),
  )
}

const growEnvironment = (
  environments: readonly unknown[],
  { variables, hosts, registers, problems, span }: Growing,
): NonNullable<OutlineStep['environment']> => {
  const fill = (host: string, registered: Registered) => {
    const filled = renderTree(environments, variables(host, registered))
    if (filled.problems[0]) throw filled.problems[0]
    const parts = (filled.value as readonly unknown[]).flat()
    const wrong = parts.find(part => !isPlain(part) || !Object.keys(part).every(isVariableName))
    if (wrong !== undefined) throw noEnvironment(wrong, span)
    const merged: Readonly<Record<string, unknown>> = Object.assign({}, ...parts)
    return Object.fromEntries(Object.entries(merged).map(([name, value]) => [name, asText(name, value, span)]))
  }
  for (const host of hosts) {
    const known = variables(host, {})
    const missing = undefinedIn(environments, known, registers)
    problems.push(...missing)
    const isDecided = [...namedIn(environments, known).keys()].every(name => !registers.has(name))
    if (missing.length === 0 && isDecided) tell(() => fill(host, {}), problems)
  }
  return fill
}

const noEnvironment = (value: unknown, span: Span): Problem =>
  new Problem({
    code: 'environment-wrong',
    summary: 'What `environment` is filled in with is no mapping of names to values',
    span,
    seen: describe(value),
    wanted: 'names of letters, digits and _, each with a value',
    help: 'name a variable that holds a mapping (NAME: value)',
    exit: exitCodes.input,
  })

const tell = (work: () => unknown, problems: Problem[]): void => {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problems.push(error)
  }
}

const asText = (name: string, value: unknown, span: Span): string => {
  if (!(value instanceof Secret)) return textOf(value)
  throw new Problem({
    code: 'secret-in-environment',
    summary: `\`${name}\` in the environment is a secret, and a process shows its environment`,
    span,
    help: 'hand it to the program on stdin, or in a file that only its owner may read',
    exit: exitCodes.input,
  })
}
