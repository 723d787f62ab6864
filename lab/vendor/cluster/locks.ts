// Which node has a shared volume active: one at a time, until it lets go or dies.
export class Locks {
  readonly #owners = new Map<string, string>()

  /** @returns Who has it now. */
  take(node: string, name: string): string {
    const owner = this.#owners.get(name) ?? node
    this.#owners.set(name, owner)
    return owner
  }

  /** One of the node's, or all of them. */
  release(node: string, name?: string): void {
    for (const [each, owner] of this.#owners)
      if (owner === node && (name === undefined || name === each)) this.#owners.delete(each)
  }
}
