// How it is seen afterwards that all went well, and what a run of this plan refuses.
import { plural } from '../../counts.ts'
import { code, list, paragraph, type Section, type Text } from '../blocks.ts'
import type { Review } from '../model.ts'
import { onHosts } from '../verdict.ts'
import { mayChange } from '../way-back.ts'
import { onHostsText } from './words.ts'

export const verificationSection = ({ steps, groups, request, inventory }: Review): Section => {
  const acts = onHosts(steps.filter(step => mayChange(step) && step.changes.some(({ kind }) => kind === 'act')))
  return {
    id: 'verification',
    title: 'Verification afterwards',
    blocks: [
      ...list([
        [
          'Each step looks again right after it was done. What it sees has to be what stands here, or the step has failed.',
        ],
        [
          'The plan is made once more and has to find nothing to do: ',
          code(`run playbook ${request.playbook} -i ${inventory} --dry-run --detailed-exitcode`),
          ' ends with 0.',
        ],
        ['This document is made again with the run: planned against done.'],
      ]),
      ...(acts.length > 0
        ? [paragraph('Acts that leave a receipt as their proof:'), ...list(acts.map(on => onHostsText(on, groups)))]
        : []),
    ],
  }
}

export const refusalsSection = (review: Review): Section => ({
  id: 'refusals',
  title: 'What makes the run refuse',
  blocks: [
    paragraph(code(review.apply), ' ends with exit code 3 and the reason, before anything is touched, when'),
    ...list(refusals(review)),
    paragraph(
      'A node that is out of turn, and a node that cannot be asked who holds what is to be held, are refused too. A step that comes out otherwise than planned stops the run. While another run has the cluster it is refused; who works on it without this program is not seen.',
    ),
  ],
})

const refusals = ({
  validUntil,
  inputs,
  hostKeys,
  preconditions,
  secrets,
  environment,
  approval,
}: Review): readonly Text[] => {
  const looks = preconditions.reduce((sum, { hosts, looks }) => sum + hosts.length * looks.length, 0)
  return [
    ['the plan file was altered, if only by one byte: its digest tells'],
    [`it is later than ${validUntil}`],
    ['the plan was carried out before: it is taken once'],
    [`a file that it was made from has another content (${plural(inputs.length, 'file')}), or one came to them`],
    [`a node shows another host key (${plural(hostKeys.length, 'node')})`],
    [`a precondition is found otherwise (${plural(looks, 'look')})`],
    ...(secrets.length > 0 ? [['a secret was changed']] : []),
    ...(environment ? [[`a variable of the environment has another value (${environment.join(', ')})`]] : []),
    ...(approval?.isRequired ? [['nobody of those who may sign has signed it']] : []),
  ]
}
