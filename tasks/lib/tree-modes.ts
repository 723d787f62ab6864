// Modes of all that lies below a directory: what differs, how they are given.
import { change, type HostDollar, modes, type World } from '#task'
import { keepModes } from './kept.ts'
import { modeFrom } from './modes.ts'

type Tree = { readonly path: string; readonly mode?: string | undefined }

/** A directory that has yet to be made holds nothing. */
export const modeChanges = async (world: World, { path, mode }: Tree) => {
  if (mode === undefined) return []
  const before = await world.look(modes(path))
  const after = { modes: [...new Set(before.modes.map(each => wanted(each, mode)))].sort() }
  return before.modes.join() === after.modes.join() ? [] : [change(modes(path), before, after)]
}

const wanted = (each: string, mode: string): string => {
  const [type = '', now = ''] = each.split(' ')
  return `${type} ${modeFrom(mode, { mode: now, isDirectory: type === 'd' })}`
}

/** Links are passed over. Which mode each thing had before is written down. */
export const giveModes = async ($: HostDollar, { path, mode = '' }: Tree, kept: string): Promise<void> => {
  await keepModes($, path, kept)
  await $`find ${path} ! -type l -exec chmod -- ${toldInFull(mode)} {} +`
}

/** Of a directory, chmod takes special bits away only where they are told: with a fifth digit, or with the letter. */
const toldInFull = (mode: string): string =>
  /^\d/.test(mode) ? mode.padStart(5, '0') : mode.split(',').map(withSpecialBits).join(',')

const withSpecialBits = (clause: string): string => {
  const [, who = ''] = /^([ugoa]*)/.exec(clause) ?? []
  const users = who === '' || who.includes('a') ? 'ug' : who.replaceAll('o', '')
  return clause.includes('=') && users !== '' ? `${users}-s,${clause}` : clause
}
