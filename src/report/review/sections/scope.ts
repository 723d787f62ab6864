// What is touched, what was left out by whom, and what is not touched at all.
import type { RunRequest } from '../../../model/request.ts'
import {
  type Block,
  code,
  type Fact,
  facts,
  list,
  paragraph,
  type Section,
  strong,
  type Text,
  table,
} from '../blocks.ts'
import type { Review } from '../model.ts'
import { mayChange } from '../way-back.ts'
import { hostsText } from './words.ts'

export const scopeSection = (review: Review): Section => ({
  id: 'scope',
  title: 'Scope, and what is not touched',
  blocks: [...asked(review.request), ...touched(review), ...untouched(review)],
})

const asked = (request: RunRequest): readonly Block[] => {
  const { limit, tags, skipTags, only, from, to, failedOf, extraVars } = request
  const narrowing: readonly (Fact | undefined)[] = [
    limit === undefined ? undefined : ['only these hosts', [code(limit)]],
    tags && ['only steps with tags', [tags.join(', ')]],
    skipTags && ['no steps with tags', [skipTags.join(', ')]],
    only && ['only these steps', [only.join(', ')]],
    from === undefined ? undefined : ['from step', [code(from)]],
    to === undefined ? undefined : ['up to step', [code(to)]],
    failedOf === undefined ? undefined : ['only what was left open by run', [code(failedOf)]],
    extraVars && ['extra variables', [code(extraVars.join(' '))]],
  ]
  return narrowing.some(Boolean)
    ? [facts(narrowing)]
    : [paragraph('The whole playbook was asked for, on all its hosts.')]
}

const touched = ({ steps }: Review): readonly Block[] => {
  const hosts = [...new Set(steps.filter(mayChange).map(({ host }) => host))]
  if (hosts.length === 0) return [paragraph('Nothing is touched.')]
  const rows = hosts.map(host => {
    const own = steps.filter(step => step.host === host && mayChange(step))
    return [[code(host)], [`${own.length}`], [kindsOf(own)]]
  })
  return [table(['node', { title: 'steps', align: 'right' }, 'things that change, by kind'], rows)]
}

const kindsOf = (steps: Review['steps']): string => {
  const kinds = steps.flatMap(({ changes }) => changes.map(({ kind }) => kind))
  return [...new Set(kinds)]
    .sort()
    .map(kind => `${kinds.filter(one => one === kind).length} ${kind}`)
    .join(', ')
}

const untouched = ({ steps, order, verdict, cluster }: Review): readonly Block[] => {
  const touchedHosts = new Set(steps.filter(mayChange).map(({ host }) => host))
  const hosts = [...new Set([...order, ...steps.map(({ host }) => host)])].filter(host => !touchedHosts.has(host))
  const leavesReceipts = steps.some(({ changes }) => changes.some(({ kind }) => kind === 'act'))
  const items: readonly Text[] = [
    ...(hosts.length > 0 ? [[strong('Nodes without a change'), ': ', ...hostsText(hosts)]] : []),
    [
      strong('Not written'),
      ': what no step below names. A step makes the changes that stand here, and is held to them.',
    ],
    ...(verdict.opaque.length > 0
      ? [[strong('Not known'), ': what acts and foreign programs do beyond the effects that stand here.']]
      : []),
    ...(leavesReceipts
      ? [
          [
            strong('Written beside it'),
            ': a receipt of each act on its node, below ',
            code(`/var/lib/run/receipts/${cluster}`),
          ],
        ]
      : []),
  ]
  return list(items)
}
