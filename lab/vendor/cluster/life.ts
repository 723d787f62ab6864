// The life of one resource: its state, its node, and what it does when it is told to move or when its node dies.
import { type Consequence, Monitor } from './monitor.ts'
import { cacheScripts, type RunOn, runMonitor, runScript } from './node-scripts.ts'
import type { Monitoring, Resource, Scripts } from './resource.ts'

export type State =
  | 'Offline'
  | 'NDS_Sync'
  | 'Quorum Wait'
  | 'Unassigned'
  | 'Loading'
  | 'Running'
  | 'Unloading'
  | 'Comatose'
  | 'Alert'

/** What a resource knows of the cluster around it. */
export type Around = {
  /** As the directory has it now; nothing once it was deleted. */
  define(): Resource | undefined
  /** Nodes that are members now. */
  members(): readonly string[]
  hasQuorum(): boolean
  readonly runOn: RunOn
}

/** Why a command is not carried out, in words for whoever typed it. */
export class Refused extends Error {}

/** It has no node, and waits for one or for a person. */
const waiting: readonly State[] = ['Unassigned', 'Quorum Wait', 'Alert']

export class Life {
  readonly name: string
  readonly #around: Around
  #state: State = 'Offline'
  #node = ''
  #lives = 0
  /** As they were when it came online. */
  #scripts: Scripts | undefined
  #monitoring: Monitoring | undefined
  readonly #monitor = new Monitor({
    look: async () => this.#monitoring && runMonitor(this.#around.runOn, this.#node, this.#watched(this.#monitoring)),
    failed: consequence => this.#mend(consequence),
  })
  /** Where it goes after the unload; nowhere when it goes offline. */
  #target: string | undefined
  /** Grows with each new plan: who was at work on an older one has nothing to say any more. */
  #turn = 0
  #work: Promise<void> = Promise.resolve()

  constructor(name: string, around: Around) {
    this.name = name
    this.#around = around
  }

  get row(): { readonly state: State; readonly node: string; readonly lives: number } {
    return { state: this.#state, node: this.#node, lives: this.#lives }
  }

  /** Nobody looks after it any more. */
  end(): void {
    this.#monitor.stop()
  }

  /** Waits until nothing moves. */
  async settled(): Promise<void> {
    for (let last: unknown; last !== this.#work; ) {
      last = this.#work
      await this.#work
    }
  }

  /** @throws {Refused} */
  online(wanted?: string): void {
    if (this.#state === 'Comatose') throw new Refused(`${this.name} is Comatose: it has to go offline first`)
    if (this.#state !== 'Offline' && !waiting.includes(this.#state)) throw this.#is()
    if (wanted !== undefined) this.#assertGood(wanted)
    this.#begin(turn => this.#bring(turn, wanted))
  }

  /** Comes out of a coma whatever the unload script says. @throws {Refused} */
  offline(): void {
    if (waiting.includes(this.#state)) {
      this.#rest('Offline')
      return
    }
    if (this.#state !== 'Running' && this.#state !== 'Comatose') throw this.#is()
    const mayFail = this.#state === 'Comatose'
    this.#begin(async turn => {
      if (await this.#unload(turn, undefined, { mayFail })) this.#rest('Offline')
    })
  }

  /** @throws {Refused} */
  migrate(target: string): void {
    if (this.#state !== 'Running') throw this.#is()
    if (target === this.#node) throw new Refused(`${this.name} runs on ${target} already`)
    this.#assertGood(target)
    this.#begin(async turn => {
      if (await this.#unload(turn, target, { mayFail: false })) await this.#load(turn, target)
    })
  }

  /** The answer to an alert. @throws {Refused} */
  answer(isYes: boolean): void {
    if (this.#state !== 'Alert') throw new Refused(`${this.name} has no alert`)
    if (isYes) this.#begin(turn => this.#load(turn, ''))
    else this.#rest('Offline')
  }

  nodeLeft(node: string): void {
    if (node !== this.#node) return
    const target = this.#target
    if (this.#state === 'Unloading' && target === undefined) this.#rest('Offline')
    else if (this.#around.define()?.failover === 'manual') this.#rest('Alert')
    else this.#begin(turn => this.#load(turn, target ?? ''))
  }

  nodeJoined(node: string): void {
    this.#work = this.#work.then(async () => {
      if (this.#scripts) await cacheScripts(this.#around.runOn, node, this.#cached(this.#scripts))
      if (this.#state === 'Unassigned' || this.#state === 'Quorum Wait') return this.online()
      const { failback, preferred = [] } = this.#around.define() ?? {}
      const isBetter = preferred.includes(node) && preferred.indexOf(node) < preferred.indexOf(this.#node)
      if (failback === 'auto' && this.#state === 'Running' && isBetter) this.migrate(node)
    })
  }

  /** From nowhere to a node, with what the directory says now. */
  async #bring(turn: number, wanted = ''): Promise<void> {
    const defined = this.#around.define()
    if (!defined) return this.#rest('Offline')
    if (!this.#around.hasQuorum() && !defined.ignoresQuorum) return this.#rest('Quorum Wait')
    this.#state = 'NDS_Sync'
    const { scripts, monitoring } = defined
    this.#scripts = scripts
    this.#monitoring = monitoring
    const cached = this.#cached(scripts)
    await Promise.all(this.#around.members().map(node => cacheScripts(this.#around.runOn, node, cached)))
    if (turn === this.#turn) await this.#load(turn, wanted)
  }

  /** A script fails because of what it looks at, or somebody has stopped that by hand: nobody can tell which. */
  #mend(consequence: Consequence): void {
    const node = this.#node
    if (consequence === 'comatose') {
      this.#be('Comatose', node)
      return
    }
    const target = consequence === 'migrate' ? this.#next(node) : node
    this.#begin(async turn => {
      if (await this.#unload(turn, target, { mayFail: false })) await this.#load(turn, target)
    })
  }

  /** The one after it in its list, from the end to the beginning; itself where no other is there. */
  #next(node: string): string {
    const { preferred = [] } = this.#around.define() ?? {}
    const at = preferred.indexOf(node)
    const members = this.#around.members()
    return [...preferred.slice(at + 1), ...preferred.slice(0, at)].find(each => members.includes(each)) ?? node
  }

  #cached(scripts: Scripts) {
    return { name: this.name, scripts, monitoring: this.#monitoring }
  }

  #watched(monitoring: Monitoring) {
    return { name: this.name, monitoring }
  }

  /** On that node, or on the best one that is there. */
  async #load(turn: number, wanted: string): Promise<void> {
    const members = this.#around.members()
    const node = members.includes(wanted) ? wanted : this.#around.define()?.preferred.find(it => members.includes(it))
    const scripts = this.#scripts
    if (node === undefined || scripts === undefined) return this.#rest('Unassigned')
    this.#be('Loading', node)
    const went = await runScript(this.#around.runOn, node, { name: this.name, scripts, kind: 'load' })
    if (went === undefined || turn !== this.#turn) return
    if (went) this.#lives += 1
    this.#be(went ? 'Running' : 'Comatose', node)
  }

  /** Whether it is away from its node. */
  async #unload(turn: number, target: string | undefined, { mayFail }: { mayFail: boolean }): Promise<boolean> {
    const scripts = this.#scripts
    const node = this.#node
    if (scripts === undefined) return true
    this.#target = target
    this.#be('Unloading', node)
    const went = await runScript(this.#around.runOn, node, { name: this.name, scripts, kind: 'unload' })
    if (went === undefined || turn !== this.#turn) return false
    if (!went && !mayFail) this.#be('Comatose', node)
    return went || mayFail
  }

  #begin(work: (turn: number) => Promise<void>): void {
    const turn = ++this.#turn
    this.#target = undefined
    // A script that runs on is waited for: on a node that has died it ends with the node.
    this.#work = this.#work.then(() => (turn === this.#turn ? work(turn) : undefined))
  }

  #be(state: State, node: string): void {
    this.#state = state
    this.#node = node
    this.#monitor.stop()
    if (state === 'Running' && this.#monitoring) this.#monitor.watch(this.#monitoring)
  }

  #rest(state: State): void {
    this.#turn += 1
    this.#target = undefined
    this.#be(state, '')
  }

  #is(): Refused {
    return new Refused(`${this.name} is ${this.#state}`)
  }

  #assertGood(node: string): void {
    const { preferred = [] } = this.#around.define() ?? {}
    if (!preferred.includes(node)) throw new Refused(`${node} is no preferred node of ${this.name}`)
    if (!this.#around.members().includes(node)) throw new Refused(`${node} is not a member of the cluster now`)
  }
}
