// What a doctor found, as offers for the form: the JSON that `run doctor --format json` writes.
import { z } from 'zod'
import type { Offer } from '../../inventory/form/fill-in.ts'
import type { Json } from '../../model/json.ts'
import { exitCodes, Problem } from '../../model/problem.ts'
import { readIfThere } from '../playbook-files.ts'

const line = z.object({
  path: z.array(z.string()).min(1),
  value: z.json(),
  because: z.string(),
  host: z.string().optional(),
  isForAPerson: z.boolean().optional(),
})

const document = z.object({ version: z.literal(1), lines: z.array(line) })

/** @param file Absolute. @param shown As the user has it. @throws {Problem} `file-not-found`, `doctor-unreadable`. */
export const foundIn = (file: string, shown: string): ReadonlyMap<string, Offer> => {
  const text = readIfThere(file, shown)
  if (text === undefined) throw wrong(shown, 'file-not-found', `There is no file ${shown}`)
  const read = document.safeParse(parsed(text))
  if (!read.success) throw wrong(shown, 'doctor-unreadable', `${shown} is not what a doctor wrote`)
  return new Map(read.data.lines.flatMap(offersOf))
}

/** What is for one host, or for a person to settle, is offered to nobody. */
const offersOf = ({ path, value, because, host, isForAPerson }: z.infer<typeof line>): [string, Offer][] => {
  if (host !== undefined || isForAPerson) return []
  const said = `the doctor: ${because}`
  // A mapping is several values of the form.
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).map(([name, each]) => [
      [...path, name].join('.'),
      { value: each as Json, because: said },
    ])
  return [[path.join('.'), { value: value as Json, because: said }]]
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const wrong = (shown: string, code: string, summary: string): Problem =>
  new Problem({
    code,
    summary,
    wanted: 'JSON of the doctor, version 1',
    help: `write it: \`run doctor -i INVENTORY --format json -o ${shown}\``,
    exit: exitCodes.input,
  })
