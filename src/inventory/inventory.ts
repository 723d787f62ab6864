// What an inventory says: hosts and groups in the order as written, their variables, the cluster and its failover list.
import type { Problem } from '../model/problem.ts'
import type { Span } from '../model/span.ts'
import type { Variables } from '../template/render.ts'
import type { LocatedMap } from '../text/located.ts'

export type Inventory = {
  /** The file's name without directory and ending. */
  readonly name: string
  readonly file: string
  /** Files beside it that hold variables of its groups and hosts. */
  readonly besides: readonly string[]
  /** In the order as written. */
  readonly hosts: readonly Host[]
  /** `all`, the groups as written, and always `failover_list` in its own order. */
  readonly groups: readonly Group[]
  readonly cluster: Cluster
  readonly provider: Provider | undefined
  readonly problems: readonly Problem[]
  /** What does not keep it from being used. */
  readonly warnings: readonly Problem[]
}

export type Host = {
  readonly name: string
  /** Where it was named first. */
  readonly span: Span
  /** All groups that it belongs to, the more special ones later. */
  readonly groups: readonly string[]
  /** Where its variables are from: what stands later counts more. */
  readonly layers: readonly Layer[]
  /** Variables as written, those of groups below those of the host; each keeps its place. */
  readonly written: LocatedMap
  /** The same, with each text that has `{{ }}` compiled. */
  readonly variables: Variables
}

/** Variables of one level, such as `group_vars of web`. */
export type Layer = { readonly level: string; readonly vars: LocatedMap }

export type Group = {
  readonly name: string
  readonly span: Span
  /** Names of hosts, those of groups below it included, in order. */
  readonly hosts: readonly string[]
  /** Names of the groups right below it. */
  readonly children: readonly string[]
}

export type Cluster = {
  /** The inventory's own name when it names no cluster. */
  readonly name: string
  /** The nodes on which the agents may run, in order; the first is the preferred node. */
  readonly failoverList: readonly string[]
  readonly span: Span | undefined
}

/** Who brings the nodes up, such as the lab; opaque to the engine. */
export type Provider = {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  readonly span: Span
}
