// Conditions: expressions that are written without braces.
import { compileCondition, hasTemplate, placeInScalar } from '../template/template.ts'
import { child, type Located } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import type { Condition } from './playbook.ts'

/** `when:` and its like as a text, a truth value, or a list of them. */
export const readConditions = (node: Located | undefined, reader: Reader, key = 'when'): Condition[] => {
  const value = child(node, key)
  if (value === undefined) return []
  const each = value.type === 'list' ? value.items : [value]
  return each.flatMap(item => {
    if (item.type === 'scalar' && item.value !== null) return [readCondition(tellBraces(item, key, reader), reader)]
    reader.wrong(item, `\`${key}\``, 'an expression, such as `mount_point is defined`')
    return []
  })
}

type Scalar = Extract<Located, { type: 'scalar' }>

/** What stands between the braces, where nothing else does. */
export const bareCondition = (text: string): string | undefined => /^\s*\{\{(.*)\}\}\s*$/s.exec(text)?.[1]?.trim()

const withoutBraces = (text: string): string => text.replace(/\{\{\s*(.*?)\s*\}\}/gs, '$1')

export const tellBraces = (node: Scalar, key: string, reader: Reader): Scalar => {
  const text = String(node.value)
  const bare = bareCondition(text)
  if (hasTemplate(text))
    reader.tell({
      code: 'when-braces',
      summary: 'A condition is an expression already, it takes no {{ }}',
      span: node.span,
      help: `write \`${key}: ${bare ?? withoutBraces(text)}\``,
    })
  return node
}

export const readCondition = (node: Scalar, reader: Reader): Condition => {
  const text = String(node.truth ?? node.value)
  const bare = bareCondition(text) ?? text
  const { template, problems } = compileCondition(bare, placeInScalar(node))
  if (!hasTemplate(bare)) reader.take({ problems })
  return { text, template }
}
