// What V8 made of the modules that this process loaded, kept at its end: after a run most of what another one calls.
import type { Compiled, Depth } from './compiled.ts'

const loaded = new Set<Pick<Compiled<unknown>, 'keep'>>()
let depth: Depth = 'start'

export const keepAtEnd = (one: Pick<Compiled<unknown>, 'keep'>): void => void loaded.add(one)

/** Steps were carried out. */
export const noteRun = (): void => {
  depth = 'run'
}

/** @returns How far this process came. */
export const keepLoaded = (): Depth => {
  for (const one of loaded) one.keep(depth)
  return depth
}
