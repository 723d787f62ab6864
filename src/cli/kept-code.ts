// What V8 made of the modules that this process loaded, kept at its end: after a run most of what another one calls.
import type { RunEvent } from '../model/events.ts'
import type { Compiled, Depth } from './compiled.ts'

const loaded = new Set<Pick<Compiled<unknown>, 'keep'>>()
let depth: Depth = 'start'

/** @returns Takes it back: it is not kept. */
export const keepAtEnd = (one: Pick<Compiled<unknown>, 'keep'>): (() => void) => {
  loaded.add(one)
  return () => void loaded.delete(one)
}

/** @param events Of a run: one that came to no step, and a dry run, call less than there is. */
export const noteReach = (events: readonly RunEvent[]): void => {
  const isRun = events.some(event => event.type === 'run-started' && event.mode === 'run')
  if (isRun && events.some(({ type }) => type === 'step-checked')) depth = 'run'
}

/** @returns How far this process came. */
export const keepLoaded = (): Depth => {
  for (const one of loaded) one.keep(depth)
  return depth
}
