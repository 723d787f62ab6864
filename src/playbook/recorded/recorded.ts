// What a person answered becomes prompts: values of the worksheet by their names, secrets by reference alone.
import { reveal, Secret } from '../../model/secret.ts'
import type { Turn } from '../../shell/record/take-down.ts'
import type { Variables } from '../../template/render.ts'
import { type Expected, expectedOf } from './expected.ts'

export type RecordedPrompt = {
  readonly name: string
  readonly expect: string
  readonly answer?: string
  readonly press?: boolean
  readonly secret?: boolean
  readonly repeat?: number
  /** What whoever reads the file has to know of it. */
  readonly comment?: string
}

export type RecordingOptions = {
  /** The worksheet: what answers can name. */
  readonly values: Variables
  /** Names of the nodes. */
  readonly hosts: readonly string[]
  /** Told of a question that came again right away and was answered otherwise: was the first answer refused? */
  wasRefused(prompt: string): Promise<boolean>
}

export const recordedPrompts = async (
  turns: readonly Turn[],
  options: RecordingOptions,
): Promise<readonly RecordedPrompt[]> => {
  const kept = await withoutRefused(
    turns.filter(turn => canBeExpected(turn) && !isPartOfText(turn)),
    options,
  )
  const texts = changingTexts(options)
  const told = tellApart(kept, texts)
  const prompts = kept.map((turn, index) =>
    toPrompt(turn, told[index] ?? expectedOf(turn.shown, { texts }), options.values),
  )
  return withNames(collapsed(prompts))
}

const changingTexts = ({ values, hosts }: RecordingOptions): readonly string[] => [
  ...new Set([...hosts, ...named(values).flatMap(({ text, isSecret }) => (isSecret || text.length < 4 ? [] : [text]))]),
]

/** Whether the program had said something by which the answer is known again. */
export const canBeExpected = ({ shown }: Turn): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(shown)

/** A part of a text that the program took key by key: nobody can tell where it ends. */
export const isPartOfText = ({ press, answer }: Turn): boolean => press && answer instanceof Secret

/** Prompts of the same words take lines before along, until they differ. */
const tellApart = (turns: readonly Turn[], texts: readonly string[]): readonly Expected[] => {
  const plain = turns.map(({ shown }) => expectedOf(shown, { texts }))
  return turns.map((turn, index) => {
    const own = plain[index] ?? expectedOf(turn.shown, { texts })
    const others = turns.filter((_, at) => plain[at]?.expect === own.expect && !isSameRun(plain, at, index))
    // The first line is what is left of the answer before.
    const [, ...shown] = turn.shown.split('\n')
    const most = Math.min(furthestAbove, shown.filter(line => line.trim() !== '').length - 1)
    for (let above = 1; others.length > 0 && above <= most; above += 1) {
      const longer = expectedOf(turn.shown, { texts }, above)
      if (above === most || others.every(other => expectedOf(other.shown, { texts }, above).expect !== longer.expect))
        return longer
    }
    return own
  })
}

/** How many lines before a prompt may be what tells it from others. */
const furthestAbove = 4

/** Whether between two prompts all others read the same: then it is one that comes again. */
const isSameRun = (all: readonly Expected[], one: number, other: number): boolean =>
  all.slice(Math.min(one, other), Math.max(one, other) + 1).every(({ expect }) => expect === all[one]?.expect)

/** Longest run of questions that a program puts again when it refuses an answer. */
const longestRound = 4

const withoutRefused = async (turns: readonly Turn[], options: RecordingOptions): Promise<readonly Turn[]> => {
  const texts = changingTexts(options)
  const words = (turn: Turn | undefined) => (turn ? expectedOf(turn.shown, { texts }).expect : undefined)
  const kept = [...turns]
  for (let size = 1; size <= longestRound; size += 1)
    for (let at = 0; at + 2 * size <= kept.length; at += 1) {
      const first = kept.slice(at, at + size)
      const second = kept.slice(at + size, at + 2 * size)
      if (!first.every((turn, index) => words(turn) === words(second[index]))) continue
      if (first.every((turn, index) => isEqual(turn, second[index]))) continue
      const { name } = expectedOf(first[0]?.shown ?? '', { texts })
      if (!(await options.wasRefused(name))) continue
      kept.splice(at, size)
      at -= 1
    }
  return kept
}

const isEqual = (one: Turn, other: Turn | undefined): boolean =>
  other !== undefined && one.press === other.press && plainOf(one.answer) === plainOf(other.answer)

const plainOf = (answer: string | Secret): string => (answer instanceof Secret ? reveal(answer) : answer)

const toPrompt = (turn: Turn, { expect, name, offered }: Expected, values: Variables): RecordedPrompt => {
  const { answer, press } = turn
  if (press) return { name, expect, answer: typeof answer === 'string' ? literal(answer) : '', press }
  if (answer instanceof Secret) return { name, expect, secret: true, ...secretAnswer(reveal(answer), { name, values }) }
  if (answer !== '') return { name, expect, answer: inValues(answer, { name, values }) }
  const accepted = offered === undefined ? undefined : nameOfValue(offered, { name, values })
  if (accepted)
    return { name, expect, answer: reference(accepted), comment: 'the default that was offered was accepted' }
  return { name, expect, ...(offered && { comment: `Enter: the default that was offered was accepted` }) }
}

type Among = { readonly name: string; readonly values: Variables }

const secretAnswer = (plain: string, among: Among): { readonly answer: string; readonly comment?: string } => {
  const known = nameOfValue(plain, { ...among, shortest: 1 })
  if (known) return { answer: reference(known) }
  const within = named(among.values).find(({ text, isSecret }) => isSecret && text !== '' && text === plain)
  if (within) return { answer: reference(within.key) }
  return {
    answer: reference(`secret_of_${slug(among.name)}`),
    comment: 'typed unseen, and no secret of the worksheet: give it this name there, or name another here',
  }
}

const reference = (name: string): string => `{{ ${name} }}`

const inValues = (answer: string, among: Among): string => {
  const known = nameOfValue(answer, among)
  if (known) return reference(known)
  const head = named(among.values)
    .filter(
      ({ text, isSecret }) => !isSecret && text.startsWith('/') && text.length > 3 && answer.startsWith(`${text}/`),
    )
    .sort((one, other) => other.text.length - one.text.length)[0]
  return head ? reference(head.key) + literal(answer.slice(head.text.length)) : literal(answer)
}

/** Of names with the same value the one that the prompt's own words are nearest to. */
const nameOfValue = (text: string, { name, values, shortest = 3 }: Among & { readonly shortest?: number }) => {
  if (text.length < shortest) return undefined
  const words = wordsOf(name)
  return named(values)
    .filter(each => each.text === text)
    .map(({ key }) => ({ key, near: wordsOf(key).filter(word => words.some(other => isNear(word, other))).length }))
    .sort((one, other) => other.near - one.near)[0]?.key
}

const isNear = (one: string, other: string): boolean => one.slice(0, 4) === other.slice(0, 4)

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word.length > 1)

/** Values that can stand in an answer; a truth says nothing of how a program asks for it. */
const named = (values: Variables) =>
  Object.entries(values).flatMap(([key, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(key)) return []
    if (value instanceof Secret) return [{ key, text: reveal(value), isSecret: true }]
    return typeof value === 'string' || typeof value === 'number' ? [{ key, text: String(value), isSecret: false }] : []
  })

/** What templates take for their own signs is written as a text of theirs. */
const literal = (text: string): string => (/\{[{%#]/.test(text) ? `{{ ${JSON.stringify(text)} }}` : text)

const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'prompt'

/** The same question with the same answer in a row is one that repeats; a key that leafs through pages may more often. */
const collapsed = (prompts: readonly RecordedPrompt[]): readonly RecordedPrompt[] => {
  const all: RecordedPrompt[] = []
  for (const prompt of prompts) {
    const last = all.at(-1)
    const isAgain =
      last && last.expect === prompt.expect && last.answer === prompt.answer && last.press === prompt.press
    if (!isAgain) all.push(prompt)
    else all[all.length - 1] = { ...last, repeat: (last.repeat ?? 1) + 1 }
  }
  return all.map(prompt =>
    prompt.press && prompt.repeat ? { ...prompt, repeat: Math.max(prompt.repeat, 50) } : prompt,
  )
}

const withNames = (prompts: readonly RecordedPrompt[]): readonly RecordedPrompt[] => {
  const taken = new Set<string>()
  return prompts.map(prompt => {
    let name = prompt.name
    for (let count = 2; taken.has(name); count += 1) name = `${prompt.name} ${count}`
    taken.add(name)
    return { ...prompt, name }
  })
}
