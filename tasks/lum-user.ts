// Keeps a directory user known to the node, by the same number on every node.
import { change, differs, notKnownYet, Problem, same, task, user, userName, z } from '#task'

export default task({
  name: 'lum-user',
  summary: 'Have the node know a user of the directory, with the uid that it has everywhere',
  example: `
- name: Agents' user
  lum-user: { name: nvlmsgr, uid: 10010 }
`,
  args: z.strictObject({
    name: userName,
    uid: z.int().optional().meta({ description: 'refused where the node knows the user by another number' }),
  }),

  async check({ world, args: { name, uid } }) {
    const seen = await world.look(user(name))
    if (seen.type === 'absent') return differs(change(user(name), seen, notKnownYet))
    if (uid !== undefined && seen.uid !== uid) throw otherNumber(name, seen.uid, uid)
    return same(`${name} is known, uid ${seen.uid}`)
  },

  async apply({ $ }) {
    await $`namconfig cache_refresh`
  },
})

const otherNumber = (name: string, seen: number, wanted: number): Problem =>
  new Problem({
    code: 'uid-differs',
    summary: `${name} has another uid on this node`,
    seen: `uid ${seen}`,
    wanted: `uid ${wanted}, as on every node: files on the partition belong to the number`,
    help: 'mend the user on this node, or in the directory, before anything is written as this user',
  })
