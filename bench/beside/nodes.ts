// The nodes that all are measured on: of as many labs as it takes, each with OpenSSH's sshd.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask } from '../../lab/control.ts'
import { type Lab, paths } from '../../lab/words.ts'
import { assertEnds } from '../assert-ends.ts'

export type Node = {
  readonly port: number
  /** File of the key that opens it. */
  readonly key: string
  /** As a line of known_hosts has it, from the type on. */
  readonly hostKey: string
}

export type Nodes = {
  readonly nodes: readonly Node[]
  snapshot(): Promise<void>
  /** Puts all of them back to the snapshot. */
  restore(): Promise<void>
  close(): void
}

/** A cluster of the lab has 32 nodes at most. */
const mostOfLab = 25

/** @param dir Directory of the labs. @throws {Error} With what was said, where a lab does not come up. */
export const openNodes = async (root: string, dir: string, size: number): Promise<Nodes> => {
  const places = Array.from({ length: Math.ceil(size / mostOfLab) }, (_, at) => join(dir, `lab${at + 1}`))
  const run = (cwd: string, ...words: readonly string[]) => assertEnds([join(root, 'bin/run.js'), ...words], cwd)
  const close = () => {
    for (const place of places) run(place, 'lab', 'down')
  }
  for (const place of places) mkdirSync(place)
  try {
    const labs: Lab[] = []
    for (const [at, place] of places.entries()) {
      run(place, 'lab', 'up', '--sshd', '--nodes', `${Math.max(2, Math.min(mostOfLab, size - at * mostOfLab))}`)
      labs.push((await ask(join(place, '.run/lab'), { ask: 'status' })) as Lab) // answered by the daemon of this version
    }
    const inEach = (request: 'snapshot' | 'restore') => async () => {
      for (const lab of labs) await ask(lab.dir, { ask: request, name: 'ready' })
    }
    const nodes = labs.flatMap(nodesOf).slice(0, size)
    return { nodes, snapshot: inEach('snapshot'), restore: inEach('restore'), close }
  } catch (error) {
    close()
    throw error
  }
}

const nodesOf = (lab: Lab): readonly Node[] => {
  const { key, knownHosts } = paths(lab.dir)
  const known = readFileSync(knownHosts, 'utf8').split('\n')
  return lab.nodes.map(({ port }) => {
    const place = `[127.0.0.1]:${port} `
    return { port, key, hostKey: known.find(line => line.startsWith(place))?.slice(place.length) ?? '' }
  })
}
