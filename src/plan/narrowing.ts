// By what a request is about less than its whole playbook: as data, and as the flags that say it.
import type { Narrowing } from '../model/request.ts'
import { quoteWord } from '../shell/quote.ts'

/** In the order in which they are told. */
const flags: { readonly [Name in keyof Required<Narrowing>]: string } = {
  limit: '-l',
  tags: '-t',
  skipTags: '--skip-tags',
  only: '--only',
  from: '--from',
  to: '--to',
  failedOf: '--failed-of',
}

const names = Object.keys(flags) as readonly (keyof Narrowing)[] // the table has no other keys

/** What of this narrows a request, and nothing else. */
export const narrowingOf = (asked: Narrowing): Narrowing =>
  Object.fromEntries(names.flatMap(name => (asked[name] === undefined ? [] : [[name, asked[name]]])))

/** As it is typed. */
export const narrowingWords = (asked: Narrowing): readonly string[] =>
  names.flatMap(name => {
    const value = asked[name]
    const word = typeof value === 'string' ? value : value?.join(',')
    return word ? [flags[name], quoteWord(word)] : []
  })
