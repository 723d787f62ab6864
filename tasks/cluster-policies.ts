// Keeps the preferred nodes of the cluster resource and its modes as the inventory has them: by a modify, or by hand.
import { type ApplyContext, change, due, type Json, notKnownYet, Problem, plainWord, same, task, z } from '#task'
import { whose } from './lib/cluster-object/entry.ts'
import { modeForm } from './lib/cluster-object/forms.ts'
import { handOver, placeOf, toSet } from './lib/cluster-object/hand-over.ts'
import { clusterPolicies, differing, type Policies, policyFields } from './lib/cluster-object/kinds.ts'
import { lookAtPolicies, writtenNodes } from './lib/cluster-object/preferred-nodes.ts'
import { notUnderstood } from './lib/cluster-object/problems.ts'
import { writeFields } from './lib/cluster-object/write.ts'

const failovers = ['auto', 'manual'] as const
const failbacks = ['auto', 'manual', 'disable'] as const
const code = z.string().optional()

const args = z.strictObject({
  ...whose,
  nodes: z
    .array(plainWord)
    .min(1)
    .optional()
    .meta({ description: 'the failover list, preferred node first; left as it is unless told' }),
  failover: z.enum(failovers).optional().meta({ description: 'left as it is unless told' }),
  failback: z.enum(failbacks).optional().meta({ description: 'left as it is unless told' }),
  codes: z
    .strictObject({
      failover: z.strictObject({ auto: code, manual: code }).prefault({}),
      failback: z.strictObject({ auto: code, manual: code, disable: code }).prefault({}),
    })
    .prefault({})
    .meta({ description: 'how the directory writes each mode, where it has no words for them' }),
  by: z
    .enum(['directory', 'hand'])
    .default('directory')
    .meta({ description: '`hand`: a person sets it in iManager, and the directory proves it' }),
})

type Args = z.infer<typeof args>

export default task({
  name: 'cluster-policies',
  summary: 'Keep preferred nodes and modes of the cluster resource as they are wanted',
  example: `
- name: Preferred nodes and modes
  cluster-policies:
    resource: Messenger
    cluster: msgr1
    nodes: [node1, node2, node3]
    failover: auto
    failback: disable
`,
  args,
  byHand: args =>
    args.by === 'hand'
      ? { text: toDo(args), proof: 'the directory says the same, as far as it is understood' }
      : undefined,

  async check({ world, proof, args }) {
    const policies = clusterPolicies(args)
    const { seen, known } = await lookAtPolicies(world, args)
    const after = wantedOr(() => wanted(seen, known, args))
    if (after instanceof Problem) {
      if (args.by === 'directory') throw after
      // What cannot be read proves nothing, so the word of whoever did it counts, for as long as nobody touches it.
      await proof.rest(policies)
      const proved = await proof.stands({ ...(args.nodes && { nodes: args.nodes }), ...modesOf(args) })
      return proved.stands ? same(proved.because) : due(after.message, change(policies, seen, notKnownYet))
    }
    if (differing(policyFields, seen, after).length === 0) return same(`the directory says ${inWords(args)}`)
    return due('', change(policies, seen, after))
  },

  async apply(context) {
    const [{ before, after }] = context.changes
    await carryOut(context, { before, after, text: toDo(context.args) })
  },

  async undo(context) {
    const [{ before, after }] = context.changes
    const text = toSet(clusterPolicies(context.args), policyFields, { before: after, after: before })
    await carryOut(context, { before: after, after: before, text })
  },
})

const wantedOr = (make: () => Policies): Policies | Problem => {
  try {
    return make()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** @throws {Problem} `value-not-understood`, `attribute-not-set`, `node-not-in-cluster`. */
const wanted = (seen: Policies, known: readonly string[], args: Args): Policies => ({
  ...seen,
  ...(args.nodes && { preferred_nodes: writtenNodes(seen, known, { ...args, nodes: args.nodes }) }),
  ...(args.failover && { failover_mode: mode(seen, 'failover', { args, wanted: args.failover, meanings: failovers }) }),
  ...(args.failback && { failback_mode: mode(seen, 'failback', { args, wanted: args.failback, meanings: failbacks }) }),
})

type Mode = { readonly args: Args; readonly wanted: string; readonly meanings: readonly string[] }

const mode = (seen: Policies, name: 'failover' | 'failback', { args, wanted, meanings }: Mode) => {
  const there = seen[`${name}_mode`]
  const form = modeForm(there, { meanings, codes: args.codes[name] })
  const written = form?.value === wanted ? there : form?.write(wanted)
  if (written !== undefined) return written
  throw notUnderstood(there, {
    attribute: policyFields[`${name}_mode`].attribute,
    dn: seen.dn,
    wanted: `one of the words ${meanings.join(', ')}, or a value of \`codes.${name}\``,
    help: `set each mode in iManager once and see what stands there, then name it: \`cluster_policies.codes.${name}\``,
  })
}

type Sides = { readonly before: Json & object; readonly after: Json & object; readonly text: string }

const carryOut = async (context: ApplyContext<Args, unknown>, { before, after, text }: Sides): Promise<void> => {
  const ref = clusterPolicies(context.args)
  const fields = policyFields
  if (context.args.by === 'directory') return writeFields(context.directory, ref.key, { fields, before, after })
  await handOver(context, { ref, fields, after, text })
}

const modesOf = ({ failover, failback }: Args) => ({ ...(failover && { failover }), ...(failback && { failback }) })

const inWords = ({ nodes, failover, failback }: Args): string =>
  [nodes?.join(' → '), failover && `failover ${failover}`, failback && `failback ${failback}`]
    .filter(Boolean)
    .join(', ') || 'what is left as it is'

const toDo = ({ resource, cluster, nodes, failover, failback }: Args): string =>
  [
    placeOf({ resource, cluster }),
    ...(nodes ? [`Preferred Nodes: ${nodes.join(', ')}, in this order and no others`] : []),
    ...(failover ? [`General > Policies, Failover Mode: ${failover}`] : []),
    ...(failback ? [`General > Policies, Failback Mode: ${failback}`] : []),
  ].join('\n')
