// Gives variables to the steps after it.
import { same, task, z } from '#task'

/** As Ansible takes them, also where a template gave them. */
const truths: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false }

const given = z.unknown().transform(value => {
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  return Object.hasOwn(truths, word) ? truths[word] : value
})

export default task({
  name: 'set_fact',
  summary: 'Give variables to the steps after it, on the same host',
  example: `
- name: Release
  set_fact:
    release: "{{ version.stdout | regex_search('[0-9.]+') }}"
`,
  args: z.record(
    z.string().regex(/^[A-Za-z_]\w*$/, 'the name of a variable: letters, digits and _, and a letter first'),
    given,
  ),
  result: z.object({ ansible_facts: z.record(z.string(), z.json()) }),
  instead: { cacheable: 'remove it: what holds in every run stands in the inventory' },
  inPlaceOf: { set_stats: 'write `set_fact:`: a report has what each step gave' },
  onlyLooks: true,
  givesVariables: true,

  // A secret is told by its mask; the steps after it get the secret.
  async check({ args }) {
    return same(Object.keys(args).join(', '), { ansible_facts: JSON.parse(JSON.stringify(args)) })
  },

  async apply() {},
})
