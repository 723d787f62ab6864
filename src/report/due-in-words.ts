// What a step that is due would do, for the person who is asked whether it may.
import type { RunEvent } from '../model/events.ts'
import { foldDiff } from '../text/unified-diff.ts'
import { inWords } from './changes.ts'
import { plural } from './counts.ts'
import { oneLine } from './printable.ts'

type Asked = Extract<RunEvent, { type: 'step-asked' }>

/** A longer diff says how long it is. */
const longestDiff = 40

export const dueInWords = ({ step, host, because, changes, holds }: Asked) => ({
  title: `${step}@${host}  ${titleOf(changes.length)}`,
  lines: [
    ...(because === '' ? [] : [`why  ${oneLine(because)}`]),
    ...holds.map(hold => `takes the ${hold} on ${host} first`),
    ...changes
      .map(inWords)
      .flatMap(({ sign, name, fields, diff }) => [
        `${sign} ${name}`,
        ...fields.map(field => `    ${field}`),
        ...foldDiff(diff, longestDiff).map(line => `    ${line}`),
      ]),
  ],
})

const titleOf = (changes: number): string => (changes === 0 ? 'is due' : `would make ${plural(changes, 'change')}`)
