// Questions whose answer is one for all nodes: asked of one after the other, until one has it.
import type { NodeReport } from '../../report/index.ts'
import type { Question } from '../../task/question.ts'

/** What all would say the same of is asked of one after the other, until one has an answer. */
export const askInTurn = async (
  reports: readonly NodeReport[],
  questions: readonly Question[],
  ask: (host: string, questions: readonly Question[]) => Promise<NodeReport>,
): Promise<readonly NodeReport[]> => {
  let open = questions
  const all: NodeReport[] = []
  for (const report of reports) {
    if (open.length === 0 || report.outOfReach) {
      all.push(report)
      continue
    }
    const more = await ask(report.host, open)
    all.push({ ...report, ...more, replies: new Map([...report.replies, ...more.replies]) })
    open = open.filter(({ name }) => isOpen(more, name))
  }
  return withoutRetries(all, questions)
}

/** Who failed before another one had the answer is of no account. */
const withoutRetries = (reports: readonly NodeReport[], questions: readonly Question[]): readonly NodeReport[] => {
  const isAnswered = (name: string) => reports.some(report => !isOpen(report, name))
  const answered = new Set(questions.map(({ name }) => name).filter(isAnswered))
  return reports.map(report => ({
    ...report,
    replies: new Map([...report.replies].filter(([name, { type }]) => !(type === 'failed' && answered.has(name)))),
  }))
}

/** It failed there, or was not come to. */
const isOpen = ({ replies }: NodeReport, name: string): boolean => (replies.get(name)?.type ?? 'failed') === 'failed'
