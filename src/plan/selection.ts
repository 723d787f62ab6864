// Which steps on which hosts a run is about: the flags of the command line, checked against what there is.
import { addressOf, slug } from '../model/address.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import { didYouMean, nearest } from '../text/did-you-mean.ts'

export type Selection = {
  readonly only?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly skipTags?: readonly string[] | undefined
  readonly addresses?: Addresses | undefined
}

/** Steps on hosts, `playbook/step@host`. */
export type Addresses = { readonly addresses: ReadonlySet<string> }

/** A step as far as its choice goes: its address, and its tags with those of all around it. */
export type Choosable = { readonly id: string; readonly tags: readonly string[] }

export type Choice = {
  readonly isSelected: (step: Choosable, host: string) => boolean
  readonly problems: readonly Problem[]
}

/**
 * @param steps All steps of the playbook, in the order as written.
 * @param hosts All hosts that there are.
 */
export const chooseSteps = (
  steps: readonly Choosable[],
  selection: Selection,
  { hosts }: { readonly hosts: readonly string[] },
): Choice => {
  const problems: Problem[] = []
  const order = new Map(steps.map(({ id }, at) => [id, at]))
  const find = (name: string, flag: string): readonly string[] => {
    const found = namedSteps(name, steps)
    if (found.length === 0) problems.push(noSuchStep(name, { flag, steps }))
    return found
  }
  const only = selection.only?.map(name => {
    const [, step = name, host] = /^([^@]*)@(.*)$/.exec(name) ?? []
    if (host !== undefined && !hosts.includes(host)) problems.push(noSuchHost(host, { name, hosts }))
    return { ids: new Set(find(step, '--only')), host }
  })
  const from = selection.from === undefined ? 0 : (order.get(find(selection.from, '--from')[0] ?? '') ?? -1)
  const to = selection.to === undefined ? order.size - 1 : (order.get(find(selection.to, '--to').at(-1) ?? '') ?? -1)
  problems.push(...unknownTags(steps, selection))
  const isNamed = (id: string, host: string): boolean =>
    !only || only.some(named => named.ids.has(id) && (named.host === undefined || named.host === host))
  const isInRange = (id: string): boolean => {
    const at = order.get(id) ?? -1
    return at >= from && at <= to
  }
  if (problems.length === 0 && selection.from !== undefined && selection.to !== undefined && from > to)
    problems.push(wrongWayRound(selection))
  const { addresses } = selection
  const isSelected = (step: Choosable, host: string): boolean =>
    isNamed(step.id, host) &&
    isInRange(step.id) &&
    hasTags(step.tags, selection) &&
    (!addresses || addresses.addresses.has(addressOf({ step: step.id, host })))
  return { isSelected, problems }
}

/** The steps that an address, or its last part, means: all items of a loop unless one of them is named. */
const namedSteps = (name: string, steps: readonly Choosable[]): readonly string[] => {
  const [bare, items] = cutItems(name)
  const first = steps.find(({ id }) => cutItems(id)[0] === bare || cutItems(id)[0].endsWith(`/${slug(bare)}`))
  if (!first) return []
  const [meant] = cutItems(first.id)
  return steps.flatMap(({ id }) => {
    const [own, ownItems] = cutItems(id)
    return own === meant && ownItems.startsWith(items) ? [id] : []
  })
}

/** `install/dirs[2][0]` is the step `install/dirs`, for the items `[2][0]`. */
const cutItems = (id: string): readonly [string, string] => {
  const [, bare = id, items = ''] = /^(.*?)((?:\[\d+\])*)$/.exec(id) ?? []
  return [bare, items]
}

const noSuchHost = (
  host: string,
  { name, hosts }: { readonly name: string; readonly hosts: readonly string[] },
): Problem =>
  new Problem({
    code: 'host-unknown',
    summary: `There is no host \`${host}\`, which --only ${name} names`,
    help: didYouMean(host, hosts),
    exit: exitCodes.input,
  })

const wrongWayRound = ({ from, to }: Selection): Problem =>
  new Problem({
    code: 'range-empty',
    summary: `--from ${from} comes after --to ${to}, so no step lies between them`,
    help: `turn them round: --from ${to} --to ${from}`,
    exit: exitCodes.input,
  })

/**
 * @source Ansible, "Tags" and `taggable.py`: `always` runs unless it is skipped by name, also beside `never`; `never` alone
 * only when it is asked for by name; `all`, `tagged` and `untagged` are words of the flags.
 */
const hasTags = (own: readonly string[], { tags: asked = ['all'], skipTags = [] }: Selection): boolean =>
  isAsked(own, asked) && !isSkipped(own, skipTags)

const isAsked = (own: readonly string[], asked: readonly string[]): boolean => {
  if (own.includes('always') || named(own).some(tag => asked.includes(tag))) return true
  return !own.includes('never') && (asked.includes('all') || (asked.includes('tagged') && own.length > 0))
}

const isSkipped = (own: readonly string[], skipped: readonly string[]): boolean => {
  if (skipped.includes('all')) return !own.includes('always') || skipped.includes('always')
  return named(own).some(tag => skipped.includes(tag)) || (skipped.includes('tagged') && own.length > 0)
}

const named = (own: readonly string[]): readonly string[] => (own.length === 0 ? ['untagged'] : own)

const unknownTags = (steps: readonly Choosable[], { tags = [], skipTags = [] }: Selection): readonly Problem[] => {
  const known = new Set(['all', 'always', 'never', 'tagged', 'untagged', ...steps.flatMap(step => step.tags)])
  return [...tags, ...skipTags]
    .filter(tag => !known.has(tag))
    .map(
      tag =>
        new Problem({
          code: 'tag-unknown',
          summary: `No step has the tag \`${tag}\``,
          help: didYouMean(tag, known) ?? `there are: ${[...known].join(', ')}`,
          exit: exitCodes.input,
        }),
    )
}

const noSuchStep = (
  name: string,
  { flag, steps }: { readonly flag: string; readonly steps: readonly Choosable[] },
): Problem => {
  const ids = steps.map(({ id }) => id)
  const near = nearest(name, [...ids.map(id => id.replace(/^.*\//, '')), ...ids])
  return new Problem({
    code: 'step-unknown',
    summary: `There is no step \`${name}\`${flag === '--only' ? '' : `, which ${flag} names`}`,
    help: near === undefined ? `there are: ${ids.join(', ')}` : `did you mean \`${near}\`?`,
    exit: exitCodes.input,
  })
}
