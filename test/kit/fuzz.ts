// Properties are tried with the same values every time; `FUZZ=20` tries twenty times as many, and others each time.
import fc from 'fast-check'
import { expect } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import { formatProblems } from '../../src/text/excerpt.ts'

const factor = Number(process.env.FUZZ ?? 0)

/**
 * What `fc.assert` is told. A failure prints seed and path; `FUZZ_SEED` tries a seed again.
 *
 * @param runs How many values in the suite.
 */
export const tries = (runs: number): fc.Parameters<unknown> => {
  const seed = process.env.FUZZ_SEED ?? (factor > 0 ? undefined : 4711)
  return { numRuns: runs * Math.max(1, factor), ...(seed !== undefined && { seed: Number(seed) }) }
}

/** Names that mean something to JavaScript and must mean nothing in a file. */
export const jsNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  'then',
] as const

/** UTF-16 units of any kind: NUL, controls, lone surrogates. */
const units: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map(codes => String.fromCharCode(...codes))

const marks = [
  '\ufeff',
  '\r\n',
  '\n',
  '\t',
  '\0',
  '\ud800',
  '\u202e',
  '\x1b[2J',
  '- ',
  ': ',
  '{{ ',
  ' }}',
  '{% ',
  ' %}',
]
const yamlMarks = [
  '&a ',
  '*a',
  '<<: ',
  '!x ',
  '|',
  '>',
  '#',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  '? ',
  '---\n',
  '...',
  '%TAG ',
]
const numbers = ['1e400', '-0', '0x1f', '0o17', '1_000', '.inf', '.nan', '99999999999999999999', '0644']

const piece: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...marks, ...yamlMarks, ...numbers, ...jsNames),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 8 }),
)

/** Any text, from noise to what nearly has a form. */
export const anyText: fc.Arbitrary<string> = fc.oneof(units, fc.array(piece, { maxLength: 30 }).map(join))

function join(parts: readonly string[]): string {
  return parts.join('')
}

/** Any value that YAML can write, under keys that are words of ours, of JavaScript's, or nobody's. */
export const anyTree = (words: readonly string[]): fc.Arbitrary<unknown> => {
  const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, fc.constantFrom(...jsNames), fc.string())
  const leaf = fc.oneof(
    piece,
    fc.constantFrom(...words, 'all', 'node1', '{{ a }}', '{{ a.b | default(1) }}', '/(a+)+$/', '5s'),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  )
  return fc.letrec<{ tree: unknown }>(tie => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('tree')), { maxLength: 5 }).map(Object.fromEntries),
    ),
  })).tree
}

/** A good text with a few slips: pieces put in, taken away, said twice, or moved. */
export const slips = (text: string): fc.Arbitrary<string> => {
  const at = fc.integer({ min: 0, max: text.length })
  const slip = fc.tuple(fc.constantFrom('put', 'cut', 'copy'), at, fc.integer({ min: 0, max: 30 }), piece)
  return fc.array(slip, { minLength: 1, maxLength: 5 }).map(all =>
    all.reduce((changed, [what, from, length, part]) => {
      const [before, within, after] = [
        changed.slice(0, from),
        changed.slice(from, from + length),
        changed.slice(from + length),
      ]
      if (what === 'cut') return before + after
      return what === 'copy' ? before + within + within + after : before + part + within + after
    }, text),
  )
}

/** Longest time for one small text, on a machine that is busy with other things. */
const longestMs = 10_000

/** Has a parser read a text: it tells problems that can be shown, or none; it throws nothing and does not hang. */
export const expectCalm = (parse: () => readonly Problem[]): void => {
  const start = performance.now()
  const problems = parse()
  for (const problem of problems) expect(problem).toBeInstanceOf(Problem)
  expect(formatProblems(problems)).toBeTypeOf('string')
  expect(performance.now() - start).toBeLessThan(longestMs)
}

/** The problems of what throws them; any other error is thrown on. */
export const problemsOf = (work: () => unknown): readonly Problem[] => {
  try {
    work()
    return []
  } catch (error) {
    if (error instanceof Problem) return [error]
    throw error
  }
}
