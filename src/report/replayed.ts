// A run told again from its journal: as the live run printed it, or as the tree stood at its end.
import type { RunEvent } from '../model/events.ts'
import { foldAll } from './fold.ts'
import { noColours, type Palette } from './palette.ts'
import { type PlainOptions, plainView } from './plain.ts'
import { planOf } from './plan.ts'
import { planText } from './plan-view.ts'
import { summaryLines } from './summary.ts'
import { treeLines } from './tree/tree.ts'
import { replay } from './view.ts'

/** What is not told is as the live run had it. */
export type ReplayOptions = PlainOptions

/** What the run printed where there was no terminal, byte for byte: its lines, and below them the plan of a dry run. */
export const replayedText = (events: readonly RunEvent[], options: ReplayOptions = {}): string => {
  const state = foldAll(events)
  const isDry = state.started?.mode === 'dry-run'
  const showing = { ...state.started?.showing, ...options }
  let text = ''
  const view = plainView(
    more => {
      text += more
    },
    // A dry run shows what changes are made of in its plan.
    { ...showing, diff: Boolean(showing.diff) && !isDry },
  )
  replay(events, view)
  const plan = isDry && state.ended ? planOf(state) : undefined
  return plan ? text + planText(plan, { ...showing, diff: Boolean(showing.diff) }) : text
}

export type TreeShape = {
  /** No line is cut without it. */
  readonly columns?: number
  readonly palette?: Palette
  readonly journal?: string
}

/** The tree as it stood at the last event, and below it how the run ended. */
export const replayedTree = (events: readonly RunEvent[], shape: TreeShape = {}): string => {
  const { columns = Number.POSITIVE_INFINITY, palette = noColours, journal } = shape
  const state = foldAll(events)
  const now = Date.parse(events.at(-1)?.at ?? '')
  const summary = summaryLines(state, { palette, columns, ...(journal !== undefined && { journal }) })
  const lines = [...treeLines(state, { now, palette, columns }), ...(state.ended ? ['', ...summary] : [])]
  return lines.map(line => `${line.trimEnd()}\n`).join('')
}
