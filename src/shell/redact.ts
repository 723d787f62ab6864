// Takes the values of secrets out of a text, wherever they came back from, and in whatever form.
import { reveal, type Secret, secretMark } from '../model/secret.ts'

export type Redact = (text: string) => string

/**
 * Shorter ones stand in every other text by chance: struck there, they would make it unreadable and be given away by
 * the gaps. They are masked where they stand as a value, since a `Secret` prints masked.
 */
export const shortestStruck = 4

/** The same text with each value of a secret masked. */
export const redact = (text: string, secrets: readonly Secret[]): string => createRedactor(secrets).redact(text)

/**
 * What a program showed after a secret was typed into it: there a short one is masked too, where it stands as a word.
 */
export const redactEchoed = (text: string, secrets: readonly Secret[]): string => {
  const short = secrets.map(reveal).filter(value => value.length > 1 && value.length < shortestStruck)
  const struck = redact(text, secrets)
  return short.reduce((masked, value) => masked.replace(asWord(value), secretMark), struck)
}

const asWord = (value: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu')

export type Redactor = {
  /** From here on these are masked too. */
  learn(secrets: Iterable<Secret>): void
  readonly redact: Redact
}

/** For many texts, while more secrets may come to be known. */
export const createRedactor = (secrets: Iterable<Secret> = []): Redactor => {
  const known = new Set<string>()
  let longestFirst: readonly string[] = []
  const learn = (more: Iterable<Secret>) => {
    const before = known.size
    for (const secret of more) known.add(reveal(secret))
    if (known.size > before) longestFirst = marksOf(known)
  }
  learn(secrets)
  return {
    learn,
    redact: text => longestFirst.reduce((masked, value) => masked.replaceAll(value, secretMark), text),
  }
}

const marksOf = (values: Iterable<string>): readonly string[] => {
  const marks = new Set<string>()
  // A value of several lines line by line as well, since a terminal breaks it up.
  for (const value of values)
    for (const part of [value, ...value.split(/\r?\n/)])
      if (part.trim().length >= shortestStruck) for (const form of formsOf(part)) marks.add(form)
  return [...marks].sort((one, other) => other.length - one.length)
}

/** As it is, and as programs write it: JSON, sh, URL, base64 and hex. What is made of it together with more is not found. */
const formsOf = (value: string): readonly string[] => {
  const bytes = Buffer.from(value, 'utf8')
  return [
    value,
    value.trim(),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", `'"'"'`),
    ...urlForms(bytes.toString('utf8')),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ]
}

/** Programs differ in the blank and in the signs that need no escape. */
const urlForms = (value: string): readonly string[] => {
  const encoded = encodeURIComponent(value)
  const strict = encoded.replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return [encoded, encoded.replaceAll('%20', '+'), strict, strict.replaceAll('%20', '+')]
}
