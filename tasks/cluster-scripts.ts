// Keeps the load script, the unload script and their timeouts of the cluster resource: by one modify, or by hand.
import { type ApplyContext, change, due, type Json, same, task, z } from '#task'
import { whose } from './lib/cluster-object/entry.ts'
import { type FieldValue, isMixed } from './lib/cluster-object/fields.ts'
import { timeoutForm } from './lib/cluster-object/forms.ts'
import { handOver, toSet } from './lib/cluster-object/hand-over.ts'
import { clusterScripts, differing, type Scripts, type ScriptsValue, scriptFields } from './lib/cluster-object/kinds.ts'
import { notFound, notUnderstood } from './lib/cluster-object/problems.ts'
import { writeFields } from './lib/cluster-object/write.ts'
import { assertWaits } from './lib/cluster-scripts/waits.ts'
import { composed, composingOf, isMountedSo, mountedElsewhere, scriptArgs } from './lib/cluster-scripts/wanted.ts'

const secondsPerUnit = { milliseconds: 0.001, seconds: 1, minutes: 60 } as const

const args = z
  .strictObject({
    ...whose,
    ...scriptArgs,
    load_timeout: z.int().min(1).optional().meta({ description: 'seconds; left as it is unless told' }),
    unload_timeout: z.int().min(1).optional().meta({ description: 'seconds; left as it is unless told' }),
    timeout_unit: z
      .enum(['milliseconds', 'seconds', 'minutes'])
      .default('seconds')
      .meta({ description: 'in which the directory counts' }),
    by: z
      .enum(['directory', 'hand'])
      .default('directory')
      .meta({ description: '`hand`: a person pastes it in iManager, and the directory proves it' }),
  })
  .refine(isMountedSo, mountedElsewhere)

type Args = z.infer<typeof args>

export default task({
  name: 'cluster-scripts',
  summary: 'Keep load script, unload script and timeouts of the cluster resource as they are wanted',
  example: `
- name: Scripts
  cluster-scripts:
    resource: Messenger
    cluster: msgr1
    load_script: cluster/load.sh
    unload_script: cluster/unload.sh
    unload_timeout: 600
    settings:
      storage: { kind: plain, device: /dev/sdb1, fstype: ext3 }
      mount_point: /mnt/messenger
      address: 192.0.2.50
      agents: [{ service: novell-nmma, process: nmma }]
`,
  args,
  byHand: args =>
    args.by === 'hand'
      ? {
          text: `Paste the scripts of ${args.resource} in iManager as the changes of this step show them`,
          proof: 'the directory says the same',
        }
      : undefined,

  async check({ world, args }) {
    const seen = await world.look(clusterScripts(args))
    if (seen.type !== 'scripts') throw notFound(seen, args)
    const after = wanted(seen, args)
    if (differing(scriptFields, seen, after).length === 0) return same(`the directory has them (${composingOf(args)})`)
    return due('', change(clusterScripts(args), seen, after))
  },

  async apply(context) {
    const [{ before, after }] = context.changes
    await carryOut(context, { before, after })
  },

  async undo(context) {
    const [{ before, after }] = context.changes
    await carryOut(context, { before: after, after: before })
  },
})

/** @throws {Problem} `value-not-understood`, `attribute-not-set`, `wait-too-long`, and as `composed`. */
const wanted = (seen: Scripts, args: Args): Scripts => {
  const standing = { load: textOf(seen, 'load_script'), unload: textOf(seen, 'unload_script') }
  const { load, unload } = composed(args, standing)
  const seconds = args.unload_timeout ?? secondsOf(seen, args)
  if (seconds !== undefined) assertWaits(args.settings, { unloadTimeoutSeconds: seconds })
  return {
    ...seen,
    load_script: load,
    unload_script: unload,
    load_timeout: timeout(seen, 'load_timeout', args),
    unload_timeout: timeout(seen, 'unload_timeout', args),
  }
}

/** A script that is not set is an empty one: whether anything has a place in it is for others to say. */
const textOf = (seen: Scripts, name: 'load_script' | 'unload_script'): string => {
  const value = seen[name]
  if (value === null) return ''
  if (typeof value === 'string' && !isMixed(value)) return value
  throw notUnderstood(value, {
    attribute: scriptFields[name].attribute,
    dn: seen.dn,
    wanted: 'one text, with line breaks of one kind',
  })
}

type Timeout = 'load_timeout' | 'unload_timeout'

const timeout = (seen: Scripts, name: Timeout, args: Args): FieldValue => {
  const [there, seconds] = [seen[name], args[name]]
  if (seconds === undefined) return there
  const form = timeoutForm(there, secondsPerUnit[args.timeout_unit])
  const written = form?.value === seconds ? there : form?.write(seconds)
  if (written === undefined) throw timeoutUnclear(seen, name, args)
  return written
}

/** Nothing where it is not set: then Cluster Services has a default of its own. */
const secondsOf = (seen: Scripts, args: Args): number | undefined => {
  if (seen.unload_timeout === null) return undefined
  const form = timeoutForm(seen.unload_timeout, secondsPerUnit[args.timeout_unit])
  if (!form) throw timeoutUnclear(seen, 'unload_timeout', args)
  return form.value
}

const timeoutUnclear = (seen: Scripts, name: Timeout, { timeout_unit, ...args }: Args) =>
  notUnderstood(seen[name], {
    attribute: scriptFields[name].attribute,
    dn: seen.dn,
    wanted: `a whole number of ${timeout_unit}${args[name] === undefined ? '' : `, to be set to ${args[name]} seconds`}`,
    help: 'see in iManager in which unit it counts: `cluster_scripts.timeout_unit`',
  })

type Sides = { readonly before: Side; readonly after: Side }
type Side = ScriptsValue & Json

const carryOut = async (context: ApplyContext<Args, unknown>, { before, after }: Sides): Promise<void> => {
  const ref = clusterScripts(context.args)
  const fields = scriptFields
  if (context.args.by === 'directory') return writeFields(context.directory, ref.key, { fields, before, after })
  await handOver(context, { ref, fields, after, text: toSet(ref, fields, { before, after }) })
}
