// What a doctor says: every node beside the others, what is wrong, and what the inventory could be told. Plain data.
import type { Json } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'
import type { InventoryLine, Question, Told } from '../../task/question.ts'

/** What is asked, without how. */
export type Asked = Pick<Question, 'name' | 'together' | 'help' | 'ofCluster'>

/** What came of one question on one node. */
export type Reply =
  | ({ readonly type: 'told' } & Told)
  /** It needs a value that the inventory does not have. */
  | { readonly type: 'not-asked'; readonly because: string }
  /** It was asked, and nobody knows. */
  | { readonly type: 'failed'; readonly problem: Problem }

export type NodeReport = {
  readonly host: string
  /** Why it could not be asked, or not to the end. */
  readonly outOfReach?: Problem
  /** By the name of the question; what is not there was not come to. */
  readonly replies: ReadonlyMap<string, Reply>
  /** Lines for the inventory about how this node is reached. */
  readonly lines?: readonly InventoryLine[]
}

export type Cell = {
  readonly host: string
  readonly sign: 'ok' | 'mind' | 'wrong' | 'unknown'
  readonly text: string
}

export type Row = { readonly name: string; readonly cells: readonly Cell[] }

export type Finding = {
  readonly kind: 'wrong' | 'mind' | 'unknown'
  /** The nodes that it is about. */
  readonly hosts: readonly string[]
  readonly about: string
  readonly summary: string
  readonly seen?: string
  readonly help?: string
}

/** A line and the host that it is for; for all of them without one. */
export type FoundLine = InventoryLine & { readonly host?: string }

export type Doctor = {
  readonly cluster: string
  readonly hosts: readonly string[]
  readonly unreachable: readonly string[]
  readonly rows: readonly Row[]
  readonly findings: readonly Finding[]
  /** What was not asked, since the inventory lacks a value. */
  readonly notAsked: readonly { readonly name: string; readonly because: string }[]
  readonly lines: readonly FoundLine[]
}

export const sameValue = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other)
