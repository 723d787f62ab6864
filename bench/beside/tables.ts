// What was measured side by side, as tables, and what of it was to be reached.
import { type Figure, figureOf } from '../figures.ts'
import { table, told } from '../table.ts'
import { type Errand, errands } from './contenders.ts'
import type { Cell, Sample } from './rounds.ts'

export const besideTables = (cells: readonly Cell[]): string => {
  const places = [...new Set(cells.map(({ size, rttMs }) => `${rttMs} ${size}`))].map(place =>
    place.split(' ').map(Number),
  )
  const parts = places
    .toSorted(([a = 0, m = 0], [b = 0, n = 0]) => a - b || m - n)
    .map(([rttMs = 0, size = 0]) => partOf(cells, { size, rttMs }))
  return [...parts, '### Who works, 10 hosts', workOf(cells), '### What was to be reached', goalsOf(cells)].join('\n\n')
}

type Place = { readonly size: number; readonly rttMs: number }

const partOf = (cells: readonly Cell[], { size, rttMs }: Place): string => {
  const here = cells.filter(cell => cell.size === size && cell.rttMs === rttMs)
  const far = rttMs > 0
  const head = ['', ...errands.map(errand => `${errand}, s`), 'CPU, s', 'peak, MB', ...(far ? ['trips', 'KB'] : [])]
  const lines = [...new Set(here.map(({ contender }) => contender))].map(name => {
    const of = (errand: Errand) => samplesOf(here, name, errand)
    const second = of('second run')
    return [
      name,
      ...errands.map(errand => inUnits(of(errand), ({ wallMs }) => wallMs, 1000, 2)),
      inUnits(second, ({ cpuMs }) => cpuMs, 1000, 2),
      inUnits(second, ({ peakKb }) => peakKb, 1000, 0),
      ...(far
        ? [inUnits(second, ({ trips = 0 }) => trips, 1, 0), inUnits(second, ({ bytes = 0 }) => bytes, 1000, 0)]
        : []),
    ]
  })
  const title = `### ${size} hosts${far ? `, ${rttMs} ms there and back` : ''}`
  return `${title}\n\n${table([head, ...lines], [0])}`
}

/** Seconds of processors: those of the controller, and those of its nodes and all else on the machine. */
const workOf = (cells: readonly Cell[]): string => {
  const here = cells.filter(cell => cell.size === ten.size && cell.rttMs === ten.rttMs)
  const worked: readonly Errand[] = ['first run', 'second run']
  const head = ['', ...worked.flatMap(errand => [`${errand}: controller, s`, 'nodes, s'])]
  const lines = [...new Set(here.map(({ contender }) => contender))].map(name => [
    name,
    ...worked.flatMap(errand => {
      const samples = samplesOf(here, name, errand)
      return [inUnits(samples, ({ cpuMs }) => cpuMs, 1000, 2), inUnits(samples, ({ othersMs }) => othersMs, 1000, 2)]
    }),
  ])
  return table([head, ...lines], [0])
}

const samplesOf = (cells: readonly Cell[], contender: string, errand: Errand): readonly Sample[] =>
  cells.find(cell => cell.contender === contender && cell.errand === errand)?.samples ?? []

const inUnits = (samples: readonly Sample[], of: (sample: Sample) => number, unit: number, digits: number): string =>
  samples.length === 0 ? '–' : told(figureOf(samples.map(of)), unit, digits)

const goalsOf = (cells: readonly Cell[]): string => {
  const lines = goals.flatMap(goal => {
    const measured = goal.measured(cells)
    return measured ? [[goal.work, goal.wanted, measured]] : []
  })
  return table([['work', 'goal', 'measured'], ...lines], [0, 1, 2])
}

type Goal = {
  readonly work: string
  readonly wanted: string
  /** Nothing where it was not measured this time. */
  measured(cells: readonly Cell[]): string | undefined
}

/** How much longer one took than another, of each round that both had. */
type Pair = { readonly of: string; readonly to: string; readonly errand: Errand; readonly toErrand?: Errand } & Place

const ratio = (
  cells: readonly Cell[],
  { of, to, errand, toErrand = errand, size, rttMs }: Pair,
): Figure | undefined => {
  const here = cells.filter(cell => cell.size === size && cell.rttMs === rttMs)
  const [ours, theirs] = [samplesOf(here, of, errand), samplesOf(here, to, toErrand)]
  const ratios = ours.flatMap(({ wallMs }, round) => {
    const other = theirs[round]
    return other ? [wallMs / other.wallMs] : []
  })
  return ratios.length === 0 ? undefined : figureOf(ratios)
}

const times = (pair: Pair) => (cells: readonly Cell[]) => {
  const figure = ratio(cells, pair)
  return figure && `${told(figure, 1, 2)} ×`
}

const ten = { size: 10, rttMs: 0 }
const [ours, floor] = ['`run`', 'floor']
const [pipelining, mitogen] = ['Ansible, pipelining, 50 forks', 'Ansible with Mitogen']

const goals: readonly Goal[] = [
  {
    work: 'second run, 10 hosts, to the floor',
    wanted: '≤ 1.5 ×',
    measured: times({ of: ours, to: floor, errand: 'second run', ...ten }),
  },
  {
    work: 'Ansible with pipelining to it',
    wanted: '≥ 30 ×',
    measured: times({ of: pipelining, to: ours, errand: 'second run', ...ten }),
  },
  { work: 'Mitogen to it', wanted: '≥ 15 ×', measured: times({ of: mitogen, to: ours, errand: 'second run', ...ten }) },
  {
    work: 'first run, 10 hosts: Ansible with pipelining to it',
    wanted: '≥ 20 ×',
    measured: times({ of: pipelining, to: ours, errand: 'first run', ...ten }),
  },
  {
    work: 'dry run to the second run, 10 hosts',
    wanted: '≤ 1 ×',
    measured: times({ of: ours, to: ours, errand: 'check', toErrand: 'second run', ...ten }),
  },
  {
    work: 'second run, 10 hosts, 100 ms: trips more than the floor',
    wanted: '≤ 4',
    measured: cells => tripsMore(cells, { size: 10, rttMs: 100 }),
  },
  {
    work: 'second run, 100 hosts, to the floor',
    wanted: '≤ 2 ×',
    measured: times({ of: ours, to: floor, errand: 'second run', size: 100, rttMs: 0 }),
  },
  { work: 'memory, 100 hosts', wanted: '≤ 300 MB', measured: cells => memory(cells, 100) },
  {
    work: 'time of a host more, from 32 to 100, to that from 10 to 32',
    wanted: '≤ 1 ×',
    measured: cells => growth(cells),
  },
]

const second = (cells: readonly Cell[], contender: string, { size, rttMs }: Place): readonly Sample[] =>
  samplesOf(
    cells.filter(cell => cell.size === size && cell.rttMs === rttMs),
    contender,
    'second run',
  )

const tripsMore = (cells: readonly Cell[], place: Place): string | undefined => {
  const [mine, theirs] = [second(cells, ours, place), second(cells, floor, place)]
  if (mine.length === 0 || theirs.length === 0) return undefined
  const tripsOf = (samples: readonly Sample[]) => figureOf(samples.map(({ trips = 0 }) => trips)).median
  const wallOf = (samples: readonly Sample[]) => figureOf(samples.map(({ wallMs }) => wallMs)).median
  const longer = (wallOf(mine) - wallOf(theirs)) / place.rttMs
  return `${tripsOf(mine) - tripsOf(theirs)}, and ${longer.toFixed(1)} by the clock`
}

const memory = (cells: readonly Cell[], size: number): string | undefined => {
  const samples = second(cells, ours, { size, rttMs: 0 })
  return samples.length === 0 ? undefined : `${inUnits(samples, ({ peakKb }) => peakKb, 1000, 0)} MB`
}

const growth = (cells: readonly Cell[]): string | undefined => {
  const walls = [10, 32, 100].map(size => second(cells, ours, { size, rttMs: 0 }))
  const [a, b, c] = walls.map(samples =>
    samples.length === 0 ? Number.NaN : figureOf(samples.map(one => one.wallMs)).median,
  )
  if (a === undefined || b === undefined || c === undefined || Number.isNaN(a + b + c)) return undefined
  return `${((c - b) / (100 - 32) / ((b - a) / (32 - 10))).toFixed(2)} ×`
}
