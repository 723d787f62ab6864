// What nodes without namespaces have in common: the one partition, a directory that moves, and who has which address.
import { openSync, realpathSync, renameSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { dataDevice } from '../words.ts'
import { bearers, isBusy, put, read, showProcesses } from './processes.ts'

export type PlainNode = { readonly root: string; readonly mark: string }

type Answer = readonly [status: number, text?: string]

/** How far what a node sees of itself may be behind. */
const behindMs = 100

export class PlainRoom {
  /** The partition, where it lies while no node has it. */
  readonly #shared: string
  readonly #servers = new Map<PlainNode, Server>()
  #mounted: { readonly node: PlainNode; readonly target: string } | undefined

  constructor(shared: string) {
    this.#shared = shared
    this.#showOn()
  }

  /** The partition, where it is now. */
  get place(): string {
    return this.#mounted ? `${this.#mounted.node.root}${this.#mounted.target}` : this.#shared
  }

  /** What it covers while it is mounted. */
  get covered(): string {
    return `${this.#shared}.covered`
  }

  /** Where a node has it mounted; empty where it has not. */
  targetOn(root: string): string {
    return this.#mounted?.node.root === realpathSync(root) ? this.#mounted.target : ''
  }

  /** Begins to answer a node whose root has just been made. */
  async serve(node: PlainNode): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, socket => {
      socket.setEncoding('utf8').on('error', () => {})
      socket.once('data', line => {
        const [status, text = ''] = this.#answer(node, `${line}`.trim().split('\0'))
        socket.end(`${status}\n${text}`)
      })
    })
    // Through an open directory: the path of a socket may not be longer than 107 bytes.
    const directory = openSync(`${node.root}/run/lab`, 'r')
    await new Promise<void>(resolve => server.listen(`/proc/self/fd/${directory}/ask`, resolve))
    this.#servers.set(node, server)
    this.#tellMounts(node)
    this.show()
    this.#showSockets()
  }

  /** Nobody runs on the node any more: what it had is where it was. */
  leave(node: PlainNode): void {
    this.#servers.get(node)?.close()
    this.#servers.delete(node)
    if (this.#mounted?.node === node) this.#giveBack()
  }

  /** Lets all nodes see their processes as they are now; their sockets too where a process has gone, for it takes long. */
  show(): void {
    const all = bearers()
    const nodes = [...this.#servers.keys()]
    if (nodes.filter(({ mark, root }) => showProcesses(all.get(mark) ?? [], root)).length > 0) this.#showSockets()
  }

  #showSockets(): void {
    const [head = '', ...lines] = read('/proc/net/tcp').split('\n')
    for (const { root } of this.#servers.keys())
      put(`${root}/proc/net/tcp`, `${[head, ...lines.filter(isAt(addressesOf(root)))].join('\n')}\n`)
  }

  #showOn(): void {
    this.show()
    this.#showSockets()
    setTimeout(() => this.#showOn(), behindMs)
  }

  #answer(node: PlainNode, [word, about = '']: readonly string[]): Answer {
    try {
      if (word === 'mount') return this.#mount(node, about)
      if (word === 'umount') return this.#umount(node, about)
      return [...this.#servers.keys()].some(each => each !== node && addressesOf(each.root).includes(about)) ? [1] : [0]
    } catch (error) {
      return [32, `${error}\n`] // a directory that is not there any more
    }
  }

  #mount(node: PlainNode, target: string): Answer {
    const place = `${node.root}${target}`
    if (this.#mounted) return [32, `mount: ${target}: ${dataDevice} is mounted, and this lab cannot show it twice.\n`]
    // A link would lead from here to a directory of the machine.
    if (realpathSync(place) !== place) return [32, `mount: ${target}: a link is in this path.\n`]
    renameSync(place, this.covered)
    renameSync(this.#shared, place)
    this.#mounted = { node, target }
    this.#tellMounts(node)
    return [0]
  }

  #umount(node: PlainNode, what: string): Answer {
    if (this.#mounted?.node !== node || ![this.#mounted.target, dataDevice].includes(what))
      return [32, `umount: ${what}: not mounted.\n`]
    if (isBusy(node.mark, this.place)) return [32, `umount: ${this.#mounted.target}: target is busy.\n`]
    this.#giveBack()
    this.#tellMounts(node)
    return [0]
  }

  #giveBack(): void {
    const { place } = this
    renameSync(place, this.#shared)
    renameSync(this.covered, place)
    this.#mounted = undefined
  }

  #tellMounts(node: PlainNode): void {
    const mounted = this.#mounted?.node === node ? `${dataDevice} ${this.#mounted.target} ext4 rw,relatime 0 0\n` : ''
    put(`${node.root}/proc/mounts`, `rootfs / rootfs rw 0 0\n${mounted}`)
  }
}

const addressesOf = (root: string): readonly string[] => read(`${root}/run/lab/addresses`).split(/\/\d+\n/)

/** Of a line of the kernel, which writes 127.0.0.1 as 0100007F. @source Linux, Documentation/networking/proc_net_tcp */
const isAt = (addresses: readonly string[]): ((line: string) => boolean) => {
  const written = addresses.map(address => Buffer.from(address.split('.').map(Number).toReversed()).toString('hex'))
  return line => written.includes(line.split(/[: ]+/)[2]?.toLowerCase() ?? '')
}
