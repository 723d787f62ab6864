// Shows a run as a tree that moves: folds each event, and paints what came of them a dozen times a second at most.
import type { RunEvent } from '../../model/events.ts'
import { fold } from '../fold.ts'
import { colours, noColours } from '../palette.ts'
import { nothingYet } from '../state.ts'
import { summaryLines } from '../summary.ts'
import type { View } from '../view.ts'
import { openScreen, type ScreenStream } from './screen.ts'
import { frameMs } from './step-line.ts'
import { treeLines } from './tree.ts'

export type TreeOptions = {
  readonly stream: ScreenStream
  readonly colour: boolean
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Where the run is written, as the user would type it. */
  readonly journal?: string
}

export type TreeView = View & {
  /** Takes the tree off the screen, for a question or another's output, until `resume`. */
  suspend(): void
  resume(): void
}

/** The timer keeps no process alive; `close` must be called even when the run threw, for the cursor's sake. */
export const treeView = ({ stream, colour, now = Date.now, journal }: TreeOptions): TreeView => {
  const palette = colour ? colours : noColours
  const screen = openScreen(stream)
  let state = nothingYet
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const paint = () => {
    if (!state.started) return
    screen.paint(treeLines(state, { now: now(), palette, columns: screen.columns, rows: screen.rows }))
  }

  const start = () => {
    if (timer || isClosed) return
    timer = setTimeout(tick, frameMs).unref()
    stream.on?.('resize', paint)
  }

  /** Sets itself anew only when it has painted, so that a slow terminal gets fewer frames and the run gets its time. */
  const tick = () => {
    paint()
    timer = setTimeout(tick, frameMs).unref()
  }

  const stop = () => {
    clearTimeout(timer)
    timer = undefined
    stream.off?.('resize', paint)
  }

  const close = () => {
    if (isClosed) return
    stop()
    isClosed = true
    if (!state.started) return screen.clear()
    const tree = treeLines(state, { now: now(), palette, columns: screen.columns })
    const about = { palette, columns: screen.columns, ...(journal !== undefined && { journal }) }
    const closing = state.ended ? ['', ...summaryLines(state, about)] : []
    screen.finish(tree, closing)
  }

  return {
    open: start,
    show(event: RunEvent) {
      state = fold(state, event)
      if (event.type === 'run-ended') close()
    },
    close,
    suspend() {
      stop()
      if (!isClosed) screen.clear()
    },
    resume: start,
  }
}
