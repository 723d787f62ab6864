// Sees that no node has the Messenger partition mounted, and that each can mount it, before something does that asks nobody.
import { absolutePath, file, Problem, plainWord, type World, z } from '#task'
import { isPartition, storage } from './storage.ts'

/** Which partition is meant; enough to know it among the mounts of a node. */
export const partitionArgs = {
  kind: z.enum(['plain', 'lvm', 'evms', 'nss']),
  device: absolutePath,
  volume: plainWord.optional().meta({ description: 'NSS volume' }),
}

const schema = z.strictObject(partitionArgs)

/**
 * Cluster Services mounts the partition by its scripts, and they ask no other node.
 *
 * @param nodes Those that are asked; one that cannot be asked is unknown, and unknown blocks.
 * @throws {Problem} `partition-in-use`, or what keeps a node from being asked.
 */
export const assertMountedNowhere = async (
  world: World,
  partition: z.infer<typeof schema>,
  nodes: readonly string[],
): Promise<void> => {
  for (const node of nodes) {
    // What an earlier step of a dry run will move, nobody knows yet.
    const seen = await world.at(node).lookIfKnown(storage(partition.device))
    if (!seen.known) continue
    const line = seen.value.mounts.find(mount => isPartition(mount, partition, seen.value.uuid))
    if (line) throw inUse(node, line)
  }
}

/**
 * A load script ends in a coma where it finds no mount point, with the agents down by then.
 *
 * Of an NSS volume the mount point comes with the volume.
 *
 * @throws {Problem} `mount-point-not-there`, or what keeps a node from being asked.
 */
export const assertMountPoints = async (
  world: World,
  { kind, at }: Pick<z.infer<typeof schema>, 'kind'> & { readonly at?: string | undefined },
  nodes: readonly string[],
): Promise<void> => {
  if (kind === 'nss' || at === undefined) return
  for (const node of nodes) {
    const seen = await world.at(node).lookIfKnown(file(at))
    if (seen.known && seen.value.type !== 'directory') throw noMountPoint(node, { at, seen: seen.value.type })
  }
}

const noMountPoint = (node: string, { at, seen }: { readonly at: string; readonly seen: string }): Problem =>
  new Problem({
    code: 'mount-point-not-there',
    summary: `The partition cannot be mounted on ${node}: there is no directory ${at}`,
    seen: `${node}: ${seen === 'absent' ? 'nothing' : seen} at ${at}`,
    wanted: 'the mount point on each node that the cluster resource may come to',
    state: 'nothing was moved',
    help: 'make it: `run playbook install --only mount-point`; then run this again',
  })

const inUse = (node: string, { source, at }: { readonly source: string; readonly at: string }): Problem =>
  new Problem({
    code: 'partition-in-use',
    summary: `The cluster resource cannot be brought online: ${node} has its partition mounted by other means`,
    seen: `${node}: ${source} is mounted at ${at}`,
    wanted: 'a partition that is mounted on no node, unless the cluster resource runs there',
    state: 'nothing was moved',
    help: `find out who uses it on ${node}, and unmount it there (\`umount ${at}\`), then run it again`,
  })
