// Takes the values of secrets out of a text, wherever they came back from.
import { reveal, type Secret } from '../model/secret.ts'

/**
 * The same text with each value of a secret masked, longest first.
 *
 * A value of several lines is masked line by line as well, since a terminal breaks it up.
 */
export const redact = (text: string, secrets: readonly Secret[]): string =>
  secrets
    .flatMap(secret => [reveal(secret), ...reveal(secret).split(/\r?\n/)].map(value => ({ value, mask: `${secret}` })))
    .filter(({ value }) => value.trim() !== '')
    .sort((one, other) => other.value.length - one.value.length)
    .reduce((masked, { value, mask }) => masked.replaceAll(value, mask), text)
