// Stops where something is not so that has to be so.
import { Problem, same, task, z } from '#task'

const condition = z.union([z.boolean(), z.string()])

export default task({
  name: 'assert',
  summary: 'Stop where one of the conditions does not hold',
  args: z.strictObject({
    that: z.union([condition, z.array(condition)]).meta({ description: 'conditions, each in {{ }}' }),
    fail_msg: z.string().optional(),
  }),
  onlyLooks: true,

  async check({ args: { that, fail_msg } }) {
    const conditions = Array.isArray(that) ? that : [that]
    const failing = conditions.findIndex(holds => !isTrue(holds))
    if (failing === -1) return same(conditions.length === 1 ? 'it holds' : `all ${conditions.length} hold`)
    throw new Problem({
      code: 'assertion-failed',
      summary: fail_msg ?? `Condition ${failing + 1} of ${conditions.length} does not hold`,
      seen: String(conditions[failing]),
      wanted: 'true',
    })
  },

  async apply() {},
})

const isTrue = (value: boolean | string): boolean => value === true || value === 'True' || value === 'true'
