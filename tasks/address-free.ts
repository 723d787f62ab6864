// Sees that nobody has the secondary address while the cluster resource is offline: a duplicate makes it comatose.
import { same, task, z } from '#task'
import { addressInUse, answering } from './lib/answering.ts'
import { whose } from './lib/cluster-object/entry.ts'
import { clusterResource } from './lib/cluster-resource.ts'

export default task({
  name: 'address-free',
  summary: 'See that nobody has the secondary address while the cluster resource is offline',
  example: `
- name: Secondary address
  run_once: true
  address-free: { ip: 192.0.2.50, resource: Messenger }
`,
  args: z.strictObject({
    ip: z.ipv4().meta({ description: 'the secondary address' }),
    resource: whose.resource,
  }),

  async check({ world, args: { ip, resource } }) {
    const seen = await world.look(clusterResource(resource))
    if (seen.type === 'resource' && seen.state !== 'Offline')
      return same(`${resource} is ${seen.state}, so the address may be where it is`)
    const { who } = await world.look(answering(ip))
    if (who === 'nobody') return same(`nobody answers for ${ip}`)
    throw addressInUse(ip, who === 'this node' ? world.host : 'another machine')
  },

  async apply() {},
})
