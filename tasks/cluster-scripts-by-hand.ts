// Has a person set the scripts of the cluster resource where no directory can be asked: the node's copies prove it, or their word.
import { due, Problem, readNow, same, task, z } from '#task'
import { askUntilDone } from './lib/by-person.ts'
import { whose } from './lib/cluster-object/entry.ts'
import { inFrame, placeOf } from './lib/cluster-object/hand-over.ts'
import { lookAtCopies } from './lib/cluster-scripts/copies.ts'
import {
  composed,
  composingOf,
  generated,
  isMountedSo,
  mountedElsewhere,
  type Pair,
  scriptArgs,
} from './lib/cluster-scripts/wanted.ts'

const args = z.strictObject({ ...whose, ...scriptArgs }).refine(isMountedSo, mountedElsewhere)

type Args = z.infer<typeof args>

export default task({
  name: 'cluster-scripts-by-hand',
  summary: 'Have a person set load and unload script of the cluster resource',
  example: `
- name: Scripts by hand
  cluster-scripts-by-hand:
    resource: Messenger
    cluster: msgr1
    load_script: cluster/load.sh
    unload_script: cluster/unload.sh
    settings:
      storage: { kind: plain, device: /dev/sdb1, fstype: ext3 }
      mount_point: /mnt/messenger
      address: 192.0.2.50
      agents: [{ service: novell-nmma, process: nmma }]
`,
  args,
  byHand: args => ({
    text: toPaste(args, generated(args)),
    who,
    proof: 'the copies on the node, which are the same once the resource went online; until then their word',
  }),

  async check({ world, proof, args }) {
    const copies = await lookAtCopies(world, args.resource)
    const wanted = wantedOf(args, copies)
    if (copies && copies.load === wanted.load && copies.unload === wanted.unload)
      return same('the copies on the node are the same')
    const proved = await proof.stands(wanted)
    if (!proved.stands) return due('a person sets both scripts in iManager')
    return same(`${proved.because}; the node has them once the resource went offline and online`)
  },

  async apply({ $, args, person, progress }) {
    progress('waiting for a person')
    const copies = await lookAtCopies({ look: ref => readNow($, ref) }, args.resource)
    const text = toPaste(args, wantedOf(args, copies))
    await askUntilDone(person, { text, who }, async () => undefined)
  },
})

const who = 'administrator of the cluster'

/** @throws {Problem} `script-not-readable`, and as `composed`. */
const wantedOf = (args: Args, copies: Pair | undefined): Pair => {
  if (copies) return composed(args, copies)
  if (composingOf(args) === 'insert') throw notReadable(args.resource)
  return generated(args)
}

const toPaste = (args: Args, { load, unload }: Pair): string =>
  [
    placeOf(args),
    ...(composingOf(args) === 'insert'
      ? ['What is ours stands between `# begin run` and `# end run`; all else is as it was, or as the node has it.']
      : []),
    'Scripts > Load Script:',
    ...inFrame(load),
    'Scripts > Unload Script:',
    ...inFrame(unload),
  ].join('\n')

const notReadable = (resource: string): Problem =>
  new Problem({
    code: 'script-not-readable',
    summary: `What stands in the scripts of ${resource} cannot be read, so nothing can be inserted into them`,
    seen: 'no directory, and no copy on the node',
    wanted: `/var/opt/novell/ncs/${resource}.load and .unload, or \`ldap_directory\` in the inventory`,
    state: 'nothing was changed',
    help: 'bring the resource online and offline once, so that the node has copies; or have the scripts replaced (`compose: replace`)',
  })
