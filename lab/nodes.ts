// The nodes of a lab: started all at once, stopped, and one by one without power and with it again.
import { runOn } from './enter.ts'
import { type Making, nodeName, type RunningNode, startNode } from './node.ts'
import { startPlainNode } from './plain/node.ts'

type Options = Making & { readonly count: number }

export class Nodes {
  readonly #options: Options
  /** By their index, counted from 1; pending while all are being restarted. */
  #running: Promise<ReadonlyMap<number, RunningNode>> = Promise.resolve(new Map())
  readonly #up = new Set<number>()

  constructor(options: Options) {
    this.#options = options
  }

  get indexes(): readonly number[] {
    return Array.from({ length: this.#options.count }, (_, at) => at + 1)
  }

  get names(): readonly string[] {
    return this.indexes.map(nodeName)
  }

  isUp(index: number): boolean {
    return this.#up.has(index)
  }

  /** First process of a node, as this machine counts; 0 without power. Waits while all are being restarted. */
  async pid(index: number): Promise<number> {
    return (await this.#running).get(index)?.pid ?? 0
  }

  /** Stops all that have power, has something done while none has, and starts all. */
  async restart(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    const before = await this.#running
    this.#running = (async () => {
      this.#up.clear()
      await Promise.all([...before.values()].map(node => node.stop()))
      await meanwhile()
      return this.#start(this.indexes)
    })()
    await this.#running
  }

  async stopAll(): Promise<void> {
    await Promise.all([...(await this.#running).values()].map(node => node.stop()))
  }

  async kill(index: number): Promise<void> {
    const others = new Map(await this.#running)
    const node = others.get(index)
    others.delete(index)
    this.#up.delete(index)
    this.#running = Promise.resolve(others)
    await node?.stop()
  }

  async boot(index: number): Promise<void> {
    const others = await this.#running
    if (others.has(index)) return
    this.#running = this.#start([index]).then(started => new Map([...others, ...started]))
    await this.#running
  }

  /**
   * Carries a command out on a node, as root.
   *
   * @returns Its exit status; nothing where the node has no power, or lost it meanwhile.
   */
  async run(index: number, argv: readonly string[], input?: string): Promise<number | undefined> {
    const pid = await this.pid(index)
    if (pid === 0) return undefined
    this.#options.storage.room?.show()
    const status = await runOn(pid, argv, input)
    return pid === (await this.pid(index)) ? status : undefined
  }

  /** At once: their roots are made while the cables are laid. */
  async #start(indexes: readonly number[]): Promise<ReadonlyMap<number, RunningNode>> {
    const { network, storage } = this.#options
    const start = storage.room ? startPlainNode : startNode
    const nodes = await Promise.all(indexes.map(index => start(index, this.#options)))
    await network.plug(nodes)
    await Promise.all(nodes.map(node => node.finish()))
    for (const { index } of nodes) this.#up.add(index)
    return new Map(nodes.map(node => [node.index, node]))
  }
}
