// What `cluster view`, `cluster resources` and `cluster status` print.
import type { State } from './life.ts'

export type Row = { readonly name: string; readonly state: State; readonly node: string; readonly lives: number }

export type View = {
  readonly cluster: string
  readonly node: string
  readonly master: string
  readonly epoch: number
  readonly members: readonly string[]
}

/** How the release of a node prints; it says so in /etc/lab/cluster. */
export type Release = {
  /** Business Continuity Clustering adds a column before the node. */
  readonly bcc?: string
  /** Some old nodes that are not the master print the header alone. */
  readonly header_only?: string
}

export const viewOf = ({ cluster, node, master, epoch, members }: View): string =>
  [
    `Cluster ${cluster}`,
    `This node ${node} [epoch ${epoch} master node ${master}]`,
    `Cluster nodes [${members.join(', ')}]`,
    '',
  ].join('\n')

export const tableOf = (rows: readonly Row[], { bcc }: Release): string => {
  const extra = bcc === '1' ? ['BCC'] : []
  const line = (name: string, state: string, [node, lives]: readonly [string, string], column: readonly string[]) =>
    [name.padEnd(31), state.padEnd(15), ...column.map(text => text.padEnd(7)), node.padEnd(15), lives]
      .join(' ')
      .trimEnd()
  return [
    line('Name', 'State', ['Node', 'Lives'], extra),
    ...rows.map(({ name, state, node, lives }) =>
      line(
        name,
        state,
        [node, `${lives}`],
        extra.map(() => 'No'),
      ),
    ),
    '',
  ].join('\n')
}
