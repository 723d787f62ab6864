// Who comes after whom, what must be so before a node is begun, and what each node is asked for.
import type { OutlinedPlay } from '../../../model/events.ts'
import type { PlannedStep } from '../../../model/plan-file.ts'
import { canonicalJson } from '../../../text/canonical.ts'
import { planSign } from '../../plan-sign.ts'
import { type Block, code, number, paragraph, type Section, strong, type Text, table } from '../blocks.ts'
import { groupBy } from '../group-by.ts'
import type { Review } from '../model.ts'
import { isFinal, mayChange } from '../way-back.ts'
import { evidenceText, hostsText, stepLink } from './words.ts'

export const orderSection = (review: Review): Section => ({
  id: 'order',
  title: 'Order and gates',
  blocks: [
    paragraph(
      'Failover list: ',
      strong(review.order.join(' → ')),
      '. It is the inventory’s; what Cluster Services has as its own list is not part of a plan: compare it before you sign.',
    ),
    ...review.plays.map((play, index) => playPart(play, index, review)),
    paragraph(signs),
  ],
})

const signs =
  'Signs: + comes to be, ~ becomes another, - ceases to be, ! a foreign program decides, = nothing to do, ? cannot be told yet, · left out, ▲ cannot be undone.'

const playPart = (play: OutlinedPlay, index: number, review: Review): Block => {
  const steps = review.steps.filter(step => step.play === index)
  return {
    type: 'part',
    title: [play.name],
    blocks: [
      paragraph(strategyWords[play.strategy]),
      table(
        [number('turn'), 'node', 'begins', number('steps'), number('would change'), number('▲'), 'holds'],
        play.hosts.map((host, turn) => turnRow({ play, host, turn, steps, review })),
      ),
      ...alike(steps).map(same => nodeFold(same, review)),
    ],
  }
}

const strategyWords: Readonly<Record<OutlinedPlay['strategy'], string>> = {
  failover:
    'One node after the other: the next is begun when every step of the one before is verified. After a failure no other node is begun.',
  linear: 'Step by step, each on all of its nodes. A failure stops its own node and no other.',
}

type Turn = {
  readonly play: OutlinedPlay
  readonly host: string
  readonly turn: number
  readonly steps: readonly PlannedStep[]
  readonly review: Review
}

const turnRow = ({ play, host, turn, steps, review }: Turn): readonly Text[] => {
  const own = steps.filter(step => step.host === host)
  const holds = review.holds.filter(hold => hold.host === host && hold.play === own[0]?.play)
  return [
    [play.strategy === 'failover' ? `${turn + 1}` : '-'],
    [code(host)],
    [beginsWhen(play, turn, review)],
    [`${own.length}`],
    [`${own.filter(mayChange).length}`],
    [`${own.filter(isFinal).length}`],
    [[...new Set(holds.map(({ hold }) => hold))].join(', ') || '-'],
  ]
}

const beginsWhen = ({ strategy, hosts }: OutlinedPlay, turn: number, { order }: Review): string => {
  const before = hosts[turn - 1]
  if (strategy === 'failover' && before !== undefined) return `when ${before} is verified`
  return hosts[turn] === order[0] ? 'preferred node' : 'at once'
}

/** Nodes that are asked for the same, with the same answers. */
const alike = (steps: readonly PlannedStep[]): readonly (readonly PlannedStep[])[] => {
  const byHost = [...groupBy(steps, ({ host }) => host).values()]
  const keyOf = (own: readonly PlannedStep[]) =>
    canonicalJson(own.map(step => [step.step, planSign(step), step.evidence ?? null, isFinal(step)]))
  return [...groupBy(byHost, keyOf).values()].map(same => same.flat())
}

const nodeFold = (steps: readonly PlannedStep[], { groups }: Review): Block => {
  const hosts = [...new Set(steps.map(({ host }) => host))]
  const own = steps.filter(({ host }) => host === hosts[0])
  return {
    type: 'fold',
    title: hostsText(hosts),
    isOpen: true,
    blocks: [
      table(
        [number('step'), '', 'address', 'name', 'evidence'],
        own.map(step => [
          [`${groups.find(group => group.step === step.step && group.play === step.play)?.number ?? ''}`],
          [code(planSign(step))],
          [stepLink(step.step, groups)],
          [step.name],
          [evidenceText(step.evidence, isFinal(step))],
        ]),
      ),
    ],
  }
}
