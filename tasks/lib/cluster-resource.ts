// The state of a cluster resource, as Cluster Services on the node tells it.
import { resource, z } from '#task'

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('no-cluster') }),
  /** The node did not say: some old ones print the header alone. */
  z.object({ type: z.literal('silent') }),
  z.object({ type: z.literal('resource'), state: z.string(), node: z.string() }),
])

const noCluster = 44

export const clusterResource = resource<z.infer<typeof schema>>({
  kind: 'cluster-resource',
  schema,
  exits: [0, noCluster],
  read: $ => $`command -v cluster >/dev/null 2>&1 || exit ${noCluster}; LC_ALL=C cluster resources`,
  parse({ stdout, exitCode }, name) {
    if (exitCode === noCluster) return { type: 'no-cluster' }
    const fields = stdout
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .find(([first]) => first === name)
    if (!fields) return { type: 'silent' }
    const [, state = '', ...rest] = fields
    // `Lives` is a number and stands last; a BCC column may stand before the node.
    return { type: 'resource', state, node: rest.filter(field => !/^\d+$/.test(field)).at(-1) ?? '' }
  },
})
