// Tells whether a node's copies of the scripts are those of the directory: older ones are what Cluster Services carries out.
import { same, task, z } from '#task'
import { whose } from './lib/cluster-object/entry.ts'
import { clusterScripts } from './lib/cluster-object/kinds.ts'
import { notFound } from './lib/cluster-object/problems.ts'
import { lookAtCopies } from './lib/cluster-scripts/copies.ts'

export default task({
  name: 'cached-scripts',
  summary: "Tell whether the node's copies of the scripts are those of the directory",
  example: `
- name: Copies on the node
  cached-scripts: { resource: Messenger, cluster: msgr1 }
`,
  args: z.strictObject(whose),
  result: z.object({ copies: z.enum(['none', 'same', 'older']) }),

  async check({ world, args }) {
    const seen = await world.look(clusterScripts(args))
    if (seen.type !== 'scripts') throw notFound(seen, args)
    const copies = await lookAtCopies(world, args.resource)
    if (!copies) return same('the node has no copies yet: they come when the resource goes online', { copies: 'none' })
    if (copies.load === seen.load_script && copies.unload === seen.unload_script)
      return same('the copies on the node are those of the directory', { copies: 'same' })
    // No fault: Cluster Services hands them out when the resource comes online, and not before.
    return same('the copies on the node are older: new ones take effect when the resource goes offline and online', {
      copies: 'older',
    })
  },

  async apply() {},
})
