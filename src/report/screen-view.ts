// Chooses how a run is shown on stderr: as a moving tree where that can be, otherwise line by line.
import { type PlainOptions, plainView } from './plain.ts'
import type { ScreenStream } from './tree/screen.ts'
import { type TreeView, treeView } from './tree/tree-view.ts'

export type ScreenOptions = PlainOptions & {
  readonly stream: ScreenStream
  readonly isTerminal: boolean
  /** `TERM=dumb`: it is a terminal, but knows no escapes. */
  readonly isDumb: boolean
  /** False under `NO_COLOR`. */
  readonly colour: boolean
}

export const screenView = (options: ScreenOptions): TreeView => {
  const { stream, isTerminal, isDumb } = options
  if (isTerminal && !isDumb && !options.verbose && !options.isSpoken) return treeView(options)
  const { columns } = stream
  // Who hears it has whole sentences; a reader of the screen wraps by itself.
  const isFitted = isTerminal && !options.isSpoken && columns !== undefined
  const shape = { ...options, ...(isFitted && { columns }) }
  return { ...plainView(text => stream.write(text), shape), suspend() {}, resume() {} }
}
