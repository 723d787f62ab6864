// A bundle with its parts: what it requires from beside it is loaded, and kept, as it was itself.
import { dirname, join } from 'node:path'
import { type Compiled, type Depth, loadCompiled } from './compiled.ts'
import { requireBeside } from './require-beside.ts'

/** @throws What the bundle throws. */
export const loadWithParts = <Exports>(file: string): Compiled<Exports> => {
  const requireOther = requireBeside(file)
  const parts = new Map<string, Compiled<unknown>>()
  const partNamed = (name: string): Compiled<unknown> => {
    const part = parts.get(name) ?? loadCompiled(join(dirname(file), name), requireOther)
    parts.set(name, part)
    return part
  }
  const { exports, keep } = loadCompiled<Exports>(file, name =>
    name.startsWith('./') ? partNamed(name).exports : requireOther(name),
  )
  return {
    exports,
    keep(depth: Depth) {
      for (const each of [{ keep }, ...parts.values()]) each.keep(depth)
    },
  }
}
