// What a step that is due would do, for the person who is asked whether it may.
import type { RunEvent } from '../model/events.ts'
import { foldDiff } from '../text/unified-diff.ts'
import { asSign, inWords } from './changes.ts'
import { plural } from './counts.ts'
import { oneLine } from './printable.ts'
import { diffLineInWords, inSpeech, signWord } from './spoken/words.ts'

type Asked = Extract<RunEvent, { type: 'step-asked' }>

/** A longer diff says how long it is. */
const longestDiff = 40

/** @param isSpoken For somebody who hears it. */
export const dueInWords = ({ step, host, because, changes, holds }: Asked, isSpoken = false) => ({
  title: `${step}@${host}  ${titleOf(changes.length)}`,
  lines: [
    ...(because === '' ? [] : [`why  ${oneLine(because)}`]),
    ...holds.map(hold => `takes the ${hold} on ${host} first`),
    ...changes
      .map(inWords)
      .flatMap(({ sign, name, fields, diff }) => [
        `${(isSpoken ? signWord : asSign)(sign)} ${name}`,
        ...fields.map(field => `    ${isSpoken ? inSpeech(field) : field}`),
        ...foldDiff(diff, longestDiff).map(line => `    ${isSpoken ? diffLineInWords(line).join(': ') : line}`),
      ]),
  ],
})

const titleOf = (changes: number): string => (changes === 0 ? 'is due' : `would make ${plural(changes, 'change')}`)
