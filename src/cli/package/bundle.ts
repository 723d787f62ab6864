// The bundle of the command, loaded by a program for what it takes from there.
import type { Problem, Problems } from '../../model/problem.ts'
import { bundleFile } from '../entry/bundles.ts'
import { loadWithParts } from '../parts.ts'
import type { OpenLab } from './lab-words.ts'
import type { RunPlaybook } from './words.ts'

type Surface = {
  readonly runPlaybook: RunPlaybook
  readonly openLab: OpenLab
  readonly Problem: typeof Problem
  readonly Problems: typeof Problems
}

const file = bundleFile('all')

const known = globalThis as { [bundle: symbol]: Surface | undefined }
const own = Symbol.for(file)

const load = (): Surface => {
  const there = known[own]
  if (there) return there
  const loaded = loadWithParts<Surface>(file)
  // For the next program: the command keeps it for itself, under other flags of V8.
  loaded.keep('start')
  known[own] = loaded.exports
  return loaded.exports
}

/** One for all that a program imports: a problem of the lab is one of a run too. */
export const command: Surface = load()
