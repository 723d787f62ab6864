// A review in words: its sections in the order in which they are read.
import { code, type Document } from './blocks.ts'
import type { Review } from './model.ts'
import { refusalsSection, verificationSection } from './sections/afterwards.ts'
import { byHandSection } from './sections/by-hand.ts'
import { doneSection } from './sections/done.ts'
import { headSection } from './sections/head.ts'
import { leftSection } from './sections/left.ts'
import { orderSection } from './sections/order.ts'
import { preconditionsSection } from './sections/preconditions.ts'
import { problemsSection } from './sections/problems.ts'
import { programsSection } from './sections/programs.ts'
import { scopeSection } from './sections/scope.ts'
import { secretsSection } from './sections/secrets.ts'
import { stepsSection } from './sections/steps.ts'
import { transcriptsSection } from './sections/transcripts.ts'
import { verdictSection } from './sections/verdict.ts'
import { wayBackSection } from './sections/way-back.ts'

export const documentOf = (review: Review): Document => {
  const { closing, groups } = review
  return {
    mark: `Plan ${review.digest.replace(/[^0-9a-z]/gi, '').slice(0, 12)}`,
    title: `${closing ? 'Change report' : 'Change review'}: ${review.playbook} on ${review.cluster}`,
    lead: [
      'Plan ',
      code(review.digest.slice(0, 12)),
      `, made ${review.created}, valid until ${review.validUntil}. Carried out by `,
      code(closing ? closing.command : review.apply),
      closing ? ` as run ${closing.run}.` : '.',
    ],
    sections: [
      ...(closing ? [doneSection(review, closing), problemsSection(closing), leftSection(review, closing)] : []),
      verdictSection(review),
      headSection(review),
      scopeSection(review),
      orderSection(review),
      preconditionsSection(review),
      stepsSection(review),
      programsSection(review),
      byHandSection(review),
      secretsSection(review),
      wayBackSection(review),
      verificationSection(review),
      refusalsSection(review),
      ...(closing ? [transcriptsSection(closing, groups)] : []),
    ],
  }
}
