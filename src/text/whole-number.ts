// `8.0`, which Ansible writes so, and which is the number 8 where there is one kind of number.
import type { ProblemFields } from '../model/problem.ts'

/** @returns Nothing for what is written as it was. */
export const wholeWithPoint = (value: unknown, written: string): ProblemFields | undefined =>
  Number.isInteger(value) && written.includes('.')
    ? {
        code: 'number-whole',
        summary: `\`${written}\` is the number ${value} here, and would be written as \`${value}\``,
        help: `write "${written}" in quotes where a text is meant, ${value} where a number is`,
      }
    : undefined
