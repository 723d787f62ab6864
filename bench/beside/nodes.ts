// The nodes that all are measured on: of as many labs as it takes, each with OpenSSH's sshd.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Lab, paths } from '../../lab/words.ts'
import { inLab, type OpenLab, openLab } from '../open-lab.ts'

export type Node = {
  readonly port: number
  /** File of the key that opens it. */
  readonly key: string
  /** As a line of known_hosts has it, from the type on. */
  readonly hostKey: string
}

export type Nodes = {
  readonly nodes: readonly Node[]
  /** Keeps the state of all of them. */
  keep(): Promise<void>
  /** Puts the kept state back. */
  reset(): Promise<void>
  close(): void
}

/** A cluster of the lab has 32 nodes at most. */
const mostOfLab = 25

/** @param dir Directory of the labs. @throws {Error} With what was said, where a lab does not come up. */
export const openNodes = async (root: string, dir: string, size: number): Promise<Nodes> => {
  const places = Array.from({ length: Math.ceil(size / mostOfLab) }, (_, at) => join(dir, `lab${at + 1}`))
  const close = () => {
    for (const place of places) inLab(root, place, 'down')
  }
  for (const place of places) mkdirSync(place)
  try {
    const labs: OpenLab[] = []
    for (const [at, place] of places.entries())
      labs.push(await openLab(root, place, Math.max(2, Math.min(mostOfLab, size - at * mostOfLab))))
    const nodes = labs.flatMap(({ lab }) => nodesOf(lab)).slice(0, size)
    const inEach = (act: 'keep' | 'reset') => async () => {
      for (const lab of labs) await lab[act]()
    }
    return { nodes, keep: inEach('keep'), reset: inEach('reset'), close }
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
