// Tells a sentence, or what a variable is.
import { condition, type Json, Secret, same, task, z } from '#task'

const args = z
  .strictObject({
    msg: z.unknown().optional().meta({ description: 'a text, or any value' }),
    var: condition
      .optional()
      .meta({ description: 'an expression, such as the name of a variable', language: 'condition' }),
    verbosity: z.int().optional().meta({ description: 'taken as 0: it is always told' }),
  })
  .refine(({ msg, var: name }) => msg === undefined || name === undefined, 'either `msg` or `var`')

export default task({
  name: 'debug',
  summary: 'Tell a sentence, or what a variable is',
  example: `
- name: Where the agents are
  debug: { msg: "the agents run on {{ failover_list[0] }}" }
- name: All of it
  debug: { var: hostvars }
`,
  args,
  onlyLooks: true,

  async check({ args: { msg, var: name } }) {
    if (name === undefined) return said({ msg: plain(msg ?? 'Hello world!') })
    return said({ [name.condition]: plain(name.holds) })
  },

  async apply() {},
})

const said = (result: { readonly [name: string]: Json }) => {
  const [[name = '', value = ''] = []] = Object.entries(result)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return same(name === 'msg' ? text : `${name}: ${text}`, result)
}

/** A secret is told by its mask. */
const plain = (value: unknown): Json =>
  value instanceof Secret ? `${value}` : JSON.parse(JSON.stringify(value ?? null))
