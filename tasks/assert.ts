// Stops where something is not so that has to be so.
import { condition, Problem, same, task, truth, z } from '#task'

export default task({
  name: 'assert',
  summary: 'Stop where one of the conditions does not hold',
  example: `
- name: Enough memory
  assert:
    that: memory_mb | int >= 2048
    fail_msg: the agents want 2 GB
`,
  args: z.strictObject({
    that: z.union([condition, z.array(condition)]).meta({
      description: 'conditions, as `when:` has them',
      language: 'condition',
    }),
    fail_msg: z.string().optional(),
    success_msg: z.string().optional(),
    quiet: truth.default(false).meta({ description: 'nothing more is said here either way' }),
  }),
  result: z.object({ msg: z.string() }),
  aliases: { msg: 'fail_msg' },
  inPlaceOf: { validate_argument_spec: 'write `assert:`, or a `worksheet:` of the play' },
  onlyLooks: true,

  async check({ args: { that, fail_msg, success_msg } }) {
    const conditions = Array.isArray(that) ? that : [that]
    const failing = conditions.findIndex(({ holds }) => !isTrue(holds))
    const told = success_msg ?? (conditions.length === 1 ? 'it holds' : `all ${conditions.length} hold`)
    if (failing === -1) return same(told, { msg: success_msg ?? 'All assertions passed' })
    throw new Problem({
      code: 'assertion-failed',
      summary: fail_msg ?? `Condition ${failing + 1} of ${conditions.length} does not hold`,
      seen: String(conditions[failing]?.condition),
      wanted: 'true',
      help: 'see why it does not hold on this node; the playbook says what it asks for',
      result: { assertion: String(conditions[failing]?.condition), evaluated_to: false },
    })
  },

  async apply() {},
})

/** As `when:` takes it; what a template made of a truth may be a word. */
const isTrue = (value: unknown): boolean => value === true || value === 'True' || value === 'true'
