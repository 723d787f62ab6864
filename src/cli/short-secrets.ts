// Warns of secrets that are too short to be found again in a text.
import { exitCodes, Problem } from '../model/problem.ts'
import { reveal, type Secret } from '../model/secret.ts'
import { shortestStruck } from '../shell/redact.ts'

/** One for each name. */
export const shortSecrets = (secrets: readonly Secret[]): readonly Problem[] => {
  const short = secrets.filter(secret => reveal(secret) !== '' && reveal(secret).length < shortestStruck)
  return [...new Set(short.map(({ label }) => label))].sort().map(
    label =>
      new Problem({
        code: 'secret-short',
        summary: `The secret ${label} has fewer than ${shortestStruck} characters`,
        state: 'it is masked where it stands as a value; where a program prints it among other words, it is not',
        help: 'choose a longer one',
        exit: exitCodes.input,
      }),
  )
}
