// The renderer that listr2 is given: it looks at none of listr2's tasks and only lets a view of the events be there.
import type { View } from '../view.ts'

/**
 * A `ListrRenderer`. Hand it over with `renderer: TreeRenderer, rendererOptions: { view }`.
 *
 * listr2's own renderer draws every task anew at every event, which took 13 to 33 s of CPU for 10 hosts with 30 steps.
 * The end of listr2's tasks is not the end of the run, so this closes nothing: `run-ended` does, or whoever made
 * the view.
 */
export class TreeRenderer {
  /** listr2 asks whether *stdout* is a terminal; a view has made up its mind by itself. */
  static nonTTY = true
  static rendererOptions: { view?: View } = {}
  static rendererTaskOptions = {}
  readonly #view: View | undefined

  constructor(_tasks: readonly unknown[], options: { view?: View }) {
    this.#view = options.view
  }

  render(): void {
    this.#view?.open()
  }

  end(): void {}
}
