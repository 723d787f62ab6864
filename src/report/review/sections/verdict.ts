// The half minute: what would happen, how sure that is, what is for good, and what asks for a second look.
import { plural } from '../../counts.ts'
import { meanings } from '../../plan-words.ts'
import { type Block, type Count, code, list, paragraph, type Section, strong, type Text } from '../blocks.ts'
import type { Review } from '../model.ts'
import { evidenceInOrder, type OnHosts } from '../verdict.ts'
import { allHostsText, hostsText } from './words.ts'

export const verdictSection = (review: Review): Section => ({
  id: 'verdict',
  title: 'Verdict in 30 seconds',
  blocks: [
    { type: 'counts', counts: countsOf(review) },
    paragraph(
      `${plural(review.verdict.steps, 'step')}, in this order of nodes: `,
      strong(review.order.join(' → ')),
      '.',
    ),
    ...list(evidenceItems(review)),
    ...finalCall(review),
    ...warningCall(review),
    ...list([...serviceItems(review), ...foundItems(review), ...holdItems(review)]),
  ],
})

const countsOf = ({ verdict: { outcomes, final, warnings } }: Review): readonly Count[] => {
  const count = (number: number | undefined, word: string, tone: Count['tone']): Count => ({
    count: number ?? 0,
    word,
    tone,
  })
  return [
    count(outcomes['would-change'], 'would change', 'notice'),
    count(outcomes.same, 'as wanted already', 'good'),
    count(outcomes.skipped, 'left out', 'plain'),
    count(outcomes.unknown, 'cannot be told yet', 'danger'),
    count((outcomes.failed ?? 0) + (outcomes['not-reached'] ?? 0), 'failed or not reached', 'danger'),
    count(sum(final), 'cannot be undone ▲', 'danger'),
    count(sum(warnings.flatMap(({ on }) => on)), 'need a second look', 'notice'),
  ].filter(({ count: number, word }) => number > 0 || word === 'would change')
}

const sum = (all: readonly OnHosts[]): number =>
  all.reduce((total, { steps, hosts }) => total + steps.length * hosts.length, 0)

const evidenceItems = ({ verdict }: Review): readonly Text[] =>
  evidenceInOrder(verdict.evidence).map(([word, count]) => [strong(`${count} ${word}`), `: ${meanings[word]}`])

const finalCall = ({ verdict: { final }, groups }: Review): readonly Block[] =>
  final.length === 0
    ? [paragraph('All of it can be taken back: see “Way back”.')]
    : [
        {
          type: 'call',
          tone: 'danger',
          items: [[strong('Cannot be undone ▲'), ': ', ...allHostsText(final, groups)]],
        },
      ]

const warningCall = ({ verdict: { warnings, risks }, groups }: Review): readonly Block[] => {
  const items: readonly Text[] = [
    ...risks.map(({ host, text }): Text => [...(host === undefined ? [] : [code(host), ': ']), text]),
    ...warnings.map(({ text, on }): Text => [strong(capital(text)), ': ', ...allHostsText(on, groups)]),
  ]
  return items.length === 0 ? [] : [{ type: 'call', tone: 'notice', items }]
}

const serviceItems = ({ verdict: { services, opaque }, groups }: Review): readonly Text[] => {
  const named = services.map(({ change, on }): Text => [strong(capital(change)), ': ', ...allHostsText(on, groups)])
  const none: Text = [strong('Services'), ': no step names one that it starts or stops.']
  const onTheWay: Text = [strong('May start and stop things on their way'), ': ', ...allHostsText(opaque, groups)]
  return [...(named.length > 0 ? named : [none]), ...(opaque.length > 0 ? [onTheWay] : [])]
}

/** How the services and processes that somebody asked for are now. */
const foundItems = ({ preconditions }: Review): readonly Text[] =>
  preconditions.flatMap(({ hosts, looks }) =>
    looks
      .filter(({ name }) => /^(?:service|process) /.test(name))
      .map(({ name, found }): Text => [strong('As found'), `: ${name} is ${found} on `, ...hostsText(hosts)]),
  )

const holdItems = ({ verdict: { holds } }: Review): readonly Text[] =>
  holds.map(
    ({ hold, hosts }): Text => [
      strong(`Takes the ${hold}`),
      ' on ',
      ...hostsText(hosts),
      ', one node at a time, and gives it back.',
    ],
  )

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
