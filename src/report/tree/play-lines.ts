// One play of the tree with its hosts in order, told as shortly as asked for.
import { plural, tellOutcomes } from '../counts.ts'
import { widthOf } from '../printable.ts'
import type { HostState, PlayState, RunState, StepState } from '../state.ts'
import { phaseOf } from '../state.ts'
import { currentParts, type HostFacts, hostParts, isInTrouble, phaseOfHost } from './host-lines.ts'
import type { Line, Part } from './line.ts'
import { type Moment, nameParts, nowParts, stepParts } from './step-line.ts'

/**
 * How much is told, most first.
 *
 * `steps`: every step of every host whose turn came. `open`: steps only of hosts that are at work or in trouble.
 * `window`: of those only the steps around the one that matters. `hosts`: one line for each of them, the others counted.
 */
export const levels = ['steps', 'open', 'window', 'hosts'] as const
export type Level = (typeof levels)[number]

export type Frame = Moment & {
  readonly columns: number
  /** Most lines that may be used; without it there is no limit. */
  readonly rows?: number
}

type PlayLook = {
  readonly level: Level
  readonly state: RunState
  readonly frame: Frame
}

/** A play in which nothing happens is one line of them where room is short. */
export const playLines = (play: PlayState, look: PlayLook): readonly Line[] => {
  const { frame, level } = look
  const isQuiet = !play.hosts.some(isOpen) && frame.rows !== undefined
  if (isQuiet && level !== 'steps') return [titleLine(play, frame, tellPlay)]
  const listed = level === 'hosts' ? play.hosts.filter(isOpen) : play.hosts
  const facts = factsOf(play, look.state)
  return [
    titleLine(play, frame),
    ...listed.flatMap(host => hostLines(host, facts, look)),
    ...(level === 'hosts' ? [othersLine(play.hosts, frame)] : []),
  ]
}

/** Its steps are worth their room. */
const isOpen = (host: HostState): boolean => phaseOfHost(host) === 'running' || isInTrouble(host)

const titleLine =
  (play: PlayState, { palette }: Frame, tell?: (play: PlayState) => string): Line =>
  () => [
    [`  ${play.outlined.name}`, palette.strong],
    [tell ? `  ${tell(play)}` : '', palette.dim],
  ]

const tellPlay = ({ hosts }: PlayState): string =>
  hosts.every(host => phaseOfHost(host) === 'waiting')
    ? `${plural(hosts.length, 'host')} to come`
    : `${plural(hosts.length, 'host')}: ${tellOutcomes(hosts.flatMap(({ steps }) => steps))}`

const othersLine =
  (hosts: readonly HostState[], { palette }: Frame): Line =>
  () => {
    const others = hosts.filter(host => !isOpen(host))
    const waiting = others.filter(host => phaseOfHost(host) === 'waiting').length
    return [[`    ${plural(others.length - waiting, 'host')} finished · ${waiting} waiting`, palette.dim]]
  }

type FactsOf = (host: HostState) => HostFacts

const hostLines = (host: HostState, factsOf: FactsOf, { level, frame, state }: PlayLook): readonly Line[] => {
  const [hostIndent, stepIndent] = frame.columns < narrow ? ['   ', narrowIndent] : ['    ', '        ']
  const own = (): readonly Part[] => [[hostIndent], ...hostParts(host, factsOf(host), frame)]
  if (level === 'hosts') return [() => [...own(), ...currentParts(host, frame)]]
  const isAsked = level === 'steps' && (state.ended !== undefined || phaseOfHost(host) !== 'waiting')
  const isOver = state.ended !== undefined
  const steps = isAsked || isOpen(host) ? host.steps.filter(step => !isOver || isReached(step)) : []
  const left = isOver && steps.length > 0 ? host.steps.length - steps.length : 0
  const shown = level === 'window' ? windowOf(steps) : steps
  const width = frame.columns < narrow ? 0 : Math.max(0, ...shown.map(({ outlined }) => widthOf(outlined.step)))
  return [
    own,
    ...shown.flatMap(step => stepLines(step, { indent: stepIndent, width, frame })),
    ...(left === 0
      ? []
      : [(): readonly Part[] => [[`${stepIndent}· ${plural(left, 'step')} not reached`, frame.palette.dim]]]),
  ]
}

type StepLook = { readonly indent: string; readonly width: number; readonly frame: Frame }

/** On a narrow screen what there is to know of a step at work has a line of its own, and is not cut by its name. */
const stepLines = (step: StepState, { indent, width, frame }: StepLook): readonly Line[] => {
  const now = indent === narrowIndent && phaseOf(step) === 'running' ? nowParts(step, frame) : []
  if (now.length === 0) return [() => [[indent], ...stepParts(step, width, frame)]]
  return [() => [[indent], ...nameParts(step, width, frame)], () => [[indent], ...now]]
}

/** Where every column counts, what is behind a name follows it at once, and steps stand less far in. */
const narrow = 60
const narrowIndent = '     '

/** When all is over, those that nobody came to are counted. */
const isReached = (step: StepState): boolean => phaseOf(step) !== 'pending' && step.ended?.outcome !== 'not-reached'

/** The step that runs or failed last, with the one before and the one after it. */
const windowOf = (steps: HostState['steps']): HostState['steps'] => {
  const at = steps.findLastIndex(step => phaseOf(step) === 'running' || step.ended?.problem !== undefined)
  return steps.slice(Math.max(0, at - 1), Math.max(0, at) + 2)
}

const factsOf = (
  { hosts, outlined }: PlayState,
  { holds, unreachable, ended }: RunState,
): ((host: HostState) => HostFacts) => {
  const isFailover = outlined.strategy === 'failover'
  const nameWidth = Math.max(...hosts.map(one => widthOf(one.host)))
  const rankWidth = String(hosts.length).length
  return one => {
    const at = hosts.indexOf(one)
    const before = isFailover ? hosts[at - 1]?.host : undefined
    return {
      rank: isFailover ? `${String(at + 1).padStart(rankWidth)} ` : '',
      nameWidth,
      holds: holds.filter(({ host, state }) => host === one.host && state !== 'intended').map(({ hold }) => hold),
      ...(before !== undefined && { after: before }),
      isUnreachable: unreachable.some(({ host }) => host === one.host),
      isOver: ended !== undefined,
    }
  }
}
