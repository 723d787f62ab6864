// The way back of a run, as an outline of its own: what the journal says was changed, in reverse order.
import { type StepId, slug, stepAddress } from '../model/address.ts'
import type { RunEvent } from '../model/events.ts'
import { exitCodes, Problem } from '../model/problem.ts'
import {
  isMeta,
  type Outline,
  type OutlineNode,
  type OutlinePlay,
  type OutlineStep,
  partsOf,
  stepsOf,
} from '../plan/outline.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { giveVariables, register } from './registered.ts'
import { type RunRecord, recordOfRun } from './undo-record.ts'
import { type UndoArgs, undoTask } from './undo-step.ts'

export type UndoOptions = {
  /** The run that is taken back. */
  readonly run: string
  /** Its journal. */
  readonly events: readonly RunEvent[]
  /** Only what was done from this step on: `uid-conf` on every host, `uid-conf@node2` in the order of the run. */
  readonly from?: string | undefined
}

/**
 * Turns the outline of a run round: plays, hosts, blocks and steps in reverse, each step with its way back. Holds stand
 * around the same steps as before. What the run did not change is not selected.
 *
 * @param outline What the same request gives now.
 * @throws {Problem} `step-gone` where the playbook has lost a step that the run carried out, `step-unknown`.
 */
export const undoOutline = (outline: Outline, options: UndoOptions): Outline => {
  const record = recordOfRun(options.events)
  const order = addresses(outline)
  assertAllThere(record, order)
  const inRange = rangeOf(order, options.from)
  const way: Way = {
    ...options,
    outline,
    record,
    isUndone: (step, host) => record.deeds.has(stepAddress(step, host)) && inRange(step, host),
  }
  return {
    ...outline,
    playbook: `undo of ${options.run}`,
    plays: outline.plays.toReversed().map((play, index) => ({ ...turnPlay(play, way), index })),
  }
}

type Way = UndoOptions & {
  readonly outline: Outline
  readonly record: RunRecord
  isUndone(step: StepId, host: string): boolean
}

const turnPlay = ({ batches: _, maxFailPercentage: _max, ...play }: OutlinePlay, way: Way): OutlinePlay => {
  const hosts = play.hosts.toReversed()
  const nodes = [...play.nodes, ...play.handlers].toReversed().map(node => turnNode(node, play, way))
  return { ...play, hosts, allHosts: hosts, nodes, handlers: [], endsTogether: true }
}

const turnNode = (node: OutlineNode, play: OutlinePlay, way: Way): OutlineNode => {
  if (node.type === 'step') return turnStep(node, play, way)
  // Where the play ended says nothing about the way back.
  if (isMeta(node)) return { type: 'flush' }
  const { type, name, hold } = node
  return {
    type,
    name,
    ...(hold && { hold }),
    applies: host => node.applies(host, registeredOn(host, play, way)),
    // All that was done is taken back, whatever it was done for.
    nodes: partsOf(node)
      .flatMap(({ nodes }) => nodes)
      .toReversed()
      .map(inner => turnNode(inner, play, way)),
  }
}

const turnStep = (step: OutlineStep, play: OutlinePlay, way: Way): OutlineStep => {
  const { register: _, repeat: _r, changedWhen: _c, failedWhen: _f, onlyLooks: _o, ...rest } = step
  return {
    ...rest,
    task: undoTask(step, way.run),
    notify: [],
    ignoreErrors: false,
    runOnce: false,
    isSelected: host => way.isUndone(step.id, host),
    prepare(host) {
      const deed = way.record.deeds.get(stepAddress(step.id, host))
      if (!deed || !way.isUndone(step.id, host)) return { type: 'skipped', because: 'it is not taken back' }
      const prepared = step.prepare(host, registeredOn(host, play, { ...way, until: step }))
      if (prepared.type === 'skipped') throw noLonger(stepAddress(step.id, host), prepared.because)
      const args: UndoArgs = { deed, args: prepared.args, cluster: way.outline.cluster }
      return { type: 'due', args }
    },
  }
}

/** What the steps of the run handed on, as the journal has it; for one of them, what those before it did. */
const registeredOn = (
  host: string,
  play: OutlinePlay,
  { outline, record, until }: Way & { readonly until?: OutlineStep },
): Record<string, unknown> => {
  const there: Record<string, unknown> = {}
  const context = { registered: () => there }
  for (const step of outline.plays.flatMap(stepsOfPlay)) {
    if (step.id === until?.id) break
    const ended = endOf(step, step.runOnce ? play.hosts : [host], record)
    if (ended === undefined) continue
    register(step, host, { context, value: ended.result })
    giveVariables(step, host, { context, outcome: ended.outcome })
  }
  return there
}

/** What runs once goes to the next host where the first is out. */
const endOf = ({ id }: OutlineStep, hosts: readonly string[], { ends }: RunRecord) =>
  hosts.map(host => ends.get(stepAddress(id, host))).find(end => end !== undefined && end.outcome !== 'not-reached')

const stepsOfPlay = ({ nodes, handlers }: OutlinePlay): readonly OutlineStep[] => [...stepsOf(nodes), ...handlers]

/** Every step on every host, in the order in which a run comes to them. */
const addresses = ({ plays }: Outline): readonly string[] =>
  plays.flatMap(play => {
    const ids = stepsOfPlay(play).map(({ id }) => id)
    return play.strategy === 'failover'
      ? play.hosts.flatMap(host => ids.map(id => stepAddress(id, host)))
      : ids.flatMap(id => play.hosts.map(host => stepAddress(id, host)))
  })

const assertAllThere = ({ deeds }: RunRecord, order: readonly string[]): void => {
  const gone = [...deeds.keys()].filter(address => !order.includes(address))
  if (gone.length === 0) return
  throw new Problem({
    code: 'step-gone',
    summary: `The run carried out ${gone.length === 1 ? 'a step' : 'steps'} that the playbook or the inventory no longer has`,
    seen: gone.join('\n'),
    wanted: 'the playbook and the inventory as they were',
    state: 'nothing was taken back',
    help: 'put them back as they were, undo, then change them',
    exit: exitCodes.drift,
  })
}

const rangeOf = (order: readonly string[], from: string | undefined): Way['isUndone'] => {
  if (from === undefined) return () => true
  const [name = '', host] = from.split('@')
  const isMeant = (id: string) => id === name || id.endsWith(`/${slug(name)}`)
  const ids = [...new Set(order.map(idOf))]
  const places = host === undefined ? ids : order
  const first = places.findIndex(place => isMeant(idOf(place)) && (host === undefined || place.endsWith(`@${host}`)))
  if (first === -1) throw noSuchStep(from, places)
  return (step, at) => places.indexOf(host === undefined ? step : stepAddress(step, at)) >= first
}

const idOf = (address: string): string => address.replace(/@.*$/, '')

const noSuchStep = (name: string, places: readonly string[]): Problem =>
  new Problem({
    code: 'step-unknown',
    summary: `There is no step \`${name}\`, which --from names`,
    help: didYouMean(name, [...places.map(place => place.replace(/^.*\//, '')), ...places]) ?? places.join(', '),
    exit: exitCodes.input,
  })

const noLonger = (address: string, because: string): Problem =>
  new Problem({
    code: 'step-gone',
    summary: `The run carried out ${address}, which would be skipped now`,
    seen: because,
    wanted: 'the playbook and the inventory as they were',
    state: 'the undo ends here',
    help: 'put them back as they were, then undo again',
    exit: exitCodes.drift,
  })
