// The tree of a run: plays, their hosts in order, their steps; told shorter and shorter until it fits the screen.
import { riskLine } from '../../model/risk.ts'
import { hostsDone, hostsOf, plural, tellOutcomes } from '../counts.ts'
import { fitted } from '../fitted.ts'
import { formatElapsed } from '../outlook-words.ts'
import { oneLine } from '../printable.ts'
import { allSteps, type RunState, type StepState } from '../state.ts'
import { type Line, type Part, paintLine, wrapLine } from './line.ts'
import { type Frame, type Level, levels, playLines } from './play-lines.ts'

/** More than that at the end would only push away what one wants to read. */
const longestEnd = 500

/** Painted lines without line breaks. */
export const treeLines = (state: RunState, frame: Frame): readonly string[] => {
  if (!state.started) return []
  const { columns, rows } = frame
  // What moves has a fixed place for each line; what stays is told whole.
  return chooseLines(state, frame).flatMap(line =>
    rows === undefined ? wrapLine(line(), columns) : [paintLine(line(), columns)],
  )
}

const chooseLines = (state: RunState, frame: Frame): readonly Line[] => {
  const { rows = longestEnd } = frame
  for (const level of levels) {
    const lines = linesAt(level, state, frame)
    if (lines.length <= rows || (frame.rows === undefined && level === 'open')) return lines
  }
  return cutLines(linesAt('hosts', state, frame), rows)
}

/** The head stays, the foot stays, and how much was left out between is said. */
const cutLines = (lines: readonly Line[], rows: number): readonly Line[] => {
  if (rows < 4) return lines.slice(-Math.max(1, rows))
  const left = lines.length - rows + 1
  return [...lines.slice(0, rows - 2), () => [[`  … ${plural(left, 'more line')}`]], ...lines.slice(-1)]
}

const linesAt = (level: Level, state: RunState, frame: Frame): readonly Line[] => [
  ...headLines(state, frame),
  ...state.plays.flatMap(play => playLines(play, { level, state, frame })),
  ...footLines(state, frame),
]

const headLines = ({ started }: RunState, { palette }: Frame): readonly Line[] => {
  if (!started) return []
  const { playbook, mode, cluster, order, inventory, lab, risks = [] } = started
  const parts: Part[] = [
    [playbook, palette.strong],
    [mode === 'dry-run' ? '  dry run' : '', palette.planned],
    [`  cluster ${cluster}`],
    [`  order ${order.join(' → ')}`],
    [`  ${inventory}${lab ? ' (lab)' : ''}`, palette.dim],
  ]
  const risky = risks.map(
    (risk): Line =>
      () => [['  risk  ', palette.failed], [oneLine(riskLine(risk))]],
  )
  return [() => parts, ...risky]
}

const footLines = (state: RunState, { palette, now, columns }: Frame): readonly Line[] => {
  const { started, ended, interrupted } = state
  if (!started || ended) return []
  const steps = allSteps(state)
  const open = steps.filter(step => !step.ended).length
  const ms = now - Date.parse(started.at)
  const parts: Part[] = [
    [ms < 1000 ? '' : `${formatElapsed(ms)}  `, palette.dim],
    [`${plural(open, 'step')} to come`],
    [open === steps.length ? '' : ` · ${tellOutcomes(steps.filter(step => step.ended))}`],
    [tellDone(state, steps), palette.dim],
  ]
  if (interrupted === undefined) return [() => parts]
  // What can be typed now is told whole, however narrow it is.
  const hint = fitted('stopping after the step at hand; Ctrl-C again stops at once', columns, 2)
  return [
    () => parts,
    ...hint.map(
      (line): Line =>
        () => [[line, palette.unknown]],
    ),
  ]
}

/** Worth a word where there are several, and while some are done and some are not. */
const tellDone = (state: RunState, steps: readonly StepState[]): string => {
  const all = hostsOf(state).length
  const done = all < 2 ? 0 : hostsDone(state, steps).length
  return done === 0 ? '' : ` · ${done} of ${all} nodes done`
}
