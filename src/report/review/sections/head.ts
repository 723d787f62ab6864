// What this plan is, what it was made from, and the command that carries it out.
import { type Block, code, type Fact, facts, list, paragraph, type Section, table } from '../blocks.ts'
import type { Review } from '../model.ts'

export const headSection = (review: Review): Section => ({
  id: 'plan',
  title: 'Plan',
  blocks: [
    facts([
      ['digest', [code(review.digest)]],
      ['carried out by', [code(review.apply)]],
      ['made', [`${review.created} by run ${review.tool}`]],
      ['valid until', [review.validUntil]],
      ...approvalFacts(review),
      ['playbook', [code(review.playbook), ' in ', code(review.playbookFile)]],
      ['inventory', [code(review.inventory), ', cluster ', code(review.cluster), review.lab ? ' (a lab)' : '']],
    ]),
    paragraph('Files that it was made from. With another content of one of them it is refused.'),
    table(
      ['file', 'SHA-256'],
      review.inputs.map(({ file, sha256 }) => [[code(file)], [code(sha256)]]),
    ),
    ...environmentOf(review),
    paragraph('Keys by which the nodes are known.'),
    table(
      ['node', 'host key'],
      review.hostKeys.map(({ host, fingerprint }) => [[code(host)], [code(fingerprint)]]),
    ),
  ],
})

const environmentOf = ({ environment = [] }: Review): readonly Block[] =>
  environment.length === 0
    ? []
    : [
        paragraph(
          'Variables of the environment that it was made from. With another value of one of them it is refused.',
        ),
        ...list(environment.map(name => [code(name)])),
      ]

const approvalFacts = ({ approval }: Review): readonly (Fact | undefined)[] => {
  if (!approval) return [['to be signed by', ['nobody: the site asks for no signature']]]
  const { signers, isRequired, command, by } = approval
  return [
    [
      'to be signed by',
      [`${isRequired ? 'one of' : 'nobody has to; it may be by one of'}: ${signers.join(', ') || 'nobody is named'}`],
    ],
    ['signed with', [code(command)]],
    by && ['signed by', [by.join(', ') || 'nobody']],
  ]
}
