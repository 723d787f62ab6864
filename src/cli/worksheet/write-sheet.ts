// What a form writes goes over the text that it was opened with, and over no other; a link stays a link.
import { existsSync, realpathSync } from 'node:fs'
import { exitCodes, Problem } from '../../model/problem.ts'
import { readText } from '../read-text.ts'
import { writeWhole } from '../write-whole.ts'

/** Only its owner reads it: it tells where secrets are kept. */
export const ownerOnly = 0o600

export type SheetFile = {
  /** Absolute. */
  readonly file: string
  /** As the user has it. */
  readonly name: string
}

/** Nothing where there is no such file. */
export const textOf = ({ file, name }: SheetFile): string | undefined =>
  existsSync(file) ? readText(file, name) : undefined

/**
 * @param before What stood there when the form was opened; hours may have passed since.
 * @throws {Problem} `inventory-changed`; nothing is written then.
 */
export const writeSheet = (
  sheet: SheetFile,
  { before, text }: { readonly before: string | undefined; readonly text: string },
): void => {
  const now = textOf(sheet)
  if (now !== before) throw changed(sheet.name, { before, now })
  writeWhole(now === undefined ? sheet.file : realpathSync(sheet.file), text, ownerOnly)
}

type Texts = { readonly before: string | undefined; readonly now: string | undefined }

const changed = (name: string, { before, now }: Texts): Problem =>
  new Problem({
    code: 'inventory-changed',
    summary: `${name} is another one than when this form was opened`,
    seen: seenOf({ before, now }),
    state: `it is as somebody else left it; what was answered here is kept in ${name}.draft`,
    help: `go on with \`run worksheet ${name}\`: it shows what it would change in that file before it asks whether to write`,
    exit: exitCodes.input,
  })

const seenOf = ({ before, now }: Texts): string => {
  if (before === undefined) return 'it was not there then'
  return now === undefined ? 'it is not there any more' : 'another text than the form was filled in from'
}
