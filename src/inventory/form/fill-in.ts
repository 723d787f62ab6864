// The course of a form: which value is asked for next, what is offered, and the way back. It knows no terminal.
import type { ZodType } from 'zod'
import type { Json } from '../../model/json.ts'
import { type Checked, checkAnswer } from './check-answer.ts'
import { type MappingFault, mappingFault } from './check-mapping.ts'
import { type Answers, type Field, fieldsFor } from './field.ts'

/** What is offered for a value, and who says so. */
export type Offer = { readonly value: Json; readonly because?: string }

export type AskedFor = {
  readonly field: Field
  readonly offer?: Offer
  /** Counted from 1. */
  readonly number: number
  readonly count: number
  /** What was wrong with it beside the others. */
  readonly fault?: string
  /** What comes of a text, as it is typed. */
  check(text: string): Checked
}

/** `back` is the way to the value before, `left` out of the form. */
export type Reply =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'back' }
  | { readonly type: 'left' }

export type Form = {
  readonly worksheet: ZodType
  readonly answers: Answers
  /** What was found elsewhere, by the keys of the fields. */
  readonly found: ReadonlyMap<string, Offer>
  /** The field to go on with, or `theEnd`; from the beginning without it. */
  readonly next?: string
  ask(asked: AskedFor): Promise<Reply>
  /** Hears of each answer, so that nothing is lost; `next` is what comes then. */
  keep(answers: Answers, next: string): void
}

/** @returns All answers; nothing where the person left before the end. */
export const fillIn = async (form: Form): Promise<Answers | undefined> => {
  const { worksheet, next, ask } = form
  const answers = new Map(form.answers)
  const done = new Set(next === undefined ? [] : keysBefore(next, fieldsAsked(worksheet, answers)))
  const course: Course = { worksheet, answers, done, asked: [], ever: new Set() }
  let fault: MappingFault | undefined
  for (;;) {
    const fields = fieldsAsked(worksheet, answers)
    const field = fields.find(({ key }) => !done.has(key))
    if (!field) return withoutIdle(course)
    const asked = askedFor(field, { fields, offer: offerFor(field, { answers, found: form.found }), fault })
    const reply = await ask(asked)
    if (reply.type === 'left') return undefined
    if (reply.type === 'back') goBack(field, course)
    else {
      fault = take(field, asked.check(reply.text), course)
      form.keep(answers, fieldsAsked(worksheet, answers).find(({ key }) => !done.has(key))?.key ?? theEnd)
    }
  }
}

type Course = {
  readonly worksheet: ZodType
  readonly answers: Map<string, Json>
  /** Keys that need not be asked for any more. */
  readonly done: Set<string>
  /** Keys in the order in which they were asked for: the way back. */
  readonly asked: string[]
  /** All that were ever asked for. */
  readonly ever: Set<string>
}

type Asking = {
  readonly fields: readonly Field[]
  readonly offer: Offer | undefined
  readonly fault: MappingFault | undefined
}

const askedFor = (field: Field, { fields, offer, fault }: Asking): AskedFor => ({
  field,
  number: fields.indexOf(field) + 1,
  count: fields.length,
  ...(offer && { offer }),
  ...(fault?.key === field.key && { fault: fault.because }),
  check: text => checkAnswer(field, text, offer?.value),
})

const goBack = ({ key }: Field, { worksheet, answers, done, asked }: Course): void => {
  const last = asked.pop() ?? keysBefore(key, fieldsAsked(worksheet, answers)).at(-1)
  if (last !== undefined) done.delete(last)
}

/** @returns What is wrong now with the mapping that it belongs to; its value is asked for once more. */
const take = (field: Field, checked: Checked, course: Course): MappingFault | undefined => {
  if (checked.type === 'wrong') return undefined
  const { answers, done, asked, ever } = course
  if (checked.type === 'value') answers.set(field.key, checked.value)
  else answers.delete(field.key)
  done.add(field.key)
  asked.push(field.key)
  ever.add(field.key)
  const fault = faultOf(field, course)
  if (fault) done.delete(fault.key)
  return fault
}

export const fieldsAsked = (worksheet: ZodType, answers: Answers): readonly Field[] =>
  fieldsFor(worksheet, answers).filter(field => field.isAsked(answers))

/** In the place of a next field: there is none. */
export const theEnd = 'the end'

const keysBefore = (key: string, fields: readonly Field[]): readonly string[] => {
  const keys = fields.map(each => each.key)
  if (key === theEnd) return keys
  return keys.includes(key) ? keys.slice(0, keys.indexOf(key)) : []
}

type Offers = Pick<Form, 'answers' | 'found'>

/** What was answered before comes before what was found, and that before what is usual. */
const offerFor = ({ key, usual }: Field, { answers, found }: Offers): Offer | undefined => {
  const answered = answers.get(key)
  if (answered !== undefined) return { value: answered }
  return found.get(key) ?? (usual === undefined ? undefined : { value: usual, because: 'usual' })
}

/** A mapping is judged as a whole when the last value of it is there. */
const faultOf = ({ key }: Field, { worksheet, answers, done }: Course): MappingFault | undefined => {
  const [name = ''] = key.split('.')
  const isOpen = fieldsAsked(worksheet, answers).some(each => each.key.split('.')[0] === name && !done.has(each.key))
  const fault = isOpen ? undefined : mappingFault(worksheet, name, answers)
  return fault && fieldsAsked(worksheet, answers).some(each => each.key === fault.key) ? fault : undefined
}

/** What was asked for and means nothing any more beside a later answer goes. */
const withoutIdle = ({ worksheet, answers, ever }: Course): Answers => {
  const meant = new Set(fieldsAsked(worksheet, answers).map(({ key }) => key))
  return new Map([...answers].filter(([key]) => meant.has(key) || !ever.has(key)))
}
