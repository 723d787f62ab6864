// Words that several sections share: nodes, steps, evidence.
import type { Evidence } from '../../../model/answer.ts'
import { code, codeLink, listed, type Piece, type Text } from '../blocks.ts'
import { isQuiet, type StepGroup } from '../step-groups.ts'
import type { OnHosts } from '../verdict.ts'

export const hostsText = (hosts: readonly string[]): Text => listed(hosts.map(code))

/** Where a step stands in the document. */
export const stepAnchor = (group: StepGroup): string =>
  isQuiet(group) ? `quiet-${group.play}` : `step-${group.number}`

export const stepLink = (step: string, groups: readonly StepGroup[]): Piece => {
  const group = groups.find(one => one.step === step)
  return group ? codeLink(stepAnchor(group), step) : code(step)
}

/** `install/mount, install/installer on node1, node2`. */
export const onHostsText = ({ steps, hosts }: OnHosts, groups: readonly StepGroup[]): Text => [
  ...listed(steps.map(step => stepLink(step, groups))),
  ' on ',
  ...hostsText(hosts),
]

export const allHostsText = (all: readonly OnHosts[], groups: readonly StepGroup[]): Text =>
  all.flatMap((on, index) => [...(index === 0 ? [] : ['; ']), ...onHostsText(on, groups)])

export const evidenceText = (evidence: Evidence | undefined, isFinal: boolean): string =>
  `${evidence ?? '-'}${isFinal ? ' ▲' : ''}`
