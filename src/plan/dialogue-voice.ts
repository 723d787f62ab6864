// Gives a dialogue its voice: answers and conditions are templates, and see the worksheet and what was captured.
import { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import type { Prompt, Voice } from '../shell/dialogue.ts'
import { evaluateCondition, render, type Variables } from '../template/render.ts'
import { compileCondition, compileTemplate } from '../template/template.ts'

export const dialogueVoice = (variables: Variables): Voice => ({
  answerOf(prompt, captured) {
    const { template } = compileTemplate(prompt.answer ?? '', placeOf(prompt))
    const value = render(template, { ...variables, captured })
    return value instanceof Secret ? value : String(value ?? '')
  },
  applies(prompt, captured) {
    if (prompt.when === undefined) return true
    return evaluateCondition(compileCondition(prompt.when, placeOf(prompt)).template, { ...variables, captured })
  },
})

const nowhere: Span = { file: 'dialogue', line: 0, column: 1, width: 1, excerpt: '' }

const placeOf = ({ span }: Prompt): Span => span ?? nowhere
