// Values that a playbook fills into a script or a command line, where they can become more than one word.
import type { ZodType } from 'zod'
import { exitCodes, Problem } from '../../model/problem.ts'
import { tasksOf } from '../../playbook/parse.ts'
import type { Play, TaskStep } from '../../playbook/playbook.ts'
import { Template } from '../../template/template.ts'
import { metaOf } from '../meta.ts'
import type { Registry } from '../registry.ts'
import { type LintRule, perPlay } from './rule.ts'

/** As the schema of an argument says: a script that a shell reads, or a line that is cut into words. */
type Language = 'sh' | 'words'

/** Where the schema says `ofSite`, a site has the whole script as one of its values, and the playbook is to take that. */
type Script = { readonly template: Template; readonly language: Language; readonly isOfSite: boolean }

export const unquotedValue: LintRule = {
  code: 'value-unquoted',
  summary: 'a value stands in a script without the filter `quote`: what is in it is carried out too',
  find: perPlay((play, { registry }) =>
    scriptsOf(play, registry)
      .filter(({ language, template }) => language === 'sh' && !isOnlyAValue(template))
      .flatMap(({ template }) => openPlaces(template).map(range => unquoted(template, range))),
  ),
}

export const scriptFromValue: LintRule = {
  code: 'script-from-value',
  summary: 'a whole script comes from a variable: whoever sets it says what is carried out',
  find: perPlay((play, { registry }) =>
    scriptsOf(play, registry)
      .filter(({ language, template, isOfSite }) => language === 'sh' && isOnlyAValue(template) && !isOfSite)
      .map(({ template }) => fromValue(template)),
  ),
}

export const valueInWords: LintRule = {
  code: 'value-in-words',
  summary: 'a value stands in a command line that is cut at blanks: it can become several arguments, or an option',
  find: perPlay((play, { registry }) =>
    scriptsOf(play, registry)
      .filter(({ language }) => language === 'words')
      .flatMap(({ template }) => openPlaces(template).map(range => cutAtBlanks(template, range))),
  ),
}

export const secretInScript: LintRule = {
  code: 'secret-in-script',
  summary: 'a variable that is called a secret stands in a script: every user of the node can read it there',
  find: perPlay((play, { registry }) =>
    scriptsOf(play, registry).flatMap(({ template }) =>
      template.needs.filter(({ name }) => soundsSecret.test(name)).map(need => secret(template, need)),
    ),
  ),
}

const soundsSecret = /passw(?:or)?d|passphrase|secret|token|private_?key/i

const scriptsOf = ({ steps, handlers }: Play, registry: Registry): readonly Script[] =>
  [...tasksOf(steps), ...handlers].flatMap(step => scriptsIn(step, registry))

const scriptsIn = ({ module, args }: TaskStep, registry: Registry): readonly Script[] =>
  Object.entries(languagesOf(registry.get(module)?.args)).flatMap(([key, spoken]) => {
    const template = args.tree[key]
    return template instanceof Template ? [{ template, ...spoken }] : []
  })

const languagesOf = (schema: ZodType | undefined): Readonly<Record<string, Omit<Script, 'template'>>> =>
  Object.fromEntries(
    metaOf(schema).flatMap(([key, { language, ofSite }]) =>
      language === 'sh' || language === 'words' ? [[key, { language, isOfSite: ofSite === true }] as const] : [],
    ),
  )

const openPlaces = ({ prints }: Template) => prints.filter(({ isOneWord }) => !isOneWord)

const isOnlyAValue = (template: Template): boolean => template.isWhole && openPlaces(template).length > 0

type Range = { readonly start: number; readonly end: number }

const writtenAt = (template: Template, { start, end }: Range): string => template.text.slice(start, end).trim()

const unquoted = (template: Template, range: Range): Problem =>
  new Problem({
    code: unquotedValue.code,
    summary: 'This value is read by a shell as a part of the script',
    span: template.placeOf(range),
    wanted: 'one word, whatever is in it',
    help: `write \`{{ ${writtenAt(template, range)} | quote }}\`, without quotes around it`,
    exit: exitCodes.failed,
  })

const fromValue = (template: Template): Problem =>
  new Problem({
    code: scriptFromValue.code,
    summary: 'The whole script is the value of a variable',
    span: template.span,
    help: 'write the script here, and fill only words into it',
    exit: exitCodes.failed,
  })

const cutAtBlanks = (template: Template, range: Range): Problem =>
  new Problem({
    code: valueInWords.code,
    summary: 'A blank or a quote in this value makes several arguments of it',
    span: template.placeOf(range),
    wanted: 'one argument, whatever is in it',
    help: 'write the arguments one by one, as a list below `argv:`',
    exit: exitCodes.failed,
  })

const secret = (template: Template, need: Range & { readonly name: string }): Problem =>
  new Problem({
    code: secretInScript.code,
    summary: `\`${need.name}\` reads like a secret, and every user of the node can read a command line`,
    span: template.placeOf(need),
    help: 'hand it to the program on stdin, or in a file that only its owner may read',
    exit: exitCodes.failed,
  })
