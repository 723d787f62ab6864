// Reads in which order and how many at a time the hosts of a play go, and when it ends for all of them.
import { child, type Located } from '../text/located.ts'
import type { Reader } from '../text/reader.ts'
import { hostOrders, type Play } from './playbook.ts'

type Course = Pick<Play, 'serial' | 'order' | 'anyErrorsFatal' | 'maxFailPercentage'>

export const readCourse = (node: Located, strategy: Play['strategy'], reader: Reader): Course => {
  tellFacts(node, reader)
  if (strategy === 'failover') tellLaw(node, reader)
  return {
    serial: readSerial(node, reader),
    order:
      child(node, 'order')?.value === 'shuffle' ? tellShuffle(node, reader) : reader.choice(node, 'order', hostOrders),
    anyErrorsFatal: reader.truth(node, 'any_errors_fatal') ?? false,
    maxFailPercentage: readPercentage(node, reader),
  }
}

/** Who writes `false` has what is here; who writes `true` wants what is not. */
const tellFacts = (node: Located, reader: Reader): void => {
  const written = child(node, 'gather_facts')
  if (written === undefined || reader.truth(node, 'gather_facts') !== true) return
  reader.tell({
    code: 'no-facts',
    summary: 'No facts are gathered',
    span: written.span,
    help: 'remove it, or write `false`; what a step needs of a node, another one looks at and registers',
  })
}

/** Under the failover list the next node rests on the one before. */
const tellLaw = (node: Located, reader: Reader): void => {
  for (const key of ['serial', 'order', 'max_fail_percentage']) {
    const written = child(node, key)
    if (written === undefined) continue
    reader.tell({
      code: 'failover-order',
      summary: `\`${key}\` has no place under \`strategy: failover\``,
      span: written.span,
      help: 'remove it: the nodes of the failover list go one after the other, in its order, up to the first failure',
    })
  }
}

const tellShuffle = (node: Located, reader: Reader): undefined => {
  reader.tell({
    code: 'order-shuffle',
    summary: 'An order that is drawn by lot cannot be planned',
    span: child(node, 'order')?.span,
    wanted: hostOrders.join(', '),
    help: 'write one of them: a plan has to be the same each time',
  })
}

const readSerial = (node: Located, reader: Reader): Play['serial'] => {
  const written = child(node, 'serial')
  if (written === undefined) return []
  const each = written.type === 'list' ? written.items : [written]
  return each.flatMap((item): readonly (number | `${number}%`)[] => {
    const text = item.type === 'scalar' ? String(item.value) : ''
    if (/^[1-9]\d*$/.test(text)) return [Number(text)]
    if (/^\d+(\.\d+)?%$/.test(text) && Number.parseFloat(text) > 0) return [`${Number.parseFloat(text)}%`]
    reader.wrong(item, '`serial`', 'a number of hosts, a share such as 30%, or a list of these')
    return []
  })
}

const readPercentage = (node: Located, reader: Reader): number | undefined => {
  const written = child(node, 'max_fail_percentage')
  if (written === undefined) return undefined
  const value =
    written.type === 'scalar' && !isBlank(written.value) ? Number(String(written.value).replace(/%$/, '')) : -1
  if (value >= 0 && value <= 100) return value
  reader.wrong(written, '`max_fail_percentage`', 'a number from 0 to 100')
  return undefined
}

/** Number would make 0 of it. */
const isBlank = (value: unknown): boolean => String(value ?? '').trim() === ''
