// Reads `until:`, `retries:` and `delay:`: how often a step or a block is tried, and how long is waited in between.
import { child, entry, type Located } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { readConditions } from './conditions.ts'
import type { Repeat } from './playbook.ts'

/** @source Ansible, "Retrying a task until a condition is met": three times more, and five seconds in between. */
const usual = { retries: 3, delay: 5 }

export const readRepeat = (node: Located, reader: Reader): Repeat | undefined => {
  const retries = readNumber(node, 'retries', { reader, wanted: 'a whole number of at least 0' })
  const delay = readNumber(node, 'delay', { reader, wanted: 'a number of seconds' })
  const until = readConditions(node, reader, 'until')
  if (entry(node, 'until') === undefined) {
    const span = (entry(node, 'retries') ?? entry(node, 'delay'))?.keySpan
    const help = 'write `until:` with the condition that ends it, such as `until: answer.rc == 0`'
    if (span) reader.tell({ code: 'no-until', summary: 'Nothing says until when it is tried again', span, help })
    return undefined
  }
  return { until, tries: (retries ?? usual.retries) + 1, delayMs: (delay ?? usual.delay) * 1000 }
}

type Numbers = { readonly reader: Reader; readonly wanted: string }

const readNumber = (node: Located, key: string, { reader, wanted }: Numbers): number | undefined => {
  const written = child(node, key)
  if (written === undefined) return undefined
  const value =
    written.type === 'scalar' && typeof written.value !== 'boolean'
      ? Number(written.value || (written.value === 0 ? 0 : Number.NaN))
      : -1
  const isRight = value >= 0 && (key === 'delay' || Number.isInteger(value))
  if (!isRight) reader.wrong(written, `\`${key}\``, wanted)
  return isRight ? value : undefined
}
