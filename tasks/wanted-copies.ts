// Sees that a node's copies of the scripts are what the inventory makes: with those the resource goes when it is there.
import { Problem, plainWord, same, task, z } from '#task'
import { lookAtCopies } from './lib/cluster-scripts/copies.ts'
import { composed, isMountedSo, mountedElsewhere, type Pair, scriptArgs } from './lib/cluster-scripts/wanted.ts'

const args = z
  .strictObject({
    resource: plainWord.meta({ description: 'name of the cluster resource' }),
    ...scriptArgs,
    in_use: z.boolean().meta({ description: 'whether the resource runs on this node: then others are a finding' }),
  })
  .refine(isMountedSo, mountedElsewhere)

type Args = z.infer<typeof args>

export default task({
  name: 'wanted-copies',
  summary: "See that the node's copies of the scripts are what the inventory makes of them",
  example: `
- name: Copies as wanted
  wanted-copies:
    resource: Messenger
    load_script: cluster/load.sh
    unload_script: cluster/unload.sh
    in_use: false
    settings:
      storage: { kind: plain, device: /dev/sdb1, fstype: ext3 }
      mount_point: /mnt/messenger
      address: 192.0.2.50
      agents: [{ service: novell-nmma, process: nmma }]
`,
  args,
  onlyLooks: true,

  async check({ world, args }) {
    const copies = await lookAtCopies(world, args.resource)
    if (!copies) return same('the node has no copies: they come with the resource')
    if (!args.in_use && !holds(() => areWanted(copies, args)))
      return same('the copies on the node are others: new ones come with the resource')
    if (areWanted(copies, args)) return same('the copies on the node are what the inventory makes')
    throw others(args)
  },

  async apply() {},
})

/** @throws {Problem} as `composed`. */
const areWanted = (copies: Pair, args: Args): boolean => {
  const { load, unload } = composed(args, copies)
  return copies.load === load && copies.unload === unload
}

/** What has no place for our part is not ours either. */
const holds = (claim: () => boolean): boolean => {
  try {
    return claim()
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

const others = ({ resource }: Args): Problem =>
  new Problem({
    code: 'copies-differ',
    summary: `The node that ${resource} runs on has other scripts than the inventory makes`,
    seen: `/var/opt/novell/ncs/${resource}.load and .unload`,
    wanted: 'the scripts that `run playbook cluster` gives the resource',
    help: `\`run playbook cluster --dry-run\` tells whether the directory has them; if so, they come when ${resource} goes offline and online`,
  })
