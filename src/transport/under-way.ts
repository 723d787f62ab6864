// How much is under way to a program on a node: no more than keeps both sides at work.
import type { Client, ClientChannel } from 'ssh2'

export type Limit = {
  /** Begins to wait until the server takes what is written. @returns Ends that. */
  wait(): () => void
}

/**
 * OpenSSH grants 2 MB. What it has and the program has not it keeps in one buffer, and copies all of that into a new one
 * with each packet that finds no room: with so much under way, that was a quarter of what sending 100 MB to a near node took.
 *
 * @source OpenSSH 9.2, sshbuf.c, `sshbuf_allocate`
 */
const most = 768 * 1024

/** A channel takes two round trips to open: from so far away, more than we allow is on the line. */
const farMs = 10

/**
 * An OpenSSH that grants so much tells of room after each three packets; another server may do so only when little is left.
 *
 * @source release notes of OpenSSH 4.7
 */
const longestWaitMs = 100

/**
 * @param openedInMs What the quickest channel to that node took to open: others waited for more than the line.
 * @returns Nothing where the server grants little or is far away.
 */
export const limitUnderWay = (client: Client, channel: ClientChannel, openedInMs: number): Limit | undefined => {
  const window = windowOf(client, channel)
  if (window === undefined || openedInMs > farMs || window.bytes <= most) return undefined
  let held = window.bytes - most
  window.add(-held)
  const giveBack = () => {
    if (held > 0) window.add(held)
    held = 0
  }
  return {
    wait() {
      // For good: a server that said nothing for so long would do so again.
      if (held === 0) return () => {}
      const timer = setTimeout(giveBack, longestWaitMs).unref()
      return () => clearTimeout(timer)
    },
  }
}

type Window = { readonly bytes: number; add(bytes: number): void }

/** What ssh2 counts down with each packet, and up by what the server says. Its types leave that out. */
const windowOf = (client: Client, channel: ClientChannel): Window | undefined => {
  const { _protocol: protocol } = client as Inside
  const { outgoing, incoming } = channel as InsideChannel
  const hear = protocol?._handlers?.CHANNEL_WINDOW_ADJUST
  if (!hear || typeof incoming?.id !== 'number' || typeof outgoing?.window !== 'number') return undefined
  // As if the server had said so: what waits goes out.
  return { bytes: outgoing.window, add: bytes => hear(protocol, incoming.id, bytes) }
}

type Inside = Client & {
  readonly _protocol?: {
    readonly _handlers?: { CHANNEL_WINDOW_ADJUST?(protocol: unknown, channel: number, bytes: number): void }
  }
}

type InsideChannel = {
  readonly outgoing?: { readonly window: number }
  readonly incoming?: { readonly id: number }
}
