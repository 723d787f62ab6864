// The cells of the gate: which shipped playbook meets a cluster in which state, and what was changed on it by hand.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { State, States } from './states.ts'
import { type TouchName, touches } from './touches.ts'

export type Cell = {
  readonly playbook: string
  readonly from: State
  /** The playbook that brought the cluster into that state; its own unless told otherwise. */
  readonly after?: string
  readonly by: readonly TouchName[]
}

export const cellName = ({ playbook, from, after, by }: Cell): string =>
  [`${playbook}, ${from}${after === undefined ? '' : ` by ${after}`}`, ...by.map(name => `"${name}"`)].join(', ')

/** What these do begins on a cluster that another has made. */
export const needs: Readonly<Record<string, string>> = { drill: 'site', verify: 'site' }

/** What another has to have done first: its paths are those of agents that are installed. */
export const begins: Readonly<Record<string, { readonly by: string; readonly at: State }>> = {
  paths: { by: 'install', at: 'install/agents-test@node2' },
}

/**
 * What consists of others: what one of them does alone is a cell of that one, with the same steps at the same addresses.
 * Here are the places where one of them ends, and what two of them meet.
 */
const composed: Readonly<Record<string, readonly (readonly TouchName[])[]>> = {
  site: [
    // The first part asks the cluster, and refuses what the last part would mend.
    ['the cluster prefers the second node'],
    ['a node is gone from the cluster'],
    // Told at the beginning; what is done about it comes last.
    ['the cluster has one preferred node'],
    ['the cluster has one preferred node', "the test's receipt is gone"],
    // What the last part needs one of the first has to measure anew.
    ["the test's receipt is gone"],
    ['a stop was measured that took long'],
    ['the agents take long to stop', "the test's receipt is gone"],
    ['all receipts of a node are gone', 'the load script is another'],
    // Each has something to do.
    ['the package is removed', 'the load script is another'],
    ['a path in the directory is the default again', 'the failback mode is another'],
    ['all of the system is gone from the directory', 'the load script is another'],
    // The first has something to do, and the last is refused.
    ['uid.conf is gone', 'the secondary address is in use'],
    ["the test's receipt is gone", 'a timeout cannot be read'],
    // The first is refused, and the last has something to do.
    ['the cluster resource runs', "the test's receipt is gone", 'the load script is another'],
    ['the partition is mounted on the second node', 'uid.conf is gone', 'the failback mode is another'],
    ['an agent runs', 'a copy of the load script is older'],
    // Only the last sees that it runs, where nothing else is due.
    ['the cluster resource runs', 'the load script is another'],
  ],
}

/** What is an exercise has as much to do afterwards as before. */
export const isExercise = (playbook: string): boolean => playbook === 'drill'

/** Every playbook that is shipped, by the name that a user types; who adds one has its cells. */
export const shippedPlaybooks: readonly string[] = readdirSync(
  fileURLToPath(new URL('../../../playbooks', import.meta.url)),
  { withFileTypes: true },
)
  .filter(entry => entry.isFile() && /\.(yml|yaml|ts)$/.test(entry.name))
  .map(({ name }) => name.replace(/\.\w+$/, ''))
  .sort()

const everyTouch = Object.keys(touches) as readonly TouchName[] // the keys of a constant

/** Several at once, where the one makes the other matter. */
const together: readonly (readonly TouchName[])[] = [
  ['the partition is mounted on the second node', 'uid.conf is gone'],
  ['the partition is mounted on the first node', 'uid.conf is gone'],
  ['the partition is mounted at another place', 'uid.conf names another'],
  ['something else is mounted at the mount point', "the installer's receipt is gone"],
  ['the cluster resource is offline', "the test's receipt is gone"],
  ['the cluster resource runs', 'uid.conf is gone'],
  ['the device is gone on a node', "the test's receipt is gone"],
  ['an agent runs', 'a startup file is edited'],
  ['a directory on the partition is gone', "a directory's receipt is gone"],
  ['the system on the partition is gone', "the installer's receipt is gone"],
  ["the agents' user is not known", 'a queue belongs to root'],
  ['the data are gone', 'the logs are gone', 'the package is removed'],
]

/** All cells of a playbook: each stop, each touch that it looks at, some of them together, and some at random. */
export const allCells = (playbook: string, states: Pick<States, 'stops' | 'looks'>): readonly Cell[] => {
  const { stops, looks } = states
  const after = needs[playbook]
  if (after !== undefined)
    return [[], ...everyTouch.filter(name => touches[name].of.some(thing => looks.has(thing))).map(name => [name])].map(
      by => ({ playbook, from: 'finished', after, by }),
    )
  const isSeen = (name: TouchName) => touches[name].of.some(thing => looks.has(thing))
  // A playbook that makes nothing has one state only.
  const end = stops.length === 0 ? 'fresh' : 'finished'
  const across = composed[playbook]
  if (across)
    return [
      ...['fresh', ...endsOfParts(stops), 'finished'].map(from => ({ playbook, from, by: [] })),
      ...across.map(by => ({ playbook, from: 'finished', by })),
      ...random({ playbook, stops, names: everyTouch.filter(isSeen) }),
    ]
  return [
    ...['fresh', ...stops].map(from => ({ playbook, from, by: [] })),
    ...everyTouch.filter(isSeen).map(name => ({ playbook, from: end, by: [name] })),
    ...together.filter(by => by.every(isSeen)).map(by => ({ playbook, from: end, by })),
    ...random({ playbook, stops, names: everyTouch.filter(isSeen) }),
  ]
}

/** The last stop of each part but the last. */
const endsOfParts = (stops: readonly State[]): readonly State[] =>
  stops.filter((stop, at) => partOf(stop) !== partOf(stops[at + 1] ?? stop))

const partOf = (stop: State): string => stop.split('/')[0] ?? ''

type Random = { readonly playbook: string; readonly stops: readonly State[]; readonly names: readonly TouchName[] }

const seeds = 10

const random = ({ playbook, stops, names }: Random): readonly Cell[] =>
  Array.from({ length: stops.length === 0 ? 0 : seeds }, (_, seed) => {
    const next = numbers(seed + 1)
    const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(next() * from.length)]
    const by = Array.from({ length: 2 + Math.floor(next() * 3) }, () => pick(names)).filter(name => name !== undefined)
    return { playbook, from: pick(['finished', ...stops]) ?? 'fresh', by: [...new Set(by)] }
  })

/** The same row of numbers for the same seed, each from 0 to 1. @source Numerical Recipes, 7.1: ranqd1 */
const numbers = (seed: number): (() => number) => {
  let state = seed * 2_654_435_761
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
