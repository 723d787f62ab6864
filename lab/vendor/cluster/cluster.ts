// The cluster: who is a member, who is master, where each resource is; and the answers to the command `cluster`.
import type { DirectoryState } from '../directory/state.ts'
import { Life, Refused } from './life.ts'
import { Locks } from './locks.ts'
import type { RunOn } from './node-scripts.ts'
import { readCluster } from './resource.ts'
import { type Release, type Row, tableOf, viewOf } from './tables.ts'

export type Asked = { readonly argv: readonly string[]; readonly release?: Release }
export type Told = { readonly status: number; readonly text: string }

/** Resources that were online and the nodes they were on. */
export type ClusterState = Readonly<Record<string, string>>

export type ClusterOptions = {
  readonly directory: () => DirectoryState
  readonly runOn: RunOn
}

const usage = `usage: cluster view | status | resources | online RESOURCE [NODE] | offline RESOURCE | migrate RESOURCE NODE |
       alert RESOURCE yes|no   (the stand-in of the lab knows nothing else)
`

export class Cluster {
  readonly #options: ClusterOptions
  readonly #lives = new Map<string, Life>()
  readonly #locks = new Locks()
  #members: readonly string[] = []
  #master = ''
  #epoch = 0

  constructor(options: ClusterOptions) {
    this.#options = options
  }

  /** A node comes up. */
  joined(node: string): void {
    if (this.#members.includes(node)) return
    this.#regroup([...this.#members, node].sort(byNumber))
    for (const life of this.#all()) life.nodeJoined(node)
  }

  /** A node has not been heard of for longer than is tolerated. */
  left(node: string): void {
    if (!this.#members.includes(node)) return
    this.#regroup(this.#members.filter(each => each !== node))
    this.#locks.release(node)
    for (const life of this.#all()) life.nodeLeft(node)
  }

  /** What the command `cluster` prints on a node, and its exit status. */
  answer(node: string, { argv, release = {} }: Asked): Told {
    const [word = '', name = '', more] = argv
    try {
      if (!this.#members.includes(node)) throw new Refused('this node is not a member of the cluster')
      if (word === 'view') return done(this.#view(node))
      if (word === 'resources' || word === 'status') return done(this.#table(node, { name, release }))
      if (word === 'lock' || word === 'unlock') return this.#lock(word, { name, node })
      if (!this.#carryOut(word, { name, more })) return { status: 2, text: usage }
      return done(`${word} of ${name} was requested\n`)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { status: 1, text: `cluster: ${error.message}\n` }
    }
  }

  async settled(): Promise<void> {
    for (const life of this.#all()) await life.settled()
  }

  dump(): ClusterState {
    const rows = this.#all().map(({ name, row }) => [name, row] as const)
    return Object.fromEntries(rows.filter(([, { node }]) => node !== '').map(([name, { node }]) => [name, node]))
  }

  /** All nodes go down. What was online comes online again once they are up. */
  restart(): void {
    for (const life of this.#lives.values()) life.end()
    this.#lives.clear()
    for (const node of this.#members) this.#locks.release(node)
    this.#members = []
  }

  /** Brings online what was; all nodes are up. */
  load(state: ClusterState): void {
    for (const [name, node] of Object.entries(state)) this.#life(name).online(node)
  }

  #carryOut(word: string, { name, more }: { name: string; more: string | undefined }): boolean {
    if (word === 'online') this.#life(name).online(more)
    else if (word === 'offline') this.#life(name).offline()
    else if (word === 'migrate' && more !== undefined) this.#life(name).migrate(more)
    else if (word === 'alert' && (more === 'yes' || more === 'no')) this.#life(name).answer(more === 'yes')
    else return false
    return true
  }

  #view(node: string): string {
    const { name: cluster } = readCluster(this.#options.directory())
    return viewOf({ cluster, node, master: this.#master, epoch: this.#epoch, members: this.#members })
  }

  #table(node: string, { name, release }: { name: string; release: Release }): string {
    if (name !== '') this.#life(name)
    if (release.header_only === '1' && node !== this.#master) return tableOf([], release)
    const master: Row = {
      name: 'Master_IP_Address_Resource',
      state: 'Running',
      node: this.#master,
      lives: this.#epoch,
    }
    const rows = [master, ...this.#all().map(life => ({ name: life.name, ...life.row }))]
    return tableOf(name === '' ? rows : rows.filter(row => row.name === name), release)
  }

  /** Of shared volumes, one node at a time; their own words, for `vgchange` and `evms`. */
  #lock(word: 'lock' | 'unlock', { name, node }: { name: string; node: string }): Told {
    if (word === 'unlock') this.#locks.release(node, name)
    const owner = word === 'unlock' ? node : this.#locks.take(node, name)
    return owner === node ? done('') : { status: 1, text: `${name} is active on ${owner}\n` }
  }

  #regroup(members: readonly string[]): void {
    this.#members = members
    this.#epoch += 1
    if (!members.includes(this.#master)) this.#master = members[0] ?? ''
  }

  #all(): readonly Life[] {
    return readCluster(this.#options.directory()).resources.map(({ name }) => this.#life(name))
  }

  /** @throws {Refused} where the directory has no such resource. */
  #life(name: string): Life {
    const define = () => readCluster(this.#options.directory()).resources.find(each => each.name === name)
    if (!define()) throw new Refused(`there is no resource ${name}`)
    const known = this.#lives.get(name)
    if (known) return known
    const life = new Life(name, {
      define,
      members: () => this.#members,
      hasQuorum: () => this.#members.length >= readCluster(this.#options.directory()).quorum,
      runOn: this.#options.runOn,
    })
    this.#lives.set(name, life)
    return life
  }
}

const done = (text: string): Told => ({ status: 0, text })

const byNumber = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true })
