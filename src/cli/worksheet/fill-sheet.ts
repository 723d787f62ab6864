// A form from its first question to the file: nothing that was answered is lost, and nothing is overwritten unseen.
import { existsSync, rmSync } from 'node:fs'
import type { ZodType } from 'zod'
import { changedInventory } from '../../inventory/form/change-inventory.ts'
import { type Answers, fieldsFor } from '../../inventory/form/field.ts'
import { fieldsAsked, fillIn, type Offer } from '../../inventory/form/fill-in.ts'
import { answersIn } from '../../inventory/form/read-answers.ts'
import { newInventory } from '../../inventory/form/write-inventory.ts'
import { exitCodes, Problem } from '../../model/problem.ts'
import { printable } from '../../report/index.ts'
import { createRedactor } from '../../shell/redact.ts'
import { breakLines } from '../../text/break-lines.ts'
import { unifiedDiff } from '../../text/unified-diff.ts'
import { isVault } from '../../text/vault.ts'
import { parseYaml } from '../../text/yaml.ts'
import { textsBeside } from '../beside-inventory.ts'
import { showWarnings } from '../show-error.ts'
import type { Surroundings } from '../surroundings.ts'
import { writeWhole } from '../write-whole.ts'
import { type Desk, openDesk } from './desk.ts'
import { faultsOf, openSecrets } from './faults-of.ts'
import { questionText, remark } from './question-text.ts'
import { ownerOnly, type SheetFile, textOf, writeSheet } from './write-sheet.ts'

export type Sheet = SheetFile & {
  readonly worksheet: ZodType
  readonly found: ReadonlyMap<string, Offer>
  readonly around: Surroundings
}

export const headOf = (name: string): readonly string[] => [
  'The values of this site. A name right behind a # has no value; take the # away to give it one.',
  `To have them asked for again: run worksheet ${name}`,
]

/** @returns What the process should end with. @throws {Problem} where values cannot be put into what is there. */
export const fillSheet = async (sheet: Sheet): Promise<number> => {
  const before = textOf(sheet)
  if (before !== undefined) assertChangeable(before, sheet.name)
  const desk = openDesk(process.stdin, process.stderr, { isDumb: sheet.around.isDumb })
  try {
    const answers = await askFor(sheet, desk, before)
    return answers === undefined ? leave(sheet, desk) : await finish(sheet, { desk, answers, before })
  } finally {
    desk.close()
  }
}

/** @throws {Problem} `file-encrypted`, `inventory-no-mapping`. */
export const assertChangeable = (text: string, name: string): void => {
  if (isVault(text)) throw encrypted(name)
  const { node, problems } = parseYaml({ file: name, text })
  if (node?.type !== 'map') throw problems[0] ?? noMapping(name)
}

/** What was answered so far, as an inventory that a doctor can read. */
const draftOf = ({ file }: Sheet): string => `${file}.draft`

const nextMark = /^# next: (.*)$/m

const askFor = async (sheet: Sheet, desk: Desk, before: string | undefined): Promise<Answers | undefined> => {
  const { worksheet, found, name } = sheet
  const draft = textOf({ file: draftOf(sheet), name: `${name}.draft` })
  const there = before === undefined ? new Map() : answersIn(before, worksheet)
  // A draft has no secret that stands in the file itself.
  const kept = [...there].filter(([key]) => isInTheOpen(key, there, worksheet))
  const answers = draft === undefined ? there : new Map([...kept, ...answersIn(draft, worksheet)])
  const next = draft === undefined ? undefined : nextMark.exec(draft)?.[1]
  for (const line of greeting(name, { draft, before })) tell(line, desk)
  return fillIn({
    worksheet,
    answers,
    found,
    ...(next !== undefined && { next }),
    keep: (now, key) => writeWhole(draftOf(sheet), draftText(sheet, now, key), ownerOnly),
    ask(asked) {
      desk.say(questionText(asked, { columns: desk.columns, colour: sheet.around.colour }))
      return desk.write({
        prompt: ' > ',
        below: typed => remark(typed, asked.check(typed), asked),
        isRight: typed => asked.check(typed).type !== 'wrong',
      })
    },
  })
}

/** A sentence on lines of its own, never broken inside a command. */
const tell = (text: string, desk: Desk): void => desk.say(`${breakLines(text, desk.columns - 1).join('\n')}\n`)

type Texts = { readonly draft: string | undefined; readonly before: string | undefined }

const greeting = (name: string, { draft, before }: Texts): readonly string[] => [
  draft !== undefined
    ? `Going on where ${name} was left.`
    : `The values of a site, for ${name}.${before === undefined ? '' : ' What stands there is offered.'}`,
  'Enter takes what is offered, ↑ goes back, Ctrl-C leaves and keeps what was answered.',
]

/** A secret that is no name of where it is kept: it stays where it is, and is shown nowhere. */
const isInTheOpen = (key: string, answers: Answers, worksheet: ZodType): boolean =>
  typeof answers.get(key) !== 'object' && fieldsFor(worksheet, answers).some(each => each.key === key && each.isSecret)

const draftText = ({ worksheet, name }: Sheet, answers: Answers, next: string): string =>
  newInventory({
    fields: fieldsFor(worksheet, answers),
    answers: new Map([...answers].filter(([key]) => !isInTheOpen(key, answers, worksheet))),
    head: [`Not finished. To go on: run worksheet ${name}`, `next: ${next}`],
  })

const leave = ({ name, ...sheet }: Sheet, desk: Desk): number => {
  const isKept = existsSync(draftOf({ name, ...sheet }))
  const words = isKept
    ? `What was answered is kept in ${name}.draft. To go on: \`run worksheet ${name}\``
    : 'Nothing was answered, and nothing was written.'
  desk.say('\n')
  tell(`Left. ${words}`, desk)
  return exitCodes.interrupted
}

type Filled = { readonly desk: Desk; readonly answers: Answers; readonly before: string | undefined }

const finish = async (sheet: Sheet, { desk, answers, before }: Filled): Promise<number> => {
  const { file, name, worksheet, around } = sheet
  const all = withUnasked(sheet, answers)
  const fields = fieldsFor(worksheet, all)
  const text =
    before === undefined
      ? newInventory({ fields, answers: all, head: headOf(name) })
      : changedInventory({ fields, answers: all }, before)
  if (text === before) return done(sheet, desk, `${name} says all of this already.`)
  const faults = faultsOf({ file: name, text, besides: textsBeside(file, around) }, worksheet)
  desk.say('\n')
  showWarnings(faults, around)
  if (before !== undefined) desk.say(printable(differenceOf(before, text, name)))
  const needsWord = before !== undefined || faults.length > 0
  if (needsWord && !(await agreesTo(faults.length > 0 ? `Write ${name} all the same?` : `Write ${name}?`, desk)))
    return leave(sheet, desk)
  writeSheet(sheet, { before, text })
  return done(sheet, desk, `${name} is written.`)
}

/** Without the secrets that stand in either of them. */
const differenceOf = (before: string, after: string, name: string): string => {
  const secrets = [before, after].flatMap(text => openSecrets({ file: name, text }))
  return createRedactor(secrets).redact(unifiedDiff(before, after, { from: name, to: `${name}, new` }))
}

/** What was found and is asked of nobody is taken as it is. */
const withUnasked = ({ worksheet, found }: Sheet, answers: Answers): Answers => {
  const asked = new Set(fieldsAsked(worksheet, answers).map(({ key }) => key))
  const more = [...found].filter(([key]) => !asked.has(key) && !answers.has(key))
  return new Map([...answers, ...more.map(([key, { value }]) => [key, value] as const)])
}

const agreesTo = async (question: string, desk: Desk): Promise<boolean> => {
  const reply = await desk.write({
    prompt: `${question} (y/n) `,
    below: () => '',
    isRight: text => /^(?:y|yes|n|no)$/i.test(text.trim()),
  })
  return reply.type === 'typed' && /^y/i.test(reply.text.trim())
}

const done = (sheet: Sheet, desk: Desk, said: string): number => {
  rmSync(draftOf(sheet), { force: true })
  const { name } = sheet
  desk.say('\n')
  tell(said, desk)
  tell(`Next: \`run doctor -i ${name}\`, then a dry run of your playbook with \`-i ${name}\``, desk)
  return exitCodes.done
}

const encrypted = (name: string): Problem =>
  new Problem({
    code: 'file-encrypted',
    summary: `${name} is encrypted as a whole, and values cannot be put into that`,
    state: 'it is as it was',
    help: `decrypt it first (\`run vault decrypt ${name}\`), and encrypt single secrets: \`run vault encrypt-string\``,
    exit: exitCodes.input,
  })

const noMapping = (name: string): Problem =>
  new Problem({
    code: 'inventory-no-mapping',
    summary: `${name} is no inventory in YAML, and values cannot be put into another one`,
    wanted: 'a mapping with the key `all`',
    state: 'it is as it was',
    help: 'name another file; variables of an inventory in INI form can stay where they are',
    exit: exitCodes.input,
  })
