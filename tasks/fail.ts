// Stops, with the author's words.
import { Problem, task, z } from '#task'

export default task({
  name: 'fail',
  summary: 'Stop here, with a sentence that says why',
  example: `
- name: Not on this release
  fail: { msg: "release {{ release }} is not supported" }
  when: release is version('11', '<')
`,
  args: z.strictObject({ msg: z.string().default('Failed as requested from task') }),
  onlyLooks: true,

  async check({ args: { msg } }) {
    throw new Problem({
      // A step of the playbook says that it cannot go on.
      code: 'failed-on-purpose',
      summary: msg,
      help: 'the playbook asks for it: see its condition',
    })
  },

  async apply() {},
})
