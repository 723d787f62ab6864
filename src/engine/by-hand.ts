// The port of a person who answers a program in the place of its dialogue. cli/ implements it.
import type { Json } from '../model/json.ts'
import type { Secret } from '../model/secret.ts'
import type { Conversation } from '../shell/converse.ts'
import type { TranscriptEntry } from '../shell/dialogue.ts'
import type { Terminal } from '../shell/host-shell.ts'

export type Answering = {
  readonly step: string
  readonly host: string
  /** What tells this dialogue from those of other nodes, such as `{ role: 'create' }`. */
  readonly branch: Readonly<Record<string, string>>
}

export type Talk = Answering & {
  readonly values: Readonly<Record<string, Json | Secret | undefined>>
  /** Called before the first key of an answer is sent off. */
  onTyping(prompt: string): void
  /** Called before Enter is sent off behind an answer. */
  onAnswer(prompt: string, answer: string | Secret): void
  onEntry(entry: TranscriptEntry): void
}

export type ByHand = {
  /** @throws {Problem} Where it is not wanted; nothing was started by then. */
  assertNew(answering: Answering): void
  talk(terminal: Terminal, talk: Talk): Promise<Conversation>
}
