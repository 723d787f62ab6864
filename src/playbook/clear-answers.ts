// Finds answers of a dialogue that are a secret in plain text: told wherever the file is read, and masked all the same.
import { exitCodes, Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import { hidden } from '../template/secrets.ts'
import { hasTemplate } from '../template/template.ts'
import { asksForSecret } from '../text/asks-for-secret.ts'
import { child, type Located } from '../text/located.ts'

export type ClearAnswer = { readonly secret: Secret; readonly warning: Problem }

/** @param name What the prompt is called. */
export const clearAnswer = (node: Located, name: string): ClearAnswer | undefined => {
  const answer = child(node, 'answer')
  if (answer?.type !== 'scalar' || answer.value === null || answer.value instanceof Secret) return undefined
  const text = String(answer.value)
  if (text === '' || hasTemplate(text) || !isSecret(node, text)) return undefined
  const variable = variableFor(name)
  const warning = new Problem({
    code: 'secret-in-plain-text',
    summary: `The answer to \`${name}\` stands here for everybody to read`,
    span: hidden(answer.span),
    help: `write \`answer: "{{ ${variable} }}"\`, or the name that the worksheet has for it; a name that nothing has is given its value in the inventory, \`${variable}: { secret: env:NAME }\`, where the values of the dialogue are (docs/dialogues.md)`,
    exit: exitCodes.input,
  })
  return { secret: new Secret(name, text), warning }
}

/** The file says so, or the words of the prompt do. */
const isSecret = (node: Located, answer: string): boolean => {
  if (child(node, 'secret')?.value === true) return true
  const words = [child(node, 'expect')?.value, child(node, 'name')?.value].map(value => String(value ?? ''))
  return words.some(each => asksForSecret(each, answer))
}

const variableFor = (name: string): string => {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
  return /^[a-z]/.test(slug) ? slug : 'password'
}
