// Tells the cluster who is there: a node that is gone is missed only after a while, as its heartbeat is.

/** How long silence is tolerated; Cluster Services has 8 seconds, which a test would wait for in vain. */
const toleranceMs = 1000

type Members = { joined(node: string): void; left(node: string): void }

export class Membership {
  readonly #cluster: Members
  readonly #missed = new Map<string, NodeJS.Timeout>()

  constructor(cluster: Members) {
    this.#cluster = cluster
  }

  gone(node: string): void {
    this.#missed.set(
      node,
      setTimeout(() => this.#notice(node), toleranceMs),
    )
  }

  /** One that came back before it was missed has lost all that ran on it, too. */
  back(node: string): void {
    if (this.#missed.has(node)) this.#notice(node)
    this.#cluster.joined(node)
  }

  forget(): void {
    for (const timer of this.#missed.values()) clearTimeout(timer)
    this.#missed.clear()
  }

  #notice(node: string): void {
    clearTimeout(this.#missed.get(node))
    this.#missed.delete(node)
    this.#cluster.left(node)
  }
}
