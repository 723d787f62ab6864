// The home of all who are measured: the twenty steps, and the hosts as each of them reads them, near and far.
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { assertEnds } from '../assert-ends.ts'
import { installed } from '../installed.ts'
import { type Door, openDoor, type Traffic } from './door.ts'
import { floorCommand, floorScript } from './floor.ts'
import { type Node, openNodes } from './nodes.ts'

/** How the hosts are reached with one delay. */
export type Way = {
  readonly rttMs: number
  /** For all but the floor. */
  readonly inventory: string
  /** For the floor. */
  readonly list: string
  /** What went to each host since it was asked the last time; nothing where there are no doors to count at. */
  taken(): readonly Traffic[]
}

export type Hosts = {
  readonly dir: string
  readonly playbook: string
  /** What begins the command, as it is where it is installed. */
  readonly run: readonly string[]
  /** Runs a script on all of them, at once. */
  byFloor(way: Way): readonly string[]
  /** @param rttMs What a packet and its answer take longer. */
  way(rttMs: number): Promise<Way>
  /** Puts all of them back to where no step was carried out. */
  reset(): Promise<void>
  close(): void
}

/** @throws {Error} With what was said, where a lab does not come up or a node cannot be prepared. */
export const openHosts = async (root: string, size: number): Promise<Hosts> => {
  const dir = mkdtempSync(join(tmpdir(), 'run-bench-'))
  const { nodes, keep, reset, close: closeNodes } = await openNodes(root, dir, size)
  const steps = layOut(root, dir)
  const doors: Door[] = []
  const way = async (rttMs: number): Promise<Way> => {
    if (rttMs === 0) return { ...writeHosts(dir, nodes, rttMs), rttMs, taken: () => [] }
    const own = await Promise.all(nodes.map(({ port }) => openDoor(port, rttMs)))
    doors.push(...own)
    const behind = nodes.map((node, at) => ({ ...node, port: own[at]?.port ?? 0 }))
    return { ...writeHosts(dir, behind, rttMs), rttMs, taken: () => own.map(door => door.taken()) }
  }
  const close = () => {
    for (const door of doors) door.close()
    closeNodes()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    const { list } = await way(0)
    assertEnds(floorCommand(root, list, join(steps, 'prepare.sh')), dir)
    await keep()
  } catch (error) {
    close()
    throw error
  }
  const byFloor = (way: Way) => [process.execPath, ...floorCommand(root, way.list, join(dir, 'floor.sh'))]
  const run = installed(root, dir)
  return { dir, run, playbook: join(steps, 'steps.yml'), byFloor, way, reset, close }
}

const layOut = (root: string, dir: string): string => {
  const steps = join(dir, 'steps')
  cpSync(join(root, 'bench/beside/steps'), steps, { recursive: true })
  writeFileSync(join(dir, 'floor.sh'), floorScript(steps))
  mkdirSync(join(dir, '.ssh'), { mode: 0o700 })
  return steps
}

const writeHosts = (dir: string, nodes: readonly Node[], rttMs: number) => {
  const files = { inventory: join(dir, `hosts-${rttMs}.yml`), list: join(dir, `list-${rttMs}.json`) }
  const hosts = nodes.map(({ port, key }, at) => [
    `host${at + 1}`,
    { ansible_port: port, ansible_ssh_private_key_file: key },
  ])
  const vars = { ansible_host: '127.0.0.1', ansible_user: 'root' }
  writeFileSync(files.inventory, stringify({ all: { vars, hosts: Object.fromEntries(hosts) } }))
  writeFileSync(files.list, JSON.stringify(nodes))
  const known = nodes.map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`)
  appendFileSync(join(dir, '.ssh/known_hosts'), known.join(''))
  return files
}
