// Reads a dialogue file: what an interactive program asks, in order, and what it is answered. Never throws.
import type { Problem } from '../model/problem.ts'
import type { Secret } from '../model/secret.ts'
import type { Span } from '../model/span.ts'
import type { Capture, Dialogue, Prompt } from '../shell/dialogue.ts'
import { compileTemplate, placeInScalar, type Template } from '../template/template.ts'
import { durationForm, parseDuration } from '../text/duration.ts'
import { child, entry, isEmpty, items, type Located, type LocatedScalar } from '../text/located.ts'
import { Reader } from '../text/reader.ts'
import { source } from '../text/source.ts'
import { parseYaml } from '../text/yaml.ts'
import { clearAnswer } from './clear-answers.ts'
import { readCondition, tellBraces } from './conditions.ts'

export type DialogueFile = {
  readonly name: string
  readonly file: string
  readonly dialogue: Dialogue
  /** All answers and conditions, to find out what they need before anything is started. */
  readonly templates: readonly Template[]
  readonly problems: readonly Problem[]
  /** Secrets that stand in it in plain text, and what to write instead. */
  readonly secrets: readonly Secret[]
  readonly warnings: readonly Problem[]
}

export const dialogueKeys = ['name', 'within', 'settle', 'prompts', 'end'] as const
export const endKeys = ['exit', 'within'] as const
export const captureKeys = ['list', 'pattern', 'optional'] as const
export const promptKeys = [
  'name',
  'expect',
  'answer',
  'press',
  'secret',
  'optional',
  'repeat',
  'within',
  'when',
  'capture',
] as const

export const parseDialogue = ({ file, text }: { readonly file: string; readonly text: string }): DialogueFile => {
  const reader = new Reader()
  const { node } = reader.take(parseYaml({ file, text }))
  const templates: Template[] = []
  const secrets: Secret[] = []
  const context = { reader, templates, secrets }
  if (node !== undefined && node.type !== 'map') tellNoDialogue(node, reader)
  const meant = reader.keys(node, dialogueKeys, { noun: 'A dialogue' })
  const prompts = reader.list(node, 'prompts').flatMap((each, index) => readPrompt(each, index, context) ?? [])
  const isTold = reader.problems.length > 0 && (node?.type !== 'map' || hasWrongPrompts(node, meant))
  if (prompts.length === 0 && !isTold)
    tellNoPrompts(entry(node, 'prompts')?.keySpan ?? source(file, text).span(0), reader)
  tellSameNames(node, prompts, reader)
  const end = child(node, 'end')
  reader.keys(end, endKeys, { noun: '`end`' })
  const ways = {
    settleMs: readDuration(node, 'settle', reader),
    withinMs: readDuration(node, 'within', reader),
    endWithinMs: readDuration(end, 'within', reader),
    endExits: readExit(end, reader),
  }
  return {
    name: reader.text(node, 'name') ?? file,
    file,
    dialogue: { prompts, span: source(file, text).span(0), ...given(ways) },
    templates,
    secrets,
    problems: reader.problems,
    warnings: reader.warnings,
  }
}

/** They are there, under another name or in another form, and that is told. */
const hasWrongPrompts = (node: Located, meant: ReadonlySet<string>): boolean => {
  const written = child(node, 'prompts')
  return meant.has('prompts') || (written !== undefined && (written.type !== 'list' || written.items.length > 0))
}

const tellNoDialogue = (node: Located, reader: Reader): void => {
  const arePrompts = items(node).some(each => entry(each, 'expect') ?? entry(each, 'answer'))
  const help = arePrompts
    ? 'write `prompts:` above them, and indent them below it'
    : 'look whether it is the right file'
  reader.wrong(node, 'A dialogue', { wanted: 'a mapping with `prompts`', help })
}

type Context = { readonly reader: Reader; readonly templates: Template[]; readonly secrets: Secret[] }

const readPrompt = (node: Located, index: number, context: Context): Prompt | undefined => {
  const { reader } = context
  if (node.type !== 'map') {
    reader.wrong(node, 'A prompt', 'a mapping with `expect` and `answer`')
    return undefined
  }
  const meant = reader.keys(node, promptKeys, { noun: 'A prompt' })
  const expect = readExpect(node, reader)
  if (child(node, 'expect') === undefined && !meant.has('expect'))
    reader.tell({
      code: 'key-missing',
      summary: 'A prompt says how it reads on the screen',
      span: node.span,
      help: 'add `expect:` with the words of the prompt, or with a /pattern/',
    })
  const name = reader.text(node, 'name') ?? (typeof expect === 'string' ? expect : `prompt ${index + 1}`)
  const clear = clearAnswer(node, name)
  if (clear) {
    context.secrets.push(clear.secret)
    reader.warnings.push(clear.warning)
  }
  const options = {
    answer: readTemplate(node, 'answer', context)?.text,
    press: reader.truth(node, 'press'),
    secret: clear === undefined ? reader.truth(node, 'secret') : true,
    optional: reader.truth(node, 'optional'),
    repeat: readRepeat(node, reader),
    withinMs: readDuration(node, 'within', reader),
    when: readWhen(node, context),
    capture: readCapture(node, reader),
  }
  return { name, expect: expect ?? '', span: child(node, 'expect')?.span ?? node.span, ...given(options) }
}

/** Without the keys that nobody wrote. */
const given = <Options extends object>(options: Options): { [Key in keyof Options]?: NonNullable<Options[Key]> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]?: NonNullable<Options[Key]>
  }

const readExpect = (node: Located | undefined, reader: Reader): string | RegExp | undefined => {
  const expect = child(node, 'expect')
  if (expect === undefined) return undefined
  const isNothing = isEmpty(expect)
  const text = isNothing ? '' : reader.text(node, 'expect')
  if (text === '') tellFitsAny('An empty text would fit any prompt', expect.span, reader)
  if (text === '//') tellFitsAny('An empty pattern would fit any prompt', expect.span, reader)
  if (isNothing) return undefined
  if (text === undefined || expect.type !== 'scalar') return undefined
  const pattern = readPattern(text, expect, reader)
  if (pattern instanceof RegExp && fitsAny(pattern))
    tellFitsAny('This pattern fits any prompt, also an empty one', expect.span, reader)
  return pattern
}

const fitsAny = (pattern: RegExp): boolean => pattern.test('') && pattern.test('\n') && pattern.test('Password:')

/** `/pattern/flags` is a pattern, anything else the words themselves. */
const readPattern = (text: string, node: LocatedScalar, reader: Reader): string | RegExp => {
  const [, pattern, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(text) ?? []
  if (pattern === undefined) return text
  if (/[^imsu]/.test(flags)) {
    const help =
      'write i (any case), m (^ and $ at each line), s (. takes line breaks) or u behind it, or the words alone'
    reader.tell({
      code: 'pattern-broken',
      summary: 'This pattern ends in letters that mean nothing',
      span: node.span,
      seen: `/${flags}`,
      help,
    })
    return text
  }
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    reader.tell({
      code: 'pattern-broken',
      summary: 'This pattern cannot be read',
      span: node.span,
      ...whyBroken(pattern, error),
    })
    return text
  }
}

/** The words of the engine, in small letters, and what to write. */
const whyBroken = (pattern: string, error: unknown): { readonly seen: string; readonly help: string } => {
  const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: (\/.*\/\w*: )?/s, '') : ''
  const help = pattern.includes('(?P<')
    ? 'write `(?<name>…)` for a group with a name'
    : 'write brackets and signs that stand for themselves with a backslash, or write the words without slashes'
  return { seen: why.charAt(0).toLowerCase() + why.slice(1), help }
}

const tellFitsAny = (summary: string, span: Span, reader: Reader): void =>
  reader.tell({
    // A prompt that fits anything would be answered wherever the program stands.
    code: 'expect-empty',
    summary,
    span,
    help: 'write the words that stand on the screen',
  })

/** `capture: /(?<name>…)/`, or a mapping with `pattern`, and with `list` for one pair a line. */
const readCapture = (node: Located, reader: Reader): Capture | undefined => {
  const capture = child(node, 'capture')
  if (capture === undefined) return undefined
  const isMapping = capture.type === 'map'
  reader.keys(capture, captureKeys, { noun: '`capture`' })
  const written = isMapping ? child(capture, 'pattern') : capture
  const text = isMapping ? reader.text(capture, 'pattern') : reader.text(node, 'capture')
  const pattern = text === undefined || written?.type !== 'scalar' ? undefined : readPattern(text, written, reader)
  const name = reader.text(capture, 'list')
  const optional = reader.truth(capture, 'optional')
  if (!(pattern instanceof RegExp) || !hasGroups(pattern, name === undefined ? [] : ['key', 'value'])) {
    if (text === undefined || pattern instanceof RegExp || !/^\/.*\/\w*$/s.test(text))
      tellCapture(name, written ?? capture, reader)
    return undefined
  }
  const rest = { pattern, ...(optional !== undefined && { optional }) }
  return name === undefined ? { type: 'groups', ...rest } : { type: 'list', name, ...rest }
}

const hasGroups = ({ source: text }: RegExp, names: readonly string[]): boolean =>
  text.includes('(?<') && names.every(name => text.includes(`(?<${name}>`))

const tellCapture = (list: string | undefined, { span }: Located, reader: Reader): void =>
  reader.tell({
    code: 'capture-wrong',
    summary: 'A capture needs a pattern whose groups have names',
    span,
    help:
      list === undefined
        ? 'write `capture: /version (?<version>[0-9.]+)/`'
        : 'write `pattern: /(?<key>[^:]+): (?<value>.*)/`; each line that fits becomes a pair',
  })

const readRepeat = (node: Located, reader: Reader): number | undefined => {
  const repeat = child(node, 'repeat')
  if (repeat === undefined) return undefined
  const { value } = repeat
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  reader.wrong(repeat, '`repeat`', 'a whole number of at least 1')
  return undefined
}

const readDuration = (node: Located | undefined, key: string, reader: Reader): number | undefined => {
  const written = child(node, key)
  if (written === undefined) return undefined
  const ms = written.type === 'scalar' ? parseDuration(String(written.value)) : undefined
  if (ms === undefined) reader.wrong(written, `\`${key}\``, durationForm)
  return ms
}

const readTemplate = (node: Located | undefined, key: string, { reader, templates }: Context): Template | undefined => {
  const written = child(node, key)
  if (written === undefined) return undefined
  if (written.type !== 'scalar') {
    reader.wrong(written, `\`${key}\``, 'a text')
    return undefined
  }
  const text = written.value === null ? '' : String(written.value)
  const { template } = reader.take(compileTemplate(text, placeInScalar(written)))
  templates.push(template)
  return template
}

const readWhen = (node: Located, { reader, templates }: Context): string | undefined => {
  const when = child(node, 'when')
  if (when === undefined) return undefined
  if (when.type !== 'scalar' || when.value === null) {
    reader.wrong(when, '`when`', "an expression, such as `role == 'create'`")
    return undefined
  }
  const { template } = readCondition(tellBraces(when, 'when', reader), reader)
  templates.push(template)
  return template.text
}

const readExit = (end: Located | undefined, reader: Reader): readonly number[] | undefined => {
  const exit = child(end, 'exit')
  if (exit === undefined) return undefined
  const each = exit.type === 'list' ? exit.items : [exit]
  return each.flatMap(item => {
    const { value } = item
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255) return [value]
    reader.wrong(item, 'An exit status', 'a whole number from 0 to 255')
    return []
  })
}

const tellNoPrompts = (span: Span, reader: Reader): void =>
  reader.tell({
    code: 'no-prompts',
    summary: 'This dialogue has no prompts, so nothing could be answered',
    span,
    help: 'write `prompts:`, each with `expect:` and `answer:`',
  })

/** Names tell prompts apart in journals and messages. */
const tellSameNames = (node: Located | undefined, prompts: readonly Prompt[], reader: Reader): void => {
  const seen = new Set<string>()
  for (const { name } of prompts) {
    if (seen.has(name)) {
      const named = reader.list(node, 'prompts').filter(each => child(each, 'name')?.value === name)
      const span = child(named[1], 'name')?.span ?? prompts.filter(each => each.name === name)[1]?.span
      reader.tell({
        code: 'prompt-duplicate',
        summary: `Two prompts are called \`${name}\``,
        span,
        help: 'give each a `name:` of its own; one that comes again in a row has `repeat:`',
      })
    }
    seen.add(name)
  }
}
