// What is no YAML at all, or was YAML until another program wrote into it: told once, in place of what YAML says of it.
import { exitCodes, Problem } from '../model/problem.ts'
import type { Source } from './source.ts'

/** Each with what it looks like; the first that fits counts. */
const forms = [
  {
    isIt: /^<{7} .*\n[\s\S]*^>{7}(?: |$)/m,
    at: /^<{7} .*$/gm,
    summary: 'Two versions of this file were never brought together',
    help: 'keep one of the two, and remove the lines <<<<<<<, ======= and >>>>>>>',
  },
  {
    isIt: /^(?:\s*(?:[#;].*)?\n)*\[[\w.:-]+\]\s*\n/,
    at: /^\[[\w.:-]+\]/m,
    summary: 'This is an inventory in INI form',
    help: 'write it in YAML, such as with: ansible-inventory -i FILE --list --yaml',
  },
  {
    isIt: /^\s*<(?:!doctype|html|\?xml)\b/i,
    at: /<\S+/,
    summary: 'This is a web page, or XML',
    help: 'look whether it was fetched as it is: a site that asks for a login sends its page instead',
  },
] as const

/** @returns Nothing where it is YAML, broken or not. */
export const inOtherForm = (written: Source): readonly Problem[] | undefined => {
  const { text } = written
  const form = forms.find(({ isIt }) => isIt.test(text))
  if (form === undefined) return undefined
  const { at, summary, help } = form
  const places = at.global ? [...text.matchAll(at)] : [at.exec(text)]
  return places.flatMap(found => {
    if (found === null) return []
    const span = written.span(found.index, found.index + found[0].length)
    return [new Problem({ code: 'yaml-broken', summary, span, help, exit: exitCodes.input })]
  })
}
