// The machine room: network, shared disk, directory, nodes and their SSH servers, from `up` to the end of this process.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { connect, type Server } from 'node:net'
import { exitCodes, Problem } from '../src/model/problem.ts'
import { furnishNodes } from './furnish.ts'
import { lacksOf } from './grants.ts'
import { NetDoor } from './net-door.ts'
import { addressOf, createNetwork, type Network, secondaryAddress } from './network.ts'
import { finishNode, nodeName, placeOf, type RunningNode, startNode, stopNode } from './node.ts'
import { must } from './programs.ts'
import { checkSnapshotName, type Kept, keep, needSnapshot, putBack, snapshotNames } from './snapshots.ts'
import { type Front, type KeyPair, newKey, openFront } from './ssh-front.ts'
import { openSshdFront } from './sshd-front.ts'
import { createStorage } from './storage.ts'
import { type RunningDirectory, seed, startDirectory } from './vendor/index.ts'
import { dataDevice, type Fault, type Lab, type LabPlan, paths, pristine } from './words.ts'

export class MachineRoom {
  readonly #plan: LabPlan
  readonly #entry: string
  readonly #kept: Kept
  readonly #network: Network
  #nodes: Promise<readonly RunningNode[]> = Promise.resolve([])
  #fronts: readonly Front[] = []
  #doors = new Map<number, NetDoor>()

  private constructor(plan: LabPlan, entry: string, kept: Kept, network: Network) {
    this.#plan = plan
    this.#entry = entry
    this.#kept = kept
    this.#network = network
  }

  /** @param entry File of this program, to start small processes of it in other namespaces. */
  static async open(plan: LabPlan, entry: string): Promise<MachineRoom> {
    const { files, control, key, knownHosts } = paths(plan.dir)
    // What a lab that died left here; this process holds the lock.
    for (const path of [files, control, key, knownHosts]) await rm(path, { recursive: true, force: true })
    await mkdir(files, { recursive: true })
    await must(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'lab', files])
    const [network, storage, directory] = await Promise.all([
      createNetwork(),
      createStorage(files, plan.grants.storage),
      openDirectory(plan),
      furnishNodes(files, plan),
    ])
    const room = new MachineRoom(plan, entry, { files, nodes: plan.nodes, storage, directory }, network)
    await Promise.all([keep(pristine, room.#kept), room.#startNodes(), room.#openFronts(), room.#letNodesToDirectory()])
    return room
  }

  get status(): Lab {
    const { dir, grants } = this.#plan
    return {
      dir,
      pid: process.pid,
      lane: grants.lane,
      root: grants.root,
      storage: grants.storage,
      lacks: lacksOf(grants),
      device: dataDevice,
      uuid: this.#kept.storage.uuid,
      nodes: this.#fronts.map(({ port }, at) => ({ name: nodeName(at + 1), address: addressOf(at + 1), port })),
      directory: { port: this.#kept.directory.port, address: this.#network.address },
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
    const nodes = await this.#nodes
    this.#nodes = (async () => {
      for (const door of this.#doors.values()) door.close()
      this.#doors.clear()
      await Promise.all(nodes.map(stopNode))
      await putBack(name, this.#kept)
      return this.#boot()
    })()
    await this.#nodes
  }

  async fault(node: string, fault: Fault): Promise<void> {
    const at = this.#fronts.findIndex((_, index) => nodeName(index + 1) === node)
    const front = this.#fronts[at]
    if (!front)
      throw new Problem({ code: 'lab-node-unknown', summary: `The lab has no node ${node}`, exit: exitCodes.input })
    await front.fault(fault)
  }

  directory(): ReturnType<RunningDirectory['dump']> {
    return this.#kept.directory.dump()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#fronts.map(front => front.close()), this.#kept.directory.close()])
    await Promise.all((await this.#nodes).map(stopNode))
    for (const door of this.#doors.values()) door.close()
    this.#network.child.kill('SIGKILL')
    this.#kept.storage.close()
  }

  async #startNodes(): Promise<void> {
    this.#nodes = this.#boot()
    await this.#nodes
  }

  /** All nodes at once: their roots are made while the cables are laid. */
  async #boot(): Promise<readonly RunningNode[]> {
    const { grants } = this.#plan
    const { files, storage } = this.#kept
    const nodes = await Promise.all(
      this.#indexes.map(index => startNode(index, { place: placeOf(files, index), grants, storage })),
    )
    await this.#network.plug(nodes)
    await Promise.all(nodes.map(finishNode))
    return nodes
  }

  get #indexes(): readonly number[] {
    return Array.from({ length: this.#plan.nodes }, (_, index) => index + 1)
  }

  async #openFronts(): Promise<void> {
    const { key, knownHosts } = paths(this.#plan.dir)
    const clientKey = newKey()
    const hostKeys = this.#indexes.map(newKey)
    this.#fronts = await Promise.all(hostKeys.map((hostKey, at) => this.#openFront(at + 1, { hostKey, clientKey })))
    await writeFile(key, clientKey.private, { mode: 0o600 })
    const known = this.#fronts.map(({ port }, at) => `[127.0.0.1]:${port} ${hostKeys[at]?.public}\n`)
    await writeFile(knownHosts, known.join(''))
  }

  #openFront(index: number, keys: { hostKey: KeyPair; clientKey: KeyPair }): Promise<Front> {
    const pid = async () => (await this.#nodes)[index - 1]?.pid ?? 0
    const door = {
      pid,
      connect: async (host: string, port: number) => this.#door(index, await pid()).connect(host, port),
    }
    return (this.#plan.sshd ? openSshdFront : openFront)({ ...keys, door })
  }

  #door(index: number, pid: number): NetDoor {
    const door = this.#doors.get(index) ?? new NetDoor(pid, this.#entry)
    this.#doors.set(index, door)
    return door
  }

  /** The nodes reach the directory at the far end of the network, on its usual port. */
  async #letNodesToDirectory(): Promise<void> {
    const door = new NetDoor(this.#network.pid, this.#entry)
    forward(await door.listen(this.#network.address, 389), this.#kept.directory.port)
    door.close()
  }
}

/** A word that stands nowhere else: masked in a journal, it takes no other text with it. */
const adminPassword = 'Tree-admin-4711'

const openDirectory = (plan: LabPlan): Promise<RunningDirectory> => {
  const nodes = Array.from({ length: plan.nodes }, (_, index) => nodeName(index + 1))
  const resource = {
    name: 'MESSENGER',
    address: secondaryAddress,
    mountPoint: '/mnt/messenger',
    device: dataDevice,
  }
  return startDirectory({ host: '127.0.0.1', port: 0, state: seed({ nodes, resource, adminPassword }) })
}

const forward = (from: Server, port: number): void => {
  from.on('connection', socket => {
    const target = connect({ host: '127.0.0.1', port })
    for (const [one, other] of [
      [socket, target],
      [target, socket],
    ] as const)
      one
        .setNoDelay(true)
        .on('error', () => other.destroy())
        .pipe(other)
  })
}
