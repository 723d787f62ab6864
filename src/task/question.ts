// What a doctor asks of a node: a question says what it needs to know, looks, and tells. It changes nothing, by type.
import type { z } from 'zod'
import type { Json } from '../model/json.ts'
import type { Ref } from './resource.ts'

/** What one node said to one question. */
export type Told = {
  /** In a few words, for a table. */
  readonly text: string
  /** What is compared between nodes, where it is not the text. */
  readonly value?: Json
  /** What is wrong on this node. */
  readonly wrong?: string
  /** What is not wrong, and has to be minded before something is done. */
  readonly mind?: string
  /** Lines for the inventory. */
  readonly lines?: readonly InventoryLine[]
}

/** A value of the inventory that was found out. */
export type InventoryLine = {
  /** Names, the outer one first, such as `['partition', 'fstype']`. */
  readonly path: readonly string[]
  readonly value: Json
  /** Where it is from, in a few words. */
  readonly because: string
  /** True where a person has to say whether it is meant so: then the line is a comment. */
  readonly isForAPerson?: boolean
}

/** How what the nodes say has to fit together. */
export type Together =
  /** The same on every node. */
  | 'same'
  /** On one node at most; a value of `null` is on none. */
  | 'once'
  /** Numbers that are no further apart. */
  | { readonly within: number }

export type Asking<Values> = {
  /** Inventory name of the node. */
  readonly host: string
  readonly values: Values
  look<Value extends Json>(ref: Ref<Value>): Promise<Value>
}

type Asked<Needs extends z.ZodRawShape> = {
  /** Of the row, in a few words. */
  readonly name: string
  /** The values of the inventory that it needs, by their names; without one of them it is not asked. */
  readonly needs?: Needs
  readonly together?: Together
  /** What to do where the nodes do not fit together. */
  readonly help?: string
  /** All nodes would say the same, so the first that has an answer is enough. */
  readonly ofCluster?: boolean
  ask(asking: Asking<z.output<z.ZodObject<Needs>>>): Promise<Told>
}

/** A question whose own types are behind it. */
export type Question = Omit<Asked<z.ZodRawShape>, 'ask'> & {
  readonly type: 'question'
  ask(asking: Asking<Readonly<Record<string, unknown>>>): Promise<Told>
}

/** One question. A module below `tasks/questions/` exports a list of them as its default. */
export const question = <Needs extends z.ZodRawShape>(asked: Asked<Needs>): Question => ({
  type: 'question',
  ...asked,
  // Whoever asks has checked the values by `needs`.
  ask: asking => asked.ask(asking as Asking<z.output<z.ZodObject<Needs>>>),
})
