// What a run begins before anything is told of it.
import { describe, expect, it } from 'vitest'
import { type Setting, setOut } from '../../src/engine/set-out.ts'
import { carry, ownerOf } from '../kit/carry.ts'
import { type MemoryCluster, memoryCluster } from '../kit/memory-cluster.ts'
import { outline, play, step } from '../kit/outlines.ts'
import { keep } from '../kit/things.ts'

const lamp = step('Lamp', keep, { args: { key: 'lamp', value: 'on' } })

/** Notes who is connected to. */
const watched = (cluster: MemoryCluster, asked: string[]): MemoryCluster => ({
  ...cluster,
  nodes: {
    ...cluster.nodes,
    shell(host) {
      asked.push(host)
      return cluster.nodes.shell(host)
    },
  },
})

describe('setting out', () => {
  it('begins to connect to every node before the first event', async () => {
    const asked: string[] = []
    const cluster = watched(memoryCluster(), asked)
    let before: readonly string[] = []
    await carry(outline(cluster.order, play(['node2'], [lamp])), cluster, {
      onEvent({ type }) {
        if (type === 'run-started') before = [...asked]
      },
    })
    expect(before).toEqual(['node2', 'node1', 'node3'])
  })

  it('connects to nobody where another run has this machine, and the run tells whose it is', async () => {
    const asked: string[] = []
    const cluster = watched(memoryCluster(), asked)
    const alive = ownerOf('test-cluster', 'alive', { pid: process.pid })
    cluster.controller.owners.set('/site/locks', JSON.stringify(alive))
    const run = await carry(outline(cluster.order, play(['node1'], [lamp])), cluster)
    expect(asked).toEqual([])
    expect(run.of('run-ended')[0]?.problem?.code).toBe('locked')
  })

  it('takes no lock where it is given none', async () => {
    const cluster = memoryCluster()
    await setOut(dry(cluster))
    expect([...cluster.controller.owners]).toEqual([])
  })

  it('leaves a node that cannot be reached to whoever waits for it', async () => {
    const cluster = memoryCluster()
    const lost = () => Promise.reject(new Error('no way there'))
    const way = await setOut(dry({ ...cluster, nodes: { ...cluster.nodes, shell: lost } }))
    // The event loop comes round: a rejection that nobody heard would end the process.
    await new Promise(setImmediate)
    await expect(way.type === 'under-way' && way.ways[0]?.shell).rejects.toThrow('no way there')
  })
})

const dry = ({ order, nodes }: MemoryCluster): Setting => ({
  outline: outline(order, play(order, [lamp])),
  nodes,
  now: () => 0,
})
