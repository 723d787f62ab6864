// Whether the agents answer over the secondary address, asked from one node again and again: how long they did not.
import { plainWord, type World, z } from '#task'
import { agentAnswer } from './liveness.ts'

/** An agent, and how it is asked. */
export const asked = z.strictObject({
  name: plainWord,
  probe: z.enum(['messaging', 'archive']).meta({ description: 'the request that a living agent answers' }),
  port: z.int().min(1).max(65535),
  tls: z.boolean().default(false).meta({ description: 'whether it speaks TLS there' }),
})

type Asking = { readonly agents: readonly z.infer<typeof asked>[]; readonly address?: string | undefined }

/** Short, so that a question into the void does not hide the answer after it. */
const oneSecond = 1

/** By name, who does not answer; and who took a connection, which is all that could be had from there. */
export type Heard = { readonly silent: readonly string[]; readonly connected: readonly string[] }

/** @returns A question. */
export const answersFrom =
  (world: World, { agents, address = '' }: Asking) =>
  async (): Promise<Heard> => {
    const silent: string[] = []
    const connected: string[] = []
    for (const { name, probe, port, tls } of agents) {
      const { answers, only } = await world.look(agentAnswer({ probe, address, port, tls, seconds: oneSecond }))
      if (!answers) silent.push(name)
      else if (only !== undefined) connected.push(name)
    }
    return { silent, connected }
  }

/**
 * The node from which a move is watched: one that has the address neither before nor after, since that one has to be
 * told; where there is none, the one that is left.
 */
export const neighbourOf = (
  order: readonly string[],
  { left, wanted }: { readonly left: string; readonly wanted: string },
): string | undefined =>
  order.find(node => node !== left && node !== wanted) ?? order.find(node => node === left && node !== wanted)

export type Answers = {
  /** From the last answer before to the first one after; nothing where nobody was answered before. */
  readonly downtime_ms?: number
  /** How long after the agents answered on their own node; nothing where they did not in time. */
  readonly announced_ms?: number
  /** No agent said anything, since the one that asked has no program that speaks TLS: nothing was measured. */
  readonly only?: 'connection'
}

export type Watch = {
  /** Waits for a first answer, and no longer than a while; then it is the move that anybody who is silent is silent for. */
  begin(withinMs: number): Promise<void>
  /** Waits until the one that watches is answered too. */
  untilAnswered(readyAt: number, withinMs: number): Promise<Answers>
  stop(): Promise<void>
}

const pauseMs = 100

/** Asks from now on, until it is stopped. */
export const watchAnswers = (ask: () => Promise<Heard>): Watch => {
  let isStopped = false
  let hasBegun = false
  let lastBefore: number | undefined
  let lastBegun = 0
  let firstSilent: number | undefined
  let firstAfter: number | undefined
  let isOnlyConnected = false

  const look = async (): Promise<void> => {
    const begun = performance.now()
    const { silent, connected } = await ask()
    const now = performance.now()
    isOnlyConnected ||= connected.length > 0
    if (isOnlyConnected) return
    // Before the move a slow answer is no silence.
    if (silent.length > 0) firstSilent ??= hasBegun ? now : undefined
    else if (firstSilent !== undefined) firstAfter ??= now
    else {
      lastBefore = now
      lastBegun = begun
    }
  }

  /** It was over between two questions. */
  const isUnnoticed = (readyAt: number) => firstSilent === undefined && lastBegun > readyAt

  const watching = (async () => {
    while (!isStopped && !isOnlyConnected && firstAfter === undefined) {
      await look()
      await pause()
    }
  })()
  // One that cannot be asked any more tells nothing: that shows in what is missing.
  watching.catch(() => {})

  return {
    async begin(withinMs) {
      const end = performance.now() + withinMs
      while (lastBefore === undefined && !isOnlyConnected && performance.now() < end) await pause()
      hasBegun = true
    },
    async untilAnswered(readyAt, withinMs) {
      const end = performance.now() + withinMs
      const isSettled = () => firstAfter !== undefined || isOnlyConnected || isUnnoticed(readyAt)
      while (!isSettled() && performance.now() < end) await pause()
      if (isOnlyConnected) return { only: 'connection' }
      if (isUnnoticed(readyAt)) return { downtime_ms: 0, announced_ms: 0 }
      return {
        ...(lastBefore !== undefined &&
          firstAfter !== undefined && { downtime_ms: Math.round(firstAfter - lastBefore) }),
        ...(firstAfter !== undefined && { announced_ms: Math.max(0, Math.round(firstAfter - readyAt)) }),
      }
    },
    async stop() {
      isStopped = true
      await watching.catch(() => {})
    },
  }
}

const pause = () => new Promise(resolve => setTimeout(resolve, pauseMs))
