// Takes the values of secrets out of a text, wherever they came back from.
import { reveal, type Secret } from '../model/secret.ts'

/**
 * The same text with each value of a secret masked, longest first.
 *
 * A value of several lines is masked line by line as well, since a terminal breaks it up.
 */
export const redact = (text: string, secrets: readonly Secret[]): string => redactor(secrets)(text)

/** `redact` for many texts: what to look for is put in order once. */
export const redactor = (secrets: readonly Secret[]): ((text: string) => string) => {
  const marks = new Map<string, string>()
  for (const secret of secrets)
    for (const value of [reveal(secret), ...reveal(secret).split(/\r?\n/)])
      if (value.trim() !== '') marks.set(value, secret.toString())
  const longestFirst = [...marks].sort(([one], [other]) => other.length - one.length)
  return text => longestFirst.reduce((masked, [value, mark]) => masked.replaceAll(value, mark), text)
}
