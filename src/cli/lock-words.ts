// What `run lock` says of each place: for people, one line a place; for programs, JSON.
import { tellBeat, tellOwner } from '../engine/lock/judge.ts'
import type { PlaceState } from '../engine/lock/overview.ts'
import type { ClusterInputs } from './cluster-inputs.ts'

type About = Pick<ClusterInputs, 'cluster' | 'inventory'>

export const locksText = ({ cluster, inventory }: About, states: readonly PlaceState[]): string => {
  const width = Math.max(...states.map(({ place }) => place.length))
  const lines = states.map(state => `  ${state.place.padEnd(width)}  ${tellPlace(state)}`)
  return `${[`cluster ${cluster} (${inventory})`, ...lines].join('\n')}\n`
}

export const tellPlace = (state: PlaceState): string => {
  if (state.type === 'free') return 'free'
  if (state.type === 'unknown') return `cannot be asked: ${state.problem.message}`
  const { owner } = state.lock
  if (!owner) return `locked, and nobody can read by whom; ${tellBeat(state.lock)}`
  const why = `for \`${owner.why}\``
  const words = [`${tellOwner(owner)} ${why}`, `since ${owner.since}`, tellBeat(state.lock), standings[state.standing]]
  return `locked by ${words.filter(Boolean).join(', ')}`
}

const standings = {
  alive: '',
  dead: 'its process is gone: the next run takes the lock over; `run resume` goes on with what it began',
  silent: 'seems dead',
  nobody: '',
} as const

export const locksJson = ({ cluster, inventory }: About, states: readonly PlaceState[]): string =>
  `${JSON.stringify({ cluster, inventory, places: states.map(placeJson) }, null, 2)}\n`

const placeJson = (state: PlaceState) => {
  const { place, type } = state
  if (state.type === 'free') return { place, state: type }
  if (state.type === 'unknown')
    return { place, state: type, problem: state.problem.code, because: state.problem.message }
  const { owner, silentForMs } = state.lock
  return { place, state: type, standing: state.standing, owner, silentForMs }
}
