// The signs that we draw with, for a terminal that has none but those of ASCII: each becomes one that is as wide.
import { frames } from './tree/step-line.ts'

const instead: Readonly<Record<string, string>> = {
  ...{ '✔': 'v', '✖': 'x', '▲': '^', '·': '.', '•': '*' },
  // What is left out may be anything.
  '…': '*',
  ...{ '→': '>', '←': '<', '↑': '^', '↓': '-' },
  ...{ '─': '-', '−': '-', '–': '-', '—': '-', '»': '>', '›': '>', '«': '<' },
  ...{ '’': "'", '‘': "'", '“': '"', '”': '"', '„': '"' },
  '\ufffd': '?',
}

const known = new RegExp(`[${Object.keys(instead).join('')}⠀-⣿]`, 'g')

/** Letters of other languages stay: whoever has them in names and texts has a terminal for them. */
export const inFewSigns = (text: string): string => text.replace(known, sign => instead[sign] ?? turning(sign))

const turning = (dots: string): string => '|/-\\'[Math.max(0, frames.indexOf(dots)) % 4] ?? '|'

/** The console of Linux has no glyphs for ours, and a locale without UTF-8 no characters. */
export const hasFewSigns = (environment: (name: string) => string | undefined): boolean => {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map(environment).find(value => value) ?? 'UTF-8'
  return environment('TERM') === 'linux' || !/utf-?8/i.test(locale)
}
