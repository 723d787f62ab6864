// Our signs in words, for somebody who hears the screen: readers leave signs out, or name them without their meaning.
import { secretMark } from '../../model/secret.ts'
import type { Sign } from '../changes.ts'
import type { Row } from '../plain-rows.ts'

const words: Readonly<Record<Sign, string>> = { '+': 'new', '-': 'removed', '~': 'changed' }

export const signWord = (sign: Sign): string => words[sign]

/** Signs that stand between two things; whose text it ever is, its meaning stays. */
export const inSpeech = (text: string): string =>
  text
    .replaceAll(' → ', ' to ')
    .replaceAll(' ← ', ', answered with ')
    .replaceAll(' · ', ', ')
    .replaceAll(secretMark, 'hidden')
    .replace(/(^| )−(?= ?\S)/g, '$1minus ')
    .replace(/ ?\(▲\)/g, '')
    .replace(/▲ ?/g, '')

/** A line of a unified diff: what it is in a word, and its text. */
export const diffLineInWords = (line: string): readonly [word: string, text: string] => {
  if (line.startsWith('--- ')) return ['before', line.slice(4)]
  if (line.startsWith('+++ ')) return ['after', line.slice(4)]
  if (line.startsWith('@@')) return ['place', placeOf(line)]
  if (line.startsWith('+')) return ['adds', line.slice(1)]
  if (line.startsWith('-')) return ['removes', line.slice(1)]
  return ['keeps', line.slice(1)]
}

const placeOf = (line: string): string => {
  const [, before = '', after = ''] = /-(\d+)\S* \+(\d+)/.exec(line) ?? []
  return `line ${before} before, line ${after} after`
}

/** `node1, install/mount: changed, exact. new mount /mnt/messenger`. */
export const rowInSpeech = ({ host, subject, word, evidence = '-', text }: Row): string => {
  const isNamed = (part: string) => part !== '-'
  const head = `${[host, subject].filter(isNamed).join(', ')}: ${[word, evidence].filter(isNamed).join(', ')}`
  return text === '' ? head : `${head}. ${inSpeech(text)}`
}
