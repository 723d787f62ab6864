// All contenders in turn over the same hosts, each from fresh ones on; one round after the other.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Measure } from '../measure.ts'
import { measureWell } from '../measure-well.ts'
import { type Contender, contenders, type Errand, errands } from './contenders.ts'
import type { Traffic } from './door.ts'
import { type Hosts, openHosts, type Way } from './hosts.ts'

/** One contender on one errand, with as many hosts and as far away; each round gave a sample. */
export type Cell = {
  readonly contender: string
  readonly errand: Errand
  readonly size: number
  readonly rttMs: number
  readonly samples: readonly Sample[]
}

/** @property trips Of the host that took the most. @property bytes To and from all hosts. */
export type Sample = Measure & { readonly trips?: number; readonly bytes?: number }

export type Matrix = {
  readonly root: string
  readonly sizes: readonly number[]
  /** Delays, in milliseconds of round-trip time; 0 is measured without a door. */
  readonly rtts: readonly number[]
  readonly rounds: number
  readonly isAlone: boolean
  readonly signal: AbortSignal
  tell(line: string): void
}

export const measureBeside = async (matrix: Matrix): Promise<readonly Cell[]> => {
  const cells: Cell[] = []
  for (const size of matrix.sizes) {
    matrix.tell(`${size} hosts: bringing them up`)
    const hosts = await openHosts(matrix.root, size)
    try {
      for (const rttMs of rttsOf(matrix, size)) cells.push(...(await measureWay(matrix, { hosts, size, rttMs })))
    } finally {
      hosts.close()
    }
  }
  return cells
}

/** Many hosts far away say nothing that few do not. */
const mostFar = 10

const rttsOf = ({ rtts }: Matrix, size: number): readonly number[] =>
  rtts.filter(rttMs => rttMs === 0 || size <= mostFar)

type At = { readonly hosts: Hosts; readonly size: number; readonly rttMs: number }

/** What is kept for later starts, by the first one of a version or of a machine, is kept before anything is measured. */
const measureWay = async (matrix: Matrix, { hosts, size, rttMs }: At): Promise<readonly Cell[]> => {
  const way = await hosts.way(rttMs)
  const isMeasured = ({ most, isSlow }: Contender) =>
    size <= (rttMs === 0 ? most.near : most.far) && !(isSlow && matrix.isAlone)
  const running = contenders().filter(isMeasured)
  const taken = new Map<string, Sample[]>()
  const keyOf = (name: string, errand: Errand) => `${name}, ${errand}`
  for (const contender of running.filter(({ isSlow }) => !isSlow))
    await measureOnce(matrix, { contender, errand: 'first run', hosts, way })
  for (let round = 1; round <= matrix.rounds; round += 1) {
    for (const contender of running.filter(one => round <= roundsOf(one, size, rttMs))) {
      await hosts.reset()
      for (const errand of errands) {
        const sample = await measureOnce(matrix, { contender, errand, hosts, way })
        const key = keyOf(contender.name, errand)
        taken.set(key, [...(taken.get(key) ?? []), sample])
        const where = `${size} hosts, ${rttMs} ms, round ${round}`
        matrix.tell(`${where}: ${key} ${(sample.wallMs / 1000).toFixed(2)} s`)
      }
    }
  }
  return running.flatMap(({ name }) =>
    errands.map(errand => {
      const samples = taken.get(keyOf(name, errand)) ?? []
      return { contender: name, errand, size, rttMs, samples }
    }),
  )
}

/** What takes a minute and more is not measured more often than it must be. */
const roundsOf = ({ isSlow }: Contender, size: number, rttMs: number): number =>
  !isSlow ? Number.POSITIVE_INFINITY : size > 3 || rttMs > 0 ? 1 : 3

type Once = {
  readonly contender: Contender
  readonly errand: Errand
  readonly hosts: Hosts
  readonly way: Way
}

const measureOnce = async ({ signal }: Matrix, { contender, errand, hosts, way }: Once): Promise<Sample> => {
  const { words, env } = contender.start(errand, { hosts, way })
  const log = join(hosts.dir, 'log')
  way.taken()
  const taken = await measureWell(words, { cwd: hosts.dir, log, signal, env: { HOME: hosts.dir, ...env } })
  endMasters(hosts.dir)
  return { ...taken, ...told(way.taken()) }
}

const told = (traffic: readonly Traffic[]) =>
  traffic.length === 0
    ? {}
    : {
        trips: Math.max(...traffic.map(({ trips }) => trips)),
        bytes: traffic.reduce((sum, { bytes }) => sum + bytes, 0),
      }

/** Each run logs in anew. */
const endMasters = (dir: string): void => {
  const masters = join(dir, 'masters')
  for (const name of existsSync(masters) ? readdirSync(masters) : [])
    spawnSync('ssh', ['-o', `ControlPath=${join(masters, name)}`, '-O', 'exit', 'host'])
}
