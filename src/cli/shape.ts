// How what a command tells has to look where it is read or heard: how wide, and in signs or in words.
import { Option } from 'commander'
import { fitted, type TableShape } from '../report/index.ts'
import type { Surroundings } from './surroundings.ts'

export type SpokenFlag = { readonly screenReader?: boolean }

export const spokenOption = (): Option =>
  new Option('--screen-reader', 'words in the place of signs and columns; also RUN_SCREEN_READER=1')

/** Somebody hears what is shown. */
export const isSpokenTo = ({ screenReader }: SpokenFlag, { isSpoken }: Pick<Surroundings, 'isSpoken'>): boolean =>
  isSpoken || Boolean(screenReader)

/** @param stream Only a terminal has a width; a reader of the screen wraps by itself. */
export const shapeOf = (
  flags: SpokenFlag,
  around: Surroundings,
  { columns }: { readonly columns?: number } = around.stdout,
): TableShape => {
  const isSpoken = isSpokenTo(flags, around)
  return { isSpoken, ...(columns !== undefined && !isSpoken && { columns }) }
}

export type Shown = {
  /** How far in the rest of a line stands. */
  readonly indent: number
  readonly flags?: SpokenFlag
  readonly stream?: { readonly columns?: number }
}

/** A text as the screen has it whole: what is too wide for it goes on below itself. */
export const onScreen = (text: string, around: Surroundings, { indent, flags = {}, stream }: Shown): string => {
  const { columns = Number.POSITIVE_INFINITY } = shapeOf(flags, around, stream)
  return text.replace(/^.*$/gm, line => fitted(line, columns, indent).join('\n'))
}
