// A text goes to stdout, or to the file that was asked for.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes, Problem } from '../model/problem.ts'
import { shown } from './shown.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * @param output File, from where the user stands; nothing is stdout.
 * @throws {Problem} `file-unwritable`.
 */
export const writeOut = (text: string, output: string | undefined, around: Surroundings): void => {
  if (output === undefined) return void around.stdout.write(text)
  const file = resolve(around.cwd, output)
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new Problem({
      code: 'file-unwritable',
      summary: `${shown(file, around)} cannot be written`,
      seen: cause instanceof Error ? cause.message : String(cause),
      help: 'name another file with -o, or leave it out: then it is written to stdout',
      exit: exitCodes.input,
      cause,
    })
  }
}
