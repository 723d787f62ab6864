// The flags by which a request is about less than its whole playbook, as they are typed.
import type { RunRequest } from '../model/request.ts'
import { quoteWord } from '../shell/quote.ts'

export const narrowingWords = (request: Omit<RunRequest, 'playbook'>): readonly string[] => {
  const { limit, tags, skipTags, only, from, to, failedOf } = request
  const flags: readonly (readonly [string, string | undefined])[] = [
    ['-l', limit],
    ['-t', tags?.join(',')],
    ['--skip-tags', skipTags?.join(',')],
    ['--only', only?.join(',')],
    ['--from', from],
    ['--to', to],
    ['--failed-of', failedOf],
  ]
  return flags.flatMap(([flag, value]) => (value ? [flag, quoteWord(value)] : []))
}
