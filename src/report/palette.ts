// The few colours of this program, by meaning. Without colour each of them is the text itself.
export type Paint = (text: string) => string

export type Palette = {
  readonly changed: Paint
  readonly planned: Paint
  readonly failed: Paint
  readonly unknown: Paint
  readonly running: Paint
  readonly strong: Paint
  readonly dim: Paint
  readonly none: Paint
}

/** @source ECMA-48, 8.3.117, "SGR": on, and the code that takes just this off again. */
const sgr =
  (on: number, off: number): Paint =>
  text =>
    `\u001b[${on}m${text}\u001b[${off}m`

const none: Paint = text => text

export const colours: Palette = {
  changed: sgr(32, 39),
  planned: sgr(33, 39),
  failed: sgr(31, 39),
  unknown: sgr(35, 39),
  running: sgr(36, 39),
  strong: sgr(1, 22),
  dim: sgr(2, 22),
  none,
}

export const noColours: Palette = {
  changed: none,
  planned: none,
  failed: none,
  unknown: none,
  running: none,
  strong: none,
  dim: none,
  none,
}
