// Tells the state of the cluster resource, and the node that it is on.
import { plainWord, same, task, z } from '#task'
import { noMove } from './lib/cluster-problems.ts'
import { clusterResource, inWords } from './lib/cluster-resource.ts'

export default task({
  name: 'resource-state',
  summary: 'Tell the state of the cluster resource, and the node that it is on',
  example: `
- name: Resource
  resource-state: { resource: Messenger }
  register: resource
`,
  args: z.strictObject({ resource: plainWord }),
  result: z.object({ state: z.string(), node: z.string() }),
  onlyLooks: true,

  async check({ world, args: { resource } }) {
    const seen = await world.look(clusterResource(resource))
    if (seen.type !== 'resource') throw noMove(resource, seen)
    return same(`${resource} is ${inWords(seen)}`, { state: seen.state, node: seen.node })
  },

  async apply() {},
})
