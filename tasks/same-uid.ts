// Sees that a user has one number on all nodes: files on a shared partition belong to the number, not to the name.
import { Problem, same, task, user, userName, z } from '#task'

export default task({
  name: 'same-uid',
  summary: 'See that every node of the failover list knows a user by the same number',
  example: `
- name: Agents' user on all nodes
  same-uid: { name: nvlmsgr }
`,
  args: z.strictObject({ name: userName }),
  onlyLooks: true,

  async check({ world, args: { name }, place }) {
    const seen = await Promise.all(
      place.order.map(async node => ({ node, user: await world.at(node).look(user(name)) })),
    )
    const numbers = new Set(seen.map(each => (each.user.type === 'user' ? each.user.uid : undefined)))
    const [uid] = numbers
    if (numbers.size === 1 && uid !== undefined) return same(`${name} is uid ${uid} on ${seen.length} nodes`)
    throw new Problem({
      code: 'uid-differs',
      summary: `${name} has not one uid on all nodes`,
      seen: seen.map(each => `${each.node}: ${each.user.type === 'user' ? each.user.uid : 'unknown'}`).join('\n'),
      wanted: 'one number: files on the partition belong to the number',
      help: 'mend the user where it differs (LUM: `namconfig cache_refresh`), before the agents run there',
    })
  },

  async apply() {},
})
