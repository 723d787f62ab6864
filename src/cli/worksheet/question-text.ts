// One question of the form in words: what the value is for, what it may be, what Enter takes, and what is wrong with it.
import { type Checked, leaveOut } from '../../inventory/form/check-answer.ts'
import type { Field } from '../../inventory/form/field.ts'
import type { AskedFor } from '../../inventory/form/fill-in.ts'
import type { Json } from '../../model/json.ts'
import { oneLine } from '../../report/index.ts'
import { colours, noColours } from '../../report/palette.ts'
import { breakLines } from '../../text/break-lines.ts'
import { wantedOf } from '../../text/zod-words.ts'

export type Look = { readonly columns: number; readonly colour: boolean }

/** Ends with a line break. */
export const questionText = ({ field, number, count, offer, fault }: AskedFor, { columns, colour }: Look): string => {
  const { strong, dim, failed } = colour ? colours : noColours
  const line = (text: string) => (text === '' ? [] : breakLines(text, columns - 4).map(each => `   ${each}`))
  const more = [wantedWordsOf(field), ...(field.source === undefined ? [] : [`manual ${field.source}`])]
  return [
    '',
    ` ${dim(`${number} of ${count}`)}  ${strong(field.key)}`,
    ...line(field.about),
    ...line(more.filter(Boolean).join(' · ')).map(dim),
    ...line(enterWords({ field, offer })),
    ...(fault === undefined ? [] : line(`✖ ${fault}`).map(failed)),
    '',
  ].join('\n')
}

const wantedWordsOf = ({ isSecret, schema }: Field): string => {
  if (isSecret) return 'where it is kept: env:NAME, file:PATH, command:WORDS or ask'
  const wanted = wantedOf(schema)
  if (wanted === 'a list') return 'a list: a comma between two'
  return wanted === 'a text' ? '' : wanted
}

const enterWords = ({ field, offer }: Pick<AskedFor, 'field' | 'offer'>): string => {
  const leaves = field.isOptional ? `; \`${leaveOut}\` leaves it out` : ''
  if (offer === undefined) return field.isOptional ? 'Enter leaves it out' : ''
  if (field.isSecret && typeof offer.value !== 'object')
    return `Enter takes what stands there, which is not shown${leaves}`
  const from = offer.because === undefined ? '' : ` (${oneLine(offer.because)})`
  return `Enter takes \`${answerText(offer.value)}\`${from}${leaves}`
}

/** As it would be typed; of a secret that stands in the file, nothing. */
export const answerText = (value: Json): string => {
  if (Array.isArray(value)) return value.map(String).join(', ')
  if (typeof value === 'object' && value !== null)
    return 'secret' in value ? String(value.secret) : JSON.stringify(value)
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : oneLine(String(value))
}

/** What is said below a line while it is typed. An empty one is only begun. */
export const remark = (text: string, checked: Checked, { offer, field }: AskedFor): string => {
  if (checked.type === 'wrong') return text.trim() === '' ? '' : `✖ ${checked.because}`
  if (text.trim() === '' || checked.type === 'left-out')
    return offer === undefined && !field.isOptional ? '' : text.trim() === '' ? '' : '✔ left out'
  return typeof checked.value === 'string' ? '✔' : `✔ ${answerText(checked.value)}`
}
