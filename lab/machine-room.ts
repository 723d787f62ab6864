// The machine room: network, disk, directory, cluster, nodes and their SSH servers, until this process ends.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { openDirectory } from './directory-service.ts'
import { furnishNodes } from './furnish.ts'
import { lacksOf } from './grants.ts'
import { Membership } from './membership.ts'
import type { Door } from './net-door.ts'
import { addressOf, createNetwork, type Network } from './network.ts'
import { nodeName } from './node.ts'
import { noSuchNode } from './node-named.ts'
import { Nodes } from './nodes.ts'
import { plainNetwork } from './plain/network.ts'
import { endMarked, marksOf } from './plain/processes.ts'
import { must } from './programs.ts'
import { checkSnapshotName, type Kept, keep, needSnapshot, putBack, snapshotNames } from './snapshots.ts'
import { type Front, type KeyPair, newKey, openFront } from './ssh-front.ts'
import { openSshdFront } from './sshd-front.ts'
import { createStorage } from './storage.ts'
import { Cluster, clusterPort, type RunningDirectory, serveCluster } from './vendor/index.ts'
import { dataDevice, type Fault, type Lab, type LabPlan, paths, pristine } from './words.ts'

export class MachineRoom {
  readonly #plan: LabPlan
  readonly #kept: Kept
  readonly #network: Network
  readonly #nodes: Nodes
  readonly #membership: Membership
  #fronts: readonly Front[] = []
  #doors = new Map<number, Door>()

  private constructor(plan: LabPlan, { kept, network, nodes }: Furnished) {
    this.#plan = plan
    this.#kept = kept
    this.#network = network
    this.#nodes = nodes
    this.#membership = new Membership(kept.cluster)
  }

  /** @param entry File of this program, to start small processes of it in other namespaces. */
  static async open(plan: LabPlan, entry: string): Promise<MachineRoom> {
    const { files, control, key, knownHosts, rootCertificate } = paths(plan.dir)
    const isPlain = plan.grants.lane === 'plain'
    // What a lab that died left here; this process holds the lock.
    if (isPlain) await endMarked(marksOf(files))
    for (const path of [files, control, key, knownHosts, rootCertificate])
      await rm(path, { recursive: true, force: true })
    await mkdir(files, { recursive: true })
    if (!isPlain) await must(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'lab', files])
    const network = isPlain ? plainNetwork(plan.network) : await createNetwork(entry)
    const door = network.door()
    const [storage, directory] = await Promise.all([
      createStorage(files, plan.grants.storage),
      openDirectory(plan, { files, network, door }),
      furnishNodes(files, plan),
    ])
    const nodes = new Nodes({ count: plan.nodes, files, grants: plan.grants, storage, network })
    const cluster = new Cluster({
      directory: () => directory.dump(),
      runOn: (node, argv, input) => nodes.run(indexOf(node), argv, input),
    })
    const kept = { files, nodes: plan.nodes, storage, directory, cluster }
    const room = new MachineRoom(plan, { kept, network, nodes })
    await Promise.all([keep(pristine, kept), nodes.restart(), room.#openFronts(), room.#serveCluster(door)])
    door.close()
    for (const node of nodes.names) cluster.joined(node)
    return room
  }

  get status(): Lab {
    const { dir, grants, network } = this.#plan
    return {
      dir,
      pid: process.pid,
      lane: grants.lane,
      network,
      root: grants.root,
      storage: grants.storage,
      lacks: lacksOf(grants),
      device: dataDevice,
      uuid: this.#kept.storage.uuid,
      nodes: this.#fronts.map(({ port }, at) => ({
        ...{ name: nodeName(at + 1), address: addressOf(network, at + 1), port },
        isUp: this.#nodes.isUp(at + 1),
      })),
      directory: {
        ...{ kind: this.#plan.directory, port: this.#kept.directory.port, address: this.#network.address },
      },
      snapshots: snapshotNames(this.#kept),
    }
  }

  async snapshot(name: string): Promise<void> {
    checkSnapshotName(name)
    await keep(name, this.#kept)
  }

  /** Ends everything that runs on the nodes; addresses, ports, keys and open connections stay. */
  async restore(name: string): Promise<void> {
    needSnapshot(name, this.#kept)
    const { cluster } = this.#kept
    const dead = this.#nodes.indexes.filter(index => !this.#nodes.isUp(index))
    let online = {}
    this.#membership.forget()
    cluster.restart()
    await this.#nodes.restart(async () => {
      for (const index of this.#nodes.indexes) this.#closeDoor(index)
      online = await putBack(name, this.#kept)
    })
    for (const index of dead) await this.#fronts[index - 1]?.fault({ kind: 'none' })
    for (const node of this.#nodes.names) cluster.joined(node)
    cluster.load(online)
  }

  /** @throws {Problem} `lab-node-unknown`. */
  async kill(node: string): Promise<void> {
    const front = this.#frontOf(node)
    const index = indexOf(node)
    if (!this.#nodes.isUp(index)) return
    this.#closeDoor(index)
    await Promise.all([front.fault({ kind: 'unreachable' }), this.#nodes.kill(index)])
    this.#membership.gone(node)
  }

  /** @throws {Problem} `lab-node-unknown`. */
  async boot(node: string): Promise<void> {
    const front = this.#frontOf(node)
    const index = indexOf(node)
    if (this.#nodes.isUp(index)) return
    await this.#nodes.boot(index)
    await front.fault({ kind: 'none' })
    this.#membership.back(node)
  }

  async fault(node: string, fault: Fault): Promise<void> {
    await this.#frontOf(node).fault(fault)
  }

  directory(): ReturnType<RunningDirectory['dump']> {
    return this.#kept.directory.dump()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#fronts.map(front => front.close()), this.#kept.directory.close()])
    this.#membership.forget()
    await this.#nodes.stopAll()
    for (const door of this.#doors.values()) door.close()
    this.#network.close()
    this.#kept.storage.close()
  }

  #frontOf(node: string): Front {
    const front = this.#fronts[indexOf(node) - 1]
    if (front) return front
    throw noSuchNode(node, this.#nodes.names)
  }

  async #openFronts(): Promise<void> {
    const { key, knownHosts } = paths(this.#plan.dir)
    const clientKey = newKey()
    const hostKeys = this.#nodes.names.map(newKey)
    this.#fronts = await Promise.all(hostKeys.map((hostKey, at) => this.#openFront(at + 1, { hostKey, clientKey })))
    await writeFile(key, clientKey.private, { mode: 0o600 })
    const known = this.#fronts.map(({ port }, at) => `[127.0.0.1]:${port} ${hostKeys[at]?.public}\n`)
    await writeFile(knownHosts, known.join(''))
  }

  #openFront(index: number, keys: { hostKey: KeyPair; clientKey: KeyPair }): Promise<Front> {
    const { room } = this.#kept.storage
    const pid = () => this.#nodes.pid(index)
    const door = {
      pid,
      connect: async (host: string, port: number) => this.#door(index, await pid()).connect(host, port),
      ...(room && { show: () => room.show() }),
    }
    return (this.#plan.sshd ? openSshdFront : openFront)({ ...keys, door })
  }

  #door(index: number, pid: number): Door {
    const door = this.#doors.get(index) ?? this.#network.door({ index, pid })
    this.#doors.set(index, door)
    return door
  }

  #closeDoor(index: number): void {
    this.#doors.get(index)?.close()
    this.#doors.delete(index)
  }

  /** The cluster's answers are at the far end of the network, as the directory is. */
  async #serveCluster(door: Door): Promise<void> {
    const at = (from: string) =>
      this.#nodes.names.find(node => addressOf(this.#plan.network, indexOf(node)) === from) ?? ''
    serveCluster(await door.listen(this.#network.address, clusterPort), this.#kept.cluster, at)
  }
}

type Furnished = { readonly kept: Kept; readonly network: Network; readonly nodes: Nodes }

/** Of a name as `nodeName` makes it; 0 for any other. */
const indexOf = (node: string): number => Number(/^node(\d+)$/.exec(node)?.[1] ?? 0)
