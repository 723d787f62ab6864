// How what a command tells has to look where it is read or heard: how wide, and in signs or in words.
import { Option } from 'commander'
import type { TableShape } from '../report/index.ts'
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
