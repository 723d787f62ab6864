// The bundles beside `start.cjs`, and which one has the command that was typed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The first words of what `playing.ts` has; all other words, and none, are for `all.ts`. */
export const playingWords: readonly (string | undefined)[] = ['playbook', 'step']

export type Bundle = 'all' | 'playing'

export const bundleFor = (word: string | undefined): Bundle => (playingWords.includes(word) ? 'playing' : 'all')

/** Beside this file, under the name that `stamp` tells. */
export const bundleFile = (bundle: Bundle): string =>
  join(__dirname, JSON.parse(readFileSync(join(__dirname, 'stamp'), 'utf8'))[bundle])
