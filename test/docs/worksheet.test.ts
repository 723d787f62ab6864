// docs/worksheet.md: the question that it shows is the one that the form asks.
import { expect, it } from 'vitest'
import worksheet from '../../playbooks/worksheets/messenger.ts'
import { questionText, remark } from '../../src/cli/worksheet/question-text.ts'
import { checkAnswer } from '../../src/inventory/form/check-answer.ts'
import { fieldsAsked } from '../../src/inventory/form/fill-in.ts'
import { readText } from './pages.ts'

it('shows the form as it is', () => {
  const [, shown = ''] = /```text form\n([\s\S]*?)```/.exec(readText('docs/worksheet.md')) ?? []
  const fields = fieldsAsked(worksheet, new Map([['failover_list', ['oes1', 'oes2']]]))
  const at = fields.findIndex(({ key }) => key === 'partition.kind')
  const field = fields[at]
  if (!field) throw new Error('no such field')
  const check = (text: string) => checkAnswer(field, text)
  const asked = { field, number: at + 1, count: fields.length, check }
  const text = questionText(asked, { columns: 80, colour: false })
  expect(shown.trim()).toBe(`${text} > lvn\n   ${remark('lvn', check('lvn'), asked)}`.trim())
})

it('does not show a secret that stands in the file', () => {
  const field = fieldsAsked(worksheet, new Map()).find(({ isSecret }) => isSecret)
  if (!field) throw new Error('no such field')
  const asked = {
    field,
    number: 1,
    count: 1,
    offer: { value: 'Kanarienvogel-4711' },
    check: (text: string) => checkAnswer(field, text),
  }
  const text = questionText(asked, { columns: 80, colour: false })
  expect(text).toContain('Enter takes what stands there, which is not shown')
  expect(text + remark('', checkAnswer(field, '', asked.offer.value), asked)).not.toContain('Kanarienvogel')
})
